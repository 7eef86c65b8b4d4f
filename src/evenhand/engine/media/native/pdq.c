/* PDQ's image work: luma, tent filter, 64 x 64 samples, quality, 16 x 16 cosines. The caller makes bits of them.
 *
 * The hash is where cosines stand to their median, and flat pictures are nothing but rounding; so every float32 sum is made
 * in the order of the reference ("PDQ", Facebook 2019): a running sum that adds the next value and then takes off the
 * oldest, divided by how many it holds, along rows, then columns, then both again. What is left out is what nobody
 * reads: the second time only the sampled columns and rows are divided. Rows are done sixteen at once, one in each lane,
 * so they are transposed on their way; lanes do not change a sum.
 *
 * A fused multiply-add would round once where the reference rounds twice: contraction is off.
 */
#include "picture.h"

#include "pdq.h"

#ifdef __clang__
#define SHUFFLE(a, b, i, j, k, l) __builtin_shufflevector(a, b, i, j, k, l)
#else
#define SHUFFLE(a, b, i, j, k, l) __builtin_shuffle(a, b, (v4i){i, j, k, l})
#endif

#define LANES 16
#define SIDE 64
#define COSINES 16

typedef float v4f __attribute__((vector_size(16)));
typedef int32_t v4i __attribute__((vector_size(16)));
typedef float lanes __attribute__((vector_size(4 * LANES)));

/* One running mean: of `size` values, over `window` at a time. Step r adds value r and takes off value r - window;
 * the mean that follows is that of value r - lag. */
typedef struct {
    Py_ssize_t size, window, lag, steps;
} Box;

/* A running mean over rows that come one by one. */
typedef struct {
    Box box;
    Py_ssize_t width;
    float *ring, *sums; /* the last `window` rows, and what they sum to */
} Rows;

typedef struct {
    Box across, down;
    Py_ssize_t stride;        /* of rows: the width, in whole blocks of LANES */
    Py_ssize_t columns[SIDE]; /* the sampled ones */
    Py_ssize_t kept;          /* columns in `tile`: a power of two */
    float *tile;              /* ring of transposed columns */
    float *means;             /* LANES rows of luma, then of the first mean along rows */
    float *strip;             /* LANES rows of the first mean down the columns */
    float *sampled;           /* LANES rows of the second mean along rows, at the sampled columns */
    Rows first, second;       /* down the columns */
} Work;

static Box box_of(Py_ssize_t size) {
    Py_ssize_t window = (size + 2 * SIDE - 1) / (2 * SIDE);
    Py_ssize_t lag = (window + 2) / 2 - 1;
    return (Box){size, window, lag, size + lag};
}

INLINE Py_ssize_t held(Box box, Py_ssize_t step) {
    Py_ssize_t added = step < box.size ? step + 1 : box.size;
    return step < box.window ? added : added - (step - box.window + 1);
}

/* What a power of two divides, its inverse multiplies, to the bit and in a fraction of the time. */
INLINE int is_power_of_two(Py_ssize_t count) { return (count & (count - 1)) == 0; }

INLINE Py_ssize_t sample_at(Py_ssize_t number, Py_ssize_t size) {
    return (Py_ssize_t)(((double)number + 0.5) * (double)size / SIDE);
}

/* The transposed LANES x LANES block of `rows`, whose rows are `stride` apart. */
INLINE void transpose(const float *restrict rows, Py_ssize_t stride, float *restrict out, Py_ssize_t out_stride) {
    for (int i = 0; i < LANES; i += 4)
        for (int j = 0; j < LANES; j += 4) {
            v4f a, b, c, d;
            const float *from = rows + i * stride + j;
            memcpy(&a, from, 16);
            memcpy(&b, from + stride, 16);
            memcpy(&c, from + 2 * stride, 16);
            memcpy(&d, from + 3 * stride, 16);
            v4f ac = SHUFFLE(a, c, 0, 4, 1, 5), ca = SHUFFLE(a, c, 2, 6, 3, 7);
            v4f bd = SHUFFLE(b, d, 0, 4, 1, 5), db = SHUFFLE(b, d, 2, 6, 3, 7);
            a = SHUFFLE(ac, bd, 0, 4, 1, 5);
            b = SHUFFLE(ac, bd, 2, 6, 3, 7);
            c = SHUFFLE(ca, db, 0, 4, 1, 5);
            d = SHUFFLE(ca, db, 2, 6, 3, 7);
            float *to = out + j * out_stride + i;
            memcpy(to, &a, 16);
            memcpy(to + out_stride, &b, 16);
            memcpy(to + 2 * out_stride, &c, 16);
            memcpy(to + 3 * out_stride, &d, 16);
        }
}

/* Adds column `step` of LANES rows to the running sum and takes off the oldest. Columns come into the ring by blocks. */
INLINE void step_along(const Work *work, const float *rows, Py_ssize_t step, lanes *sum) {
    Py_ssize_t mask = work->kept - 1;
    lanes value;
    if (step < work->across.size) {
        if (step % LANES == 0) transpose(rows + step, work->stride, work->tile + (step & mask) * LANES, LANES);
        memcpy(&value, work->tile + (step & mask) * LANES, sizeof value);
        *sum += value;
    }
    if (step >= work->across.window) {
        memcpy(&value, work->tile + ((step - work->across.window) & mask) * LANES, sizeof value);
        *sum -= value;
    }
}

/* The mean along LANES rows, in place: what is written has been read, as the mean lags behind. */
INLINE void along(const Work *work, float *rows) {
    float block[LANES * LANES];
    Box box = work->across;
    lanes sum = {0};
    for (Py_ssize_t step = 0; step < box.steps; step++) {
        step_along(work, rows, step, &sum);
        if (step < box.lag) continue;
        Py_ssize_t at = step - box.lag, in = at % LANES;
        Py_ssize_t count = held(box, step);
        lanes mean = is_power_of_two(count) ? sum * (1.0f / (float)count) : sum / (float)count;
        memcpy(block + in * LANES, &mean, sizeof mean);
        if (in == LANES - 1 || at == box.size - 1) transpose(block, LANES, rows + at - in, work->stride);
    }
}

/* The mean along LANES rows, at the sampled columns alone. */
INLINE void sampled_along(const Work *work, const float *rows, float *samples) {
    Box box = work->across;
    lanes sum = {0};
    int number = 0;
    for (Py_ssize_t step = 0; number < SIDE; step++) {
        step_along(work, rows, step, &sum);
        for (; number < SIDE && work->columns[number] == step - box.lag; number++) {
            lanes mean = sum / (float)held(box, step);
            for (int i = 0; i < LANES; i++) samples[i * SIDE + number] = mean[i];
        }
    }
}

/* One step of the mean over rows; `row` is NULL when there are no more; the mean goes to `out` unless that is NULL. */
INLINE void step_down(const Rows *rows, Py_ssize_t step, const float *restrict row, float *restrict out) {
    Py_ssize_t width = rows->width;
    float *restrict sums = rows->sums, *restrict oldest = rows->ring + step % rows->box.window * width;
    Py_ssize_t count = held(rows->box, step);
    if (step < rows->box.window)
        for (Py_ssize_t i = 0; i < width; i++) oldest[i] = row[i], sums[i] += row[i];
    else if (row)
        for (Py_ssize_t i = 0; i < width; i++) {
            sums[i] = sums[i] + row[i] - oldest[i];
            oldest[i] = row[i];
        }
    else
        for (Py_ssize_t i = 0; i < width; i++) sums[i] -= oldest[i];
    if (out && is_power_of_two(count))
        for (Py_ssize_t i = 0; i < width; i++) out[i] = sums[i] * (1.0f / (float)count);
    else if (out)
        for (Py_ssize_t i = 0; i < width; i++) out[i] = sums[i] / (float)count;
}

/* The second mean, along rows and down: of `count` rows of `strip`, the first of which is row `first` of the picture. */
INLINE void second(Work *work, Py_ssize_t first, Py_ssize_t count, int *number, float *samples) {
    Box box = work->down;
    if (first < box.size) sampled_along(work, work->strip, work->sampled);
    for (Py_ssize_t i = 0; i < count; i++) {
        Py_ssize_t step = first + i;
        int wanted = *number < SIDE && sample_at(*number, box.size) == step - box.lag;
        float *out = samples + *number * SIDE;
        step_down(&work->second, step, step < box.size ? work->sampled + i * SIDE : NULL, wanted ? out : NULL);
        if (!wanted) continue;
        for (++*number; *number < SIDE && sample_at(*number, box.size) == step - box.lag; ++*number)
            memcpy(samples + *number * SIDE, out, SIDE * sizeof(float));
    }
}

/* Strips of LANES rows: the first mean along rows, that down the columns (which lags behind), and the second of both. */
EVERY_PROCESSOR static void tent(Work *work, const Picture *picture, float *samples) {
    Box box = work->down;
    Py_ssize_t ready = 0, done = 0;
    int number = 0;
    for (Py_ssize_t step = 0; step < box.steps; step++) {
        Py_ssize_t in = step % LANES;
        if (step < box.size && in == 0) {
            for (Py_ssize_t i = 0; i < LANES && step + i < box.size; i++)
                luma(picture, step + i, work->means + i * work->stride);
            along(work, work->means);
        }
        float *out = step >= box.lag ? work->strip + ready++ * work->stride : NULL;
        step_down(&work->first, step, step < box.size ? work->means + in * work->stride : NULL, out);
        if (ready == LANES || step == box.steps - 1) {
            second(work, done, ready, &number, samples);
            done += ready;
            ready = 0;
        }
    }
    for (; number < SIDE; done++) second(work, done, 1, &number, samples);
}

EVERY_PROCESSOR static void cosines(const float *samples, const float *matrix, float *out) {
    float half[COSINES * SIDE], turned[SIDE * COSINES];
    for (int i = 0; i < COSINES; i++) {
        float row[SIDE] = {0};
        for (int k = 0; k < SIDE; k++)
            for (int j = 0; j < SIDE; j++) row[j] += matrix[i * SIDE + k] * samples[k * SIDE + j];
        memcpy(half + i * SIDE, row, sizeof row);
        for (int k = 0; k < SIDE; k++) turned[k * COSINES + i] = matrix[i * SIDE + k];
    }
    for (int i = 0; i < COSINES; i++) {
        float row[COSINES] = {0};
        for (int k = 0; k < SIDE; k++)
            for (int j = 0; j < COSINES; j++) row[j] += half[i * SIDE + k] * turned[k * COSINES + j];
        memcpy(out + i * COSINES, row, sizeof row);
    }
}

EVERY_PROCESSOR static long quality(const float *samples) {
    int sum = 0;
    for (int i = 0; i < (SIDE - 1) * SIDE; i++) sum += abs((int)((samples[i] - samples[i + SIDE]) * 100.0f / 255.0f));
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE - 1; j++)
            sum += abs((int)((samples[i * SIDE + j] - samples[i * SIDE + j + 1]) * 100.0f / 255.0f));
    return sum / 90 < 100 ? sum / 90 : 100;
}

static float *take(size_t floats) { return calloc(floats, sizeof(float)); }

static void release(Work *work) {
    float *all[] = {work->tile,       work->means,     work->strip,       work->sampled,
                    work->first.ring, work->first.sums, work->second.ring, work->second.sums};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

static int rows_of(Rows *rows, Box box, Py_ssize_t width) {
    *rows = (Rows){box, width, take((size_t)(box.window * width)), take((size_t)width)};
    return rows->ring && rows->sums;
}

static int prepare(Work *work, const Picture *picture) {
    *work = (Work){.across = box_of(picture->width), .down = box_of(picture->height), .kept = 2 * LANES};
    while (work->kept < work->across.window + LANES) work->kept *= 2;
    work->stride = (picture->width + LANES - 1) / LANES * LANES;
    for (int i = 0; i < SIDE; i++) work->columns[i] = sample_at(i, picture->width);
    work->tile = take((size_t)(work->kept * LANES));
    work->means = take((size_t)(work->stride * LANES));
    work->strip = take((size_t)(work->stride * LANES));
    work->sampled = take(LANES * SIDE);
    int rings = rows_of(&work->first, work->down, picture->width) & rows_of(&work->second, work->down, SIDE);
    return rings && work->tile && work->means && work->strip && work->sampled;
}

/* pdq_cosines(pixels, filtered, matrix, out) -> quality
 * matrix: 16 * 64 float32; out: 16 * 16 float32. */
PyObject *pdq_cosines(PyObject *module, PyObject *arguments) {
    (void)module;
    Picture picture;
    PyObject *pixels;
    Py_buffer matrix, out;
    int filtered;
    if (!PyArg_ParseTuple(arguments, "Opy*w*", &pixels, &filtered, &matrix, &out)) return NULL;
    float samples[SIDE * SIDE];
    Work work = {0};
    long found = -1;
    int opened = picture_open(&picture, pixels);
    int fits = opened && picture.height >= 5 && picture.width >= 5 &&
               matrix.len == COSINES * SIDE * (Py_ssize_t)sizeof(float) &&
               out.len == COSINES * COSINES * (Py_ssize_t)sizeof(float) &&
               (filtered || (picture.height == SIDE && picture.width == SIDE));
    if (opened && !fits) {
        PyErr_SetString(PyExc_ValueError, "pdq_cosines: the buffers do not have the size that they should");
    } else if (fits && filtered && !prepare(&work, &picture)) {
        PyErr_NoMemory();
    } else if (fits) {
        Py_BEGIN_ALLOW_THREADS
        if (filtered)
            tent(&work, &picture, samples);
        else
            for (Py_ssize_t row = 0; row < SIDE; row++) luma(&picture, row, samples + row * SIDE);
        cosines(samples, matrix.buf, out.buf);
        found = quality(samples);
        Py_END_ALLOW_THREADS
    }
    release(&work);
    if (opened) PyBuffer_Release(&picture.view);
    PyBuffer_Release(&matrix);
    PyBuffer_Release(&out);
    return found < 0 ? NULL : PyLong_FromLong(found);
}
