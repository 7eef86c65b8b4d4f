/* The exact Hamming index in C: what `module.c` calls, and what each build of `hamming_hot.c` offers.
 *
 * The algorithm, its source and the meaning of the arrays stand in hamming/tables.py; the numba kernels beside it
 * give the same answers, and the tests hold each against brute force. */
#ifndef EVENHAND_HAMMING_H
#define EVENHAND_HAMMING_H

#include <stddef.h>
#include <stdint.h>

enum { CHUNKS = 16, BUCKETS = 65536, CELLS = BUCKETS + 1, WIDTH = 32, MOST_MASKS = 137 };

/* How a call ended. */
enum { DONE = 0, NO_MEMORY = -1, DAMAGED = -2 };

typedef struct {
    const uint32_t *starts; /* [CHUNKS][CELLS] */
    const uint32_t *near;   /* [CHUNKS][n] */
    const uint32_t *rows;   /* [CHUNKS][n] */
    const uint8_t *hashes;  /* [n][WIDTH] */
    const uint8_t *dead;    /* [n], or NULL where none is */
    uint32_t n;
} tables_t;

typedef struct {
    const uint32_t *heads; /* [CHUNKS][BUCKETS]: row + 1 */
    const uint32_t *next;  /* [room][CHUNKS]: row + 1 */
    const uint8_t *hashes; /* [room][WIDTH] */
    const uint8_t *dead;   /* [room] */
    uint32_t n;
} chains_t;

/* Triples: query, row, distance. */
typedef struct {
    uint32_t *at;
    size_t count, room;
} found_t;

typedef struct {
    int (*search)(const tables_t *, const uint8_t *queries, uint32_t count, int radius, found_t *);
    int (*follow)(const chains_t *, const uint8_t *queries, uint32_t count, int radius, found_t *);
    int (*sweep)(const uint8_t *hashes, const uint8_t *dead, uint32_t n, const uint8_t *queries, uint32_t count,
                 int radius, found_t *);
} hamming_t;

/* One for each level that the build hook compiled hamming_hot.c for. */
extern const hamming_t hamming_portable;
#ifdef EVENHAND_X86_LEVELS
extern const hamming_t hamming_v3;
extern const hamming_t hamming_v4;
#endif

int hamming_build(const uint8_t *hashes, uint32_t n, uint32_t *starts, uint32_t *near, uint32_t *rows);
void hamming_chain(uint32_t *heads, uint32_t *next, const uint8_t *hashes, uint32_t first, uint32_t end);

#endif
