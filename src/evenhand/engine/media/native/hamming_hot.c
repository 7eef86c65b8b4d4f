/* Searching: compiled once for each processor level (LEVEL), and chosen when the module is loaded. */
#include "hamming.h"

#include <stdlib.h>
#include <string.h>

#ifdef __AVX2__
#include <immintrin.h>
#endif

enum { BLOCK = 16384, PLANNED = 1024, AHEAD_OF_STARTS = 24, AHEAD_OF_NEAR = 12, GROUPS = 256, FEW = 512 };
enum { TILE = 256 };

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

static inline unsigned ones64(uint64_t x) {
#if defined(__POPCNT__) || !defined(__x86_64__)
    return (unsigned)__builtin_popcountll(x);
#else
    x -= (x >> 1) & 0x5555555555555555u;
    x = (x & 0x3333333333333333u) + ((x >> 2) & 0x3333333333333333u);
    return (unsigned)((((x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fu) * 0x0101010101010101u) >> 56);
#endif
}

static inline unsigned distance(const uint8_t *a, const uint8_t *b) {
    uint64_t x[4], y[4];
    memcpy(x, a, WIDTH);
    memcpy(y, b, WIDTH);
    return ones64(x[0] ^ y[0]) + ones64(x[1] ^ y[1]) + ones64(x[2] ^ y[2]) + ones64(x[3] ^ y[3]);
}

static inline void chunks(const uint8_t *hash, uint16_t out[CHUNKS + 2]) {
    for (int t = 0; t < CHUNKS; t++) out[t] = (uint16_t)(hash[2 * t] | hash[2 * t + 1] << 8);
    out[CHUNKS] = out[0];
    out[CHUNKS + 1] = out[1];
}

typedef struct {
    unsigned radius, one, three; /* most bits in all, in one chunk, in three neighbours */
} limits_t;

static limits_t limits(int radius) {
    return (limits_t){(unsigned)radius, (unsigned)radius / CHUNKS, 3u * (unsigned)radius / CHUNKS};
}

/* The first chunk from which the pair passes the filter: each pair is reported by that table alone. */
static int first_start(const uint8_t *a, const uint8_t *b, limits_t most) {
    uint16_t x[CHUNKS + 2], y[CHUNKS + 2];
    unsigned apart[CHUNKS + 2];
    chunks(a, x);
    chunks(b, y);
    for (int t = 0; t < CHUNKS + 2; t++) apart[t] = ones64(x[t] ^ y[t]);
    for (int t = 0; t < CHUNKS; t++) {
        if (apart[t] <= most.one && apart[t] + apart[t + 1] + apart[t + 2] <= most.three) return t;
    }
    return -1;
}

static int push(found_t *found, uint32_t query, uint32_t row, uint32_t apart) {
    if (found->count == found->room) {
        size_t room = found->room ? 2 * found->room : 64;
        uint32_t *at = realloc(found->at, room * 3 * sizeof *at);
        if (at == NULL) return NO_MEMORY;
        found->at = at;
        found->room = room;
    }
    uint32_t *to = found->at + 3 * found->count++;
    to[0] = query;
    to[1] = row;
    to[2] = apart;
    return DONE;
}

/* All patterns of at most `most` bits of a chunk, the one without bits first. */
static int make_masks(unsigned most, uint16_t masks[MOST_MASKS]) {
    int count = 1;
    masks[0] = 0;
    for (int i = 0; i < 16 && most >= 1; i++) masks[count++] = (uint16_t)(1u << i);
    for (int i = 0; i < 16 && most >= 2; i++) {
        for (int j = 0; j < i; j++) masks[count++] = (uint16_t)(1u << i | 1u << j);
    }
    return count;
}

typedef struct {
    uint32_t cell, query, near;
    uint8_t table, limit;
} probe_t;

typedef struct {
    const tables_t *tables;
    const uint8_t *queries;
    limits_t most;
    found_t *found;
    int count;
    probe_t probes[PLANNED];
} plan_t;

static int verify(plan_t *plan, const probe_t *probe, size_t place) {
    const tables_t *tables = plan->tables;
    uint32_t row = tables->rows[place];
    if (row >= tables->n) return DAMAGED;
    const uint8_t *hash = tables->hashes + (size_t)row * WIDTH;
    const uint8_t *query = plan->queries + (size_t)probe->query * WIDTH;
    unsigned apart = distance(hash, query);
    if (apart > plan->most.radius) return DONE;
    if (tables->dead != NULL && tables->dead[row]) return DONE;
    if (first_start(hash, query, plan->most) != probe->table) return DONE;
    return push(plan->found, probe->query, row, apart);
}

/* Bit i: near[i] differs from `asked` in at most `limit` bits. Reads LANES values. */
#if defined(__AVX512VPOPCNTDQ__)
enum { LANES = 16 };
static inline uint32_t passing(const uint32_t *near, uint32_t asked, uint32_t limit) {
    __m512i ones = _mm512_popcnt_epi32(_mm512_xor_si512(_mm512_loadu_si512(near), _mm512_set1_epi32((int)asked)));
    return _mm512_cmple_epu32_mask(ones, _mm512_set1_epi32((int)limit));
}
#elif defined(__AVX2__)
enum { LANES = 16 };
static inline __m256i ones8(__m256i x) {
    const __m256i low = _mm256_set1_epi8(15);
    const __m256i counts =
        _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    __m256i bytes = _mm256_add_epi8(_mm256_shuffle_epi8(counts, _mm256_and_si256(x, low)),
                                    _mm256_shuffle_epi8(counts, _mm256_and_si256(_mm256_srli_epi16(x, 4), low)));
    return _mm256_madd_epi16(_mm256_maddubs_epi16(bytes, _mm256_set1_epi8(1)), _mm256_set1_epi16(1));
}
static inline uint32_t passing8(const uint32_t *near, __m256i asked, __m256i over) {
    __m256i ones = ones8(_mm256_xor_si256(_mm256_loadu_si256((const __m256i *)near), asked));
    return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpgt_epi32(over, ones)));
}
static inline uint32_t passing(const uint32_t *near, uint32_t asked, uint32_t limit) {
    __m256i all = _mm256_set1_epi32((int)asked), over = _mm256_set1_epi32((int)limit + 1);
    return passing8(near, all, over) | passing8(near + 8, all, over) << 8;
}
#else
enum { LANES = 16 };
static inline uint32_t passing(const uint32_t *near, uint32_t asked, uint32_t limit) {
    uint32_t ones[LANES], any = 0, mask = 0;
    for (int i = 0; i < LANES; i++) {
        uint32_t x = near[i] ^ asked;
        x -= (x >> 1) & 0x55555555u;
        x = (x & 0x33333333u) + ((x >> 2) & 0x33333333u);
        x = (x + (x >> 4)) & 0x0f0f0f0fu;
        x += x >> 8;
        ones[i] = (x + (x >> 16)) & 63u;
    }
    for (int i = 0; i < LANES; i++) any |= ones[i] <= limit;
    if (!any) return 0;
    for (int i = 0; i < LANES; i++) mask |= (uint32_t)(ones[i] <= limit) << i;
    return mask;
}
#endif

static int scan(plan_t *plan, const probe_t *probe) {
    const tables_t *tables = plan->tables;
    size_t place = (size_t)probe->table * tables->n + tables->starts[probe->cell];
    size_t end = (size_t)probe->table * tables->n + tables->starts[probe->cell + 1];
    size_t last = (size_t)CHUNKS * tables->n; /* reading over a bucket's end is fine, over the array's is not */
    for (; place < end; place += LANES) {
        uint32_t mask;
        if (place + LANES <= last) {
            mask = passing(tables->near + place, probe->near, probe->limit);
        } else {
            mask = 0;
            for (size_t i = place; i < end; i++) {
                mask |= (uint32_t)(ones64(tables->near[i] ^ probe->near) <= probe->limit) << (i - place);
            }
        }
        if (end - place < LANES) mask &= (1u << (end - place)) - 1;
        for (; mask; mask &= mask - 1) {
            int ended = verify(plan, probe, place + (size_t)__builtin_ctz(mask));
            if (ended != DONE) return ended;
        }
    }
    return DONE;
}

/* Asks all that was planned; the cells and buckets that come next are fetched meanwhile. */
static int ask(plan_t *plan) {
    const tables_t *tables = plan->tables;
    int count = plan->count;
    for (int i = 0; i < count && i < AHEAD_OF_STARTS; i++) __builtin_prefetch(tables->starts + plan->probes[i].cell);
    for (int i = 0; i < count; i++) {
        if (i + AHEAD_OF_STARTS < count) __builtin_prefetch(tables->starts + plan->probes[i + AHEAD_OF_STARTS].cell);
        if (i + AHEAD_OF_NEAR < count) {
            const probe_t *later = plan->probes + i + AHEAD_OF_NEAR;
            const uint32_t *near = tables->near + (size_t)later->table * tables->n + tables->starts[later->cell];
            __builtin_prefetch(near);
            __builtin_prefetch(near + 16);
        }
        int ended = scan(plan, plan->probes + i);
        if (ended != DONE) return ended;
    }
    plan->count = 0;
    return DONE;
}

typedef struct {
    uint32_t order[BLOCK], spare[BLOCK];
    uint16_t keys[BLOCK];
    uint32_t groups[GROUPS + 1];
    uint64_t used[BUCKETS / 64];
} block_t;

/* Sorts the queries of a block by chunk t: two passes of a radix sort. */
static void sort(block_t *block, const uint8_t *queries, uint32_t first, uint32_t count, int t) {
    uint32_t low[257] = {0};
    memset(block->groups, 0, sizeof block->groups);
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *at = queries + (size_t)(first + i) * WIDTH + 2 * t;
        block->keys[i] = (uint16_t)(at[0] | at[1] << 8);
        low[at[0] + 1]++;
        block->groups[at[1] + 1]++;
    }
    for (int c = 0; c < 256; c++) {
        low[c + 1] += low[c];
        block->groups[c + 1] += block->groups[c];
    }
    uint32_t high[256];
    memcpy(high, block->groups, sizeof high);
    for (uint32_t i = 0; i < count; i++) block->spare[low[block->keys[i] & 255]++] = i;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t query = block->spare[i];
        block->order[high[block->keys[query] >> 8]++] = query;
    }
}

static inline int add(plan_t *plan, uint32_t query, int t, uint16_t mask) {
    const uint8_t *hash = plan->queries + (size_t)query * WIDTH;
    const uint8_t *b = hash + 2 * ((t + 1) & (CHUNKS - 1)), *c = hash + 2 * ((t + 2) & (CHUNKS - 1));
    uint32_t key = (uint32_t)((hash[2 * t] | hash[2 * t + 1] << 8) ^ mask);
    probe_t *probe = plan->probes + plan->count++;
    probe->cell = (uint32_t)t * CELLS + key;
    probe->query = query;
    probe->near = (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)c[0] << 16 | (uint32_t)c[1] << 24;
    probe->table = (uint8_t)t;
    probe->limit = (uint8_t)(plan->most.three - ones64(mask));
    return plan->count == PLANNED ? ask(plan) : DONE;
}

static int few(plan_t *plan, uint32_t count, const uint16_t *masks, int patterns) {
    for (int t = 0; t < CHUNKS; t++) {
        for (uint32_t query = 0; query < count; query++) {
            for (int m = 0; m < patterns; m++) {
                int ended = add(plan, query, t, masks[m]);
                if (ended != DONE) return ended;
            }
        }
    }
    return ask(plan);
}

/* Many queries: all probes into one part of a table (its buckets with the same high byte) come together, so that the
 * part is fetched from memory once for the whole block. */
static int many(plan_t *plan, block_t *block, uint32_t first, uint32_t count, const uint16_t *masks, int patterns) {
    for (int t = 0; t < CHUNKS; t++) {
        sort(block, plan->queries, first, count, t);
        for (int group = 0; group < GROUPS; group++) {
            for (int m = 0; m < patterns; m++) {
                int source = group ^ (masks[m] >> 8);
                for (uint32_t i = block->groups[source]; i < block->groups[source + 1]; i++) {
                    int ended = add(plan, first + block->order[i], t, masks[m]);
                    if (ended != DONE) return ended;
                }
            }
        }
    }
    return ask(plan);
}

/* Few rows: most buckets are empty, and a map of the others stays in the first cache. */
static int sparse(plan_t *plan, uint64_t *used, uint32_t first, uint32_t count, const uint16_t *masks, int patterns) {
    for (int t = 0; t < CHUNKS; t++) {
        const uint32_t *starts = plan->tables->starts + (size_t)t * CELLS;
        memset(used, 0, BUCKETS / 8);
        for (int c = 0; c < BUCKETS; c++) used[c >> 6] |= (uint64_t)(starts[c] != starts[c + 1]) << (c & 63);
        for (uint32_t query = first; query < first + count; query++) {
            const uint8_t *at = plan->queries + (size_t)query * WIDTH + 2 * t;
            unsigned key = (unsigned)(at[0] | at[1] << 8);
            for (int m = 0; m < patterns; m++) {
                unsigned bucket = key ^ masks[m];
                if (!(used[bucket >> 6] >> (bucket & 63) & 1)) continue;
                int ended = add(plan, query, t, masks[m]);
                if (ended != DONE) return ended;
            }
        }
    }
    return ask(plan);
}

static int search(const tables_t *tables, const uint8_t *queries, uint32_t count, int radius, found_t *found) {
    uint16_t masks[MOST_MASKS];
    plan_t plan = {.tables = tables, .queries = queries, .most = limits(radius), .found = found};
    int patterns = make_masks(plan.most.one, masks);
    if (count < FEW) return few(&plan, count, masks, patterns);
    block_t *block = malloc(sizeof *block);
    if (block == NULL) return NO_MEMORY;
    int ended = DONE;
    for (uint32_t first = 0; first < count && ended == DONE; first += BLOCK) {
        uint32_t part = count - first < BLOCK ? count - first : BLOCK;
        ended = tables->n < BUCKETS ? sparse(&plan, block->used, first, part, masks, patterns)
                                    : many(&plan, block, first, part, masks, patterns);
    }
    free(block);
    return ended;
}

static int follow_one(const chains_t *chains, const uint8_t *queries, uint32_t query, int t, uint32_t link,
                      limits_t most, found_t *found) {
    const uint8_t *asked = queries + (size_t)query * WIDTH;
    for (; link; link = chains->next[(size_t)(link - 1) * CHUNKS + t]) {
        uint32_t row = link - 1;
        if (row >= chains->n || chains->dead[row]) continue; /* added by another thread since the search began */
        const uint8_t *hash = chains->hashes + (size_t)row * WIDTH;
        unsigned apart = distance(hash, asked);
        if (apart > most.radius || first_start(hash, asked, most) != t) continue;
        if (push(found, query, row, apart) != DONE) return NO_MEMORY;
    }
    return DONE;
}

static int follow(const chains_t *chains, const uint8_t *queries, uint32_t count, int radius, found_t *found) {
    uint16_t masks[MOST_MASKS];
    limits_t most = limits(radius);
    int patterns = make_masks(most.one, masks);
    for (int t = 0; t < CHUNKS; t++) {
        const uint32_t *heads = chains->heads + (size_t)t * BUCKETS;
        for (uint32_t query = 0; query < count; query++) {
            const uint8_t *at = queries + (size_t)query * WIDTH + 2 * t;
            uint16_t key = (uint16_t)(at[0] | at[1] << 8);
            for (int m = 0; m < patterns; m++) {
                uint32_t link = heads[key ^ masks[m]];
                if (link && follow_one(chains, queries, query, t, link, most, found) != DONE) return NO_MEMORY;
            }
        }
    }
    return DONE;
}

static int sweep(const uint8_t *hashes, const uint8_t *dead, uint32_t n, const uint8_t *queries, uint32_t count,
                 int radius, found_t *found) {
    for (uint32_t first = 0; first < n; first += TILE) {
        uint32_t end = n - first < TILE ? n : first + TILE;
        for (uint32_t query = 0; query < count; query++) {
            for (uint32_t row = first; row < end; row++) {
                unsigned apart = distance(hashes + (size_t)row * WIDTH, queries + (size_t)query * WIDTH);
                if (apart > (unsigned)radius || (dead != NULL && dead[row])) continue;
                if (push(found, query, row, apart) != DONE) return NO_MEMORY;
            }
        }
    }
    return DONE;
}

const hamming_t JOIN(hamming_, LEVEL) = {search, follow, sweep};
