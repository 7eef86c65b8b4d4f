/* Pixels as numpy lays them, and one row of their luma: what pdq.c and grey.c share. Include it first. */
#ifndef EVENHAND_PICTURE_H
#define EVENHAND_PICTURE_H
#define PY_SSIZE_T_CLEAN
#ifndef Py_LIMITED_API
#define Py_LIMITED_API 0x030B0000
#endif
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A fused multiply-add would round once where the reference rounds twice. */
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#else
#pragma GCC optimize("fp-contract=off")
#endif

#if defined(__x86_64__) && defined(__GLIBC__)
#define EVERY_PROCESSOR __attribute__((target_clones("default", "avx2", "avx512f")))
#else
#define EVERY_PROCESSOR
#endif
#define INLINE static inline __attribute__((always_inline))

/* uint8 [h, w] or [h, w, 3], or float32 [h, w]. `down` and `across` are bytes from one row or column to the next:
 * a turned or trimmed view is read where it lies, whichever way it runs. */
typedef struct {
    Py_buffer view;
    const char *at;
    Py_ssize_t height, width, channels, down, across;
    int is_float;
} Picture;

/* 0, with an exception set, for what is no picture; else `view` must be released. */
static inline int picture_open(Picture *picture, PyObject *pixels) {
    if (PyObject_GetBuffer(pixels, &picture->view, PyBUF_STRIDED_RO | PyBUF_FORMAT) < 0) return 0;
    const Py_buffer *view = &picture->view;
    int is_float = !strcmp(view->format, "f"), is_byte = !strcmp(view->format, "B");
    int grey = view->ndim == 2 && (is_float || is_byte);
    int colour = view->ndim == 3 && is_byte && view->shape[2] == 3 && view->strides[2] == 1;
    if (!grey && !colour) {
        PyBuffer_Release(&picture->view);
        PyErr_SetString(PyExc_ValueError, "pixels are uint8 [h, w] or [h, w, 3], or float32 [h, w]");
        return 0;
    }
    picture->at = view->buf;
    picture->height = view->shape[0], picture->width = view->shape[1];
    picture->down = view->strides[0], picture->across = view->strides[1];
    picture->channels = colour ? 3 : 1;
    picture->is_float = is_float;
    return 1;
}

INLINE void grey_floats(const char *from, Py_ssize_t across, Py_ssize_t width, float *restrict out) {
    for (Py_ssize_t i = 0; i < width; i++) memcpy(out + i, from + i * across, sizeof(float));
}

INLINE void grey_bytes(const uint8_t *restrict from, Py_ssize_t across, Py_ssize_t width, float *restrict out) {
    for (Py_ssize_t i = 0; i < width; i++) out[i] = (float)from[i * across];
}

/* (299 R + 587 G + 114 B) / 1000, rounded once, is what float64 rounded to float32 gives for each of the 2^24 colours. */
INLINE void colours(const uint8_t *restrict from, Py_ssize_t across, Py_ssize_t width, float *restrict out) {
    for (Py_ssize_t i = 0; i < width; i++) {
        const uint8_t *at = from + i * across;
        out[i] = (float)(299 * at[0] + 587 * at[1] + 114 * at[2]) / 1000.0f;
    }
}

/* The usual strides are written as numbers, so that the compiler sees them. */
INLINE void luma(const Picture *picture, Py_ssize_t row, float *restrict out) {
    Py_ssize_t width = picture->width, across = picture->across;
    const char *from = picture->at + row * picture->down;
    const uint8_t *bytes = (const uint8_t *)from;
    if (picture->is_float && across == sizeof(float)) memcpy(out, from, (size_t)width * sizeof(float));
    else if (picture->is_float && across == -(Py_ssize_t)sizeof(float)) grey_floats(from, -(Py_ssize_t)sizeof(float), width, out);
    else if (picture->is_float) grey_floats(from, across, width, out);
    else if (picture->channels == 3 && across == 3) colours(bytes, 3, width, out);
    else if (picture->channels == 3) colours(bytes, across, width, out);
    else if (across == 1) grey_bytes(bytes, 1, width, out);
    else grey_bytes(bytes, across, width, out);
}
#endif
