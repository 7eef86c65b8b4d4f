"""What the tests of the index share: every kernel that this machine can run, and brute force to hold them to."""

import numpy as np

from evenhand.engine.media.hamming import HammingIndex, kernels

NAMES = ["numba", *(f"C{level}" for level in range(kernels.native().level + 1 if kernels.native() else 0))]
"""numba is loaded by the tests that need it, not by whoever collects them."""


def kernel_named(name):
    return kernels.numba() if name == "numba" else kernels.native(int(name[1:]))


def all_kernels():
    return [kernel_named(name) for name in NAMES]


def hashes(count, seed):
    return np.random.default_rng(seed).integers(0, 256, (count, 32), dtype=np.uint8)


def flipped(row, bits):
    """The hash with these of its 256 bits changed."""
    changed = np.unpackbits(row)
    changed[list(bits)] ^= 1
    return np.packbits(changed)


def brute(rows, ids, queries, radius):
    """All (query, id, distance) in order of query, distance and id, by comparing every pair."""
    apart = np.bitwise_count(queries[:, None, :] ^ rows[None, :, :]).sum(axis=2)
    pairs = ((q, int(ids[row]), int(apart[q, row])) for q, row in zip(*np.nonzero(apart <= radius), strict=True))
    return sorted(pairs, key=lambda pair: (pair[0], pair[2], pair[1]))


def asked(index, queries, radius):
    """The index's answer in the same shape, asked for all at once; and it must be the same one by one."""
    found = index.search_many(queries, radius)
    together = list(zip(*(part.tolist() for part in found), strict=True))
    alone = []
    for number, query in enumerate(queries):
        ids, apart = index.search(query, radius)
        alone += [(number, *pair) for pair in zip(ids.tolist(), apart.tolist(), strict=True)]
    assert alone == together
    return together


def index_of(rows, ids, kernel):
    return HammingIndex(rows, np.asarray(ids, np.int64), kernels=kernel)
