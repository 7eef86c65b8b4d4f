/* evenhand.engine.media._native: the functions that Python calls. Limited API: one build for every Python from 3.11. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdlib.h>

#include "hamming.h"
#include "pdq.h"

static const hamming_t *levels[] = {
    &hamming_portable,
#ifdef EVENHAND_X86_LEVELS
    &hamming_v3,
    &hamming_v4,
#endif
};

/* How many levels this processor can run; the highest is the fastest. */
static int usable(void) {
#ifdef EVENHAND_X86_LEVELS
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("popcnt") || !__builtin_cpu_supports("bmi2")) return 1;
    return __builtin_cpu_supports("avx512vpopcntdq") && __builtin_cpu_supports("avx512vl") ? 3 : 2;
#else
    return 1;
#endif
}

static PyObject *py_levels(PyObject *self, PyObject *args) {
    (void)self;
    (void)args;
    return PyLong_FromLong(usable());
}

static const hamming_t *level(int number) {
    if (number >= 0 && number < usable()) return levels[number];
    PyErr_Format(PyExc_ValueError, "level %d: this processor has levels 0 to %d", number, usable() - 1);
    return NULL;
}

static int has(const Py_buffer *view, size_t bytes, const char *name) {
    if ((size_t)view->len == bytes) return 1;
    PyErr_Format(PyExc_ValueError, "%s has %zd bytes, %zu are right", name, view->len, bytes);
    return 0;
}

static int asked(const Py_buffer *queries, int radius, int most) {
    if (queries->len % WIDTH || queries->len / WIDTH >= UINT32_MAX) {
        PyErr_SetString(PyExc_ValueError, "queries are rows of 32 bytes");
        return 0;
    }
    if (radius < 0 || radius > most) {
        PyErr_Format(PyExc_ValueError, "radius %d: 0 to %d can be asked for here", radius, most);
        return 0;
    }
    return 1;
}

static PyObject *answer(int ended, found_t *found) {
    PyObject *out = NULL;
    if (ended == NO_MEMORY) PyErr_NoMemory();
    else if (ended == DAMAGED) PyErr_SetString(PyExc_ValueError, "the index is damaged: a table names a row that is not there");
    else out = PyBytes_FromStringAndSize((const char *)found->at, (Py_ssize_t)(found->count * 3 * sizeof *found->at));
    free(found->at);
    return out;
}

static void release(Py_buffer *views, int count) {
    for (int i = 0; i < count; i++) PyBuffer_Release(views + i);
}

/* build(hashes, starts, near, rows): fills the last three. */
static PyObject *py_build(PyObject *self, PyObject *args) {
    (void)self;
    Py_buffer v[4];
    if (!PyArg_ParseTuple(args, "y*w*w*w*", v, v + 1, v + 2, v + 3)) return NULL;
    size_t n = (size_t)v[0].len / WIDTH;
    PyObject *out = NULL;
    if (has(v, n * WIDTH, "hashes") && has(v + 1, 4 * (size_t)CHUNKS * CELLS, "starts") &&
        has(v + 2, 4 * CHUNKS * n, "near") && has(v + 3, 4 * CHUNKS * n, "rows")) {
        int ended;
        Py_BEGIN_ALLOW_THREADS
        ended = hamming_build(v[0].buf, (uint32_t)n, v[1].buf, v[2].buf, v[3].buf);
        Py_END_ALLOW_THREADS
        out = ended == DONE ? Py_NewRef(Py_None) : PyErr_NoMemory();
    }
    release(v, 4);
    return out;
}

/* chain(heads, next, hashes, first, end) */
static PyObject *py_chain(PyObject *self, PyObject *args) {
    (void)self;
    Py_buffer v[3];
    unsigned int first, end;
    if (!PyArg_ParseTuple(args, "w*w*y*II", v, v + 1, v + 2, &first, &end)) return NULL;
    size_t room = (size_t)v[2].len / WIDTH;
    PyObject *out = NULL;
    if (has(v, 4 * (size_t)CHUNKS * BUCKETS, "heads") && has(v + 1, 4 * CHUNKS * room, "next")) {
        if (first <= end && end <= room) {
            hamming_chain(v[0].buf, v[1].buf, v[2].buf, first, end);
            out = Py_NewRef(Py_None);
        } else PyErr_SetString(PyExc_ValueError, "there are no such rows");
    }
    release(v, 3);
    return out;
}

/* search(level, starts, near, rows, hashes, dead, queries, radius) -> triples of uint32: query, row, distance */
static PyObject *py_search(PyObject *self, PyObject *args) {
    (void)self;
    Py_buffer v[6];
    int number, radius;
    if (!PyArg_ParseTuple(args, "iy*y*y*y*y*y*i", &number, v, v + 1, v + 2, v + 3, v + 4, v + 5, &radius)) return NULL;
    size_t n = (size_t)v[3].len / WIDTH;
    const hamming_t *hamming = level(number);
    PyObject *out = NULL;
    if (hamming && has(v, 4 * (size_t)CHUNKS * CELLS, "starts") && has(v + 1, 4 * CHUNKS * n, "near") &&
        has(v + 2, 4 * CHUNKS * n, "rows") && has(v + 3, WIDTH * n, "hashes") && has(v + 4, v[4].len ? n : 0, "dead") &&
        asked(v + 5, radius, 47)) {
        tables_t tables = {v[0].buf, v[1].buf, v[2].buf, v[3].buf, v[4].len ? v[4].buf : NULL, (uint32_t)n};
        found_t found = {0};
        int ended;
        Py_BEGIN_ALLOW_THREADS
        ended = hamming->search(&tables, v[5].buf, (uint32_t)(v[5].len / WIDTH), radius, &found);
        Py_END_ALLOW_THREADS
        out = answer(ended, &found);
    }
    release(v, 6);
    return out;
}

/* follow(level, heads, next, hashes, dead, count, queries, radius) -> the same */
static PyObject *py_follow(PyObject *self, PyObject *args) {
    (void)self;
    Py_buffer v[5];
    int number, radius;
    unsigned int count;
    if (!PyArg_ParseTuple(args, "iy*y*y*y*Iy*i", &number, v, v + 1, v + 2, v + 3, &count, v + 4, &radius)) return NULL;
    size_t room = (size_t)v[2].len / WIDTH;
    const hamming_t *hamming = level(number);
    PyObject *out = NULL;
    if (hamming && has(v, 4 * (size_t)CHUNKS * BUCKETS, "heads") && has(v + 1, 4 * CHUNKS * room, "next") &&
        has(v + 3, room, "dead") && asked(v + 4, radius, 47)) {
        chains_t chains = {v[0].buf, v[1].buf, v[2].buf, v[3].buf, count < room ? count : (uint32_t)room};
        found_t found = {0};
        int ended;
        Py_BEGIN_ALLOW_THREADS
        ended = hamming->follow(&chains, v[4].buf, (uint32_t)(v[4].len / WIDTH), radius, &found);
        Py_END_ALLOW_THREADS
        out = answer(ended, &found);
    }
    release(v, 5);
    return out;
}

/* sweep(level, hashes, dead, count, queries, radius) -> the same, by looking at every row */
static PyObject *py_sweep(PyObject *self, PyObject *args) {
    (void)self;
    Py_buffer v[3];
    int number, radius;
    unsigned int count;
    if (!PyArg_ParseTuple(args, "iy*y*Iy*i", &number, v, v + 1, &count, v + 2, &radius)) return NULL;
    size_t room = (size_t)v[0].len / WIDTH;
    const hamming_t *hamming = level(number);
    PyObject *out = NULL;
    if (hamming && has(v + 1, v[1].len ? room : 0, "dead") && asked(v + 2, radius, 256)) {
        const uint8_t *dead = v[1].len ? v[1].buf : NULL;
        uint32_t rows = count < room ? count : (uint32_t)room;
        found_t found = {0};
        int ended;
        Py_BEGIN_ALLOW_THREADS
        ended = hamming->sweep(v[0].buf, dead, rows, v[2].buf, (uint32_t)(v[2].len / WIDTH), radius, &found);
        Py_END_ALLOW_THREADS
        out = answer(ended, &found);
    }
    release(v, 3);
    return out;
}

static PyMethodDef methods[] = {
    {"levels", py_levels, METH_NOARGS, "How many processor levels can be run here."},
    {"build", py_build, METH_VARARGS, "Fill the tables of an index."},
    {"chain", py_chain, METH_VARARGS, "Chain rows that were added."},
    {"search", py_search, METH_VARARGS, "Search the tables."},
    {"follow", py_follow, METH_VARARGS, "Search the chains."},
    {"sweep", py_sweep, METH_VARARGS, "Search by looking at every row."},
    {"pdq_cosines", pdq_cosines, METH_VARARGS, "PDQ up to its cosines."},
    {"block_means", block_means, METH_VARARGS, "Luma, a mean of each block."},
    {"block_extremes", block_extremes, METH_VARARGS, "Luma, the darkest and brightest of each block, and jumps."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {{0, NULL}};

static struct PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "_native",
    .m_doc = "The kernels of evenhand.engine.media in C.",
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit__native(void) { return PyModuleDef_Init(&definition); }
