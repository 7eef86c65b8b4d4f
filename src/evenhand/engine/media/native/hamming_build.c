/* Filling the tables of the index, and chaining what was added since. */
#include "hamming.h"

#include <stdlib.h>
#include <string.h>

static inline uint16_t chunk(const uint8_t *hash, int number) {
    const uint8_t *at = hash + 2 * (number & (CHUNKS - 1));
    return (uint16_t)(at[0] | at[1] << 8);
}

/* Counting sort, table by table: starts[t][c] is where the rows begin whose chunk t is c. */
int hamming_build(const uint8_t *hashes, uint32_t n, uint32_t *starts, uint32_t *near, uint32_t *rows) {
    uint32_t *place = malloc(sizeof *place * BUCKETS);
    if (place == NULL) return NO_MEMORY;
    for (int t = 0; t < CHUNKS; t++) {
        uint32_t *start = starts + (size_t)t * CELLS;
        memset(start, 0, sizeof *start * CELLS);
        for (uint32_t row = 0; row < n; row++) start[chunk(hashes + (size_t)row * WIDTH, t) + 1]++;
        for (int c = 0; c < BUCKETS; c++) start[c + 1] += start[c];
        memcpy(place, start, sizeof *place * BUCKETS);
        for (uint32_t row = 0; row < n; row++) {
            const uint8_t *hash = hashes + (size_t)row * WIDTH;
            size_t at = (size_t)t * n + place[chunk(hash, t)]++;
            near[at] = (uint32_t)chunk(hash, t + 1) | (uint32_t)chunk(hash, t + 2) << 16;
            rows[at] = row;
        }
    }
    free(place);
    return DONE;
}

void hamming_chain(uint32_t *heads, uint32_t *next, const uint8_t *hashes, uint32_t first, uint32_t end) {
    for (uint32_t row = first; row < end; row++) {
        for (int t = 0; t < CHUNKS; t++) {
            uint32_t *head = heads + (size_t)t * BUCKETS + chunk(hashes + (size_t)row * WIDTH, t);
            next[(size_t)row * CHUNKS + t] = *head;
            __atomic_store_n(head, row + 1, __ATOMIC_RELEASE); /* a search may be under way in another thread */
        }
    }
}
