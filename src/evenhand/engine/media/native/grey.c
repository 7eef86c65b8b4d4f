/* Luma by blocks: their means, to work on fewer pixels; their darkest and brightest, to tell what is flat. */
#include "picture.h"

#include "pdq.h"

#define BLACK 48.0f
#define WHITE 207.0f

/* What lies within `down` * `across` pixels; pixels beyond the last whole block are left out. */
typedef struct {
    Py_ssize_t down, across, rows, columns;
} Blocks;

static int blocks_of(Blocks *blocks, const Picture *picture) {
    if (blocks->down < 1 || blocks->across < 1) return 0;
    blocks->rows = picture->height / blocks->down;
    blocks->columns = picture->width / blocks->across;
    return blocks->rows > 0 && blocks->columns > 0;
}

INLINE int holds(const Py_buffer *out, const Blocks *blocks) {
    return out->len / (Py_ssize_t)sizeof(float) / blocks->columns == blocks->rows &&
           out->len == blocks->rows * blocks->columns * (Py_ssize_t)sizeof(float);
}

/* Sums go down each column, then along the row: numpy's way in grey.py goes the same. */
EVERY_PROCESSOR static void means(const Picture *picture, const Blocks *blocks, float *row, float *sums, float *out) {
    Py_ssize_t width = blocks->columns * blocks->across, area = blocks->down * blocks->across;
    for (Py_ssize_t i = 0; i < blocks->rows; i++, out += blocks->columns) {
        if (area == 1) {
            luma(picture, i, out);
            continue;
        }
        memset(sums, 0, (size_t)width * sizeof(float));
        for (Py_ssize_t j = 0; j < blocks->down; j++) {
            luma(picture, i * blocks->down + j, row);
            for (Py_ssize_t k = 0; k < width; k++) sums[k] += row[k];
        }
        for (Py_ssize_t k = 0; k < blocks->columns; k++) {
            float sum = 0;
            for (Py_ssize_t j = 0; j < blocks->across; j++) sum += sums[k * blocks->across + j];
            out[k] = sum / (float)area;
        }
    }
}

INLINE Py_ssize_t jumps(const float *restrict row, Py_ssize_t width) {
    int32_t found = 0;
    for (Py_ssize_t i = 0; i + 2 < width; i++)
        found += ((row[i + 2] < BLACK) & (row[i] > WHITE)) | ((row[i + 2] > WHITE) & (row[i] < BLACK));
    return found;
}

/* `low` and `high` are rows of luma's width; `lowest` and `highest` have one value for each block. */
EVERY_PROCESSOR static Py_ssize_t extremes(const Picture *picture, const Blocks *blocks, float *row, float *low, float *high,
                                           float *lowest, float *highest) {
    Py_ssize_t width = picture->width, found = 0;
    for (Py_ssize_t i = 0; i < picture->height; i++) {
        Py_ssize_t in = i % blocks->down;
        luma(picture, i, row);
        found += jumps(row, width);
        if (i >= blocks->rows * blocks->down) continue;
        for (Py_ssize_t k = 0; k < width; k++) {
            low[k] = in && low[k] < row[k] ? low[k] : row[k];
            high[k] = in && high[k] > row[k] ? high[k] : row[k];
        }
        if (in < blocks->down - 1) continue;
        for (Py_ssize_t k = 0; k < blocks->columns; k++, lowest++, highest++) {
            *lowest = low[k * blocks->across], *highest = high[k * blocks->across];
            for (Py_ssize_t j = 1; j < blocks->across; j++) {
                float one = low[k * blocks->across + j], other = high[k * blocks->across + j];
                *lowest = one < *lowest ? one : *lowest;
                *highest = other > *highest ? other : *highest;
            }
        }
    }
    return found;
}

/* block_means(pixels, down, across, out): fills out, float32 of height / down * width / across. */
PyObject *block_means(PyObject *module, PyObject *arguments) {
    (void)module;
    Picture picture;
    Blocks blocks;
    PyObject *pixels;
    Py_buffer out;
    if (!PyArg_ParseTuple(arguments, "Onnw*", &pixels, &blocks.down, &blocks.across, &out)) return NULL;
    int opened = picture_open(&picture, pixels), done = 0;
    if (opened && blocks_of(&blocks, &picture) && holds(&out, &blocks)) {
        float *rows = malloc(2 * (size_t)picture.width * sizeof(float));
        if (rows) {
            Py_BEGIN_ALLOW_THREADS
            means(&picture, &blocks, rows, rows + picture.width, out.buf);
            Py_END_ALLOW_THREADS
            done = 1;
        } else PyErr_NoMemory();
        free(rows);
    } else if (opened) PyErr_SetString(PyExc_ValueError, "block_means: out does not have the size that it should");
    if (opened) PyBuffer_Release(&picture.view);
    PyBuffer_Release(&out);
    return done ? Py_NewRef(Py_None) : NULL;
}

/* block_extremes(pixels, down, across, lowest, highest) -> jumps between nearly black and nearly white two pixels apart */
PyObject *block_extremes(PyObject *module, PyObject *arguments) {
    (void)module;
    Picture picture;
    Blocks blocks;
    PyObject *pixels;
    Py_buffer lowest, highest;
    if (!PyArg_ParseTuple(arguments, "Onnw*w*", &pixels, &blocks.down, &blocks.across, &lowest, &highest)) return NULL;
    int opened = picture_open(&picture, pixels);
    Py_ssize_t found = -1;
    if (opened && blocks_of(&blocks, &picture) && holds(&lowest, &blocks) && holds(&highest, &blocks)) {
        size_t width = (size_t)picture.width;
        float *rows = malloc(3 * width * sizeof(float));
        if (rows) {
            Py_BEGIN_ALLOW_THREADS
            found = extremes(&picture, &blocks, rows, rows + width, rows + 2 * width, lowest.buf, highest.buf);
            Py_END_ALLOW_THREADS
        } else PyErr_NoMemory();
        free(rows);
    } else if (opened) PyErr_SetString(PyExc_ValueError, "block_extremes: the buffers do not have the size that they should");
    if (opened) PyBuffer_Release(&picture.view);
    PyBuffer_Release(&lowest);
    PyBuffer_Release(&highest);
    return found < 0 ? NULL : PyLong_FromSsize_t(found);
}
