"""The Hamming index beside FAISS: exactness, build, memory, single and batch search, changes.

FAISS is no dependency: `.venv/bin/uv pip install faiss-cpu` before, and uninstall it after; without it, only our own
figures are printed. Its setting is the fastest exact one that it has: IndexBinaryMultiHash, 11 tables of 23 bits, 2
flips (11·3 = 33 > 31), on one thread. All run in turns in one process, pinned to one core; times are of the
processor, and the ratio is the figure that counts.

Options: --sizes 100000,1000000 (10000000 takes FAISS minutes and 6 GB), --queries N, --rounds N, --no-numba. The
retro-scan is measured by `media_retroscan.py`.
"""

import argparse
import ctypes
import gc
import os
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from bench import machine
from evenhand.engine.media.hamming import HammingIndex, kernels

try:
    import faiss
except ImportError:
    faiss = None

Rows = npt.NDArray[np.uint8]
Chance = np.random.Generator
Pair = tuple[int, int, int]

RADIUS = 31
AIM = """\
Aim: recall 1.0 and no extras at every distance from 0 to 31; in batch at least 8x FAISS at 1M and 15x at 10M in numba,
25x and 50x in C; at most 192 bytes an entry; a build of 1M under 1 s; add or remove one under 1 ms."""
LEFT_OUT = """\
Left out: HNSW, IVF and LSH settings of FAISS, which miss matches; its 16 x 16 and flat indexes, which are slower;
making the queries; several threads. "Clustered" hashes are mixtures of 1,000 patterns with an eighth of the bits
changed, and 5 % near duplicates: like those of photographs in how unevenly their bits fall, not taken from any. Who
shares the machine makes single figures worse; both sides are measured in the same minute."""


def uniform(count: int, chance: Chance) -> Rows:
    return chance.integers(0, 256, (count, 32), dtype=np.uint8)


def clustered(count: int, chance: Chance) -> Rows:
    """Four quarters, each of one of a thousand patterns, with an eighth of the bits changed; and near doubles."""
    patterns = uniform(1000, chance)
    rows = np.empty((count, 32), np.uint8)
    for first in range(0, count, 250_000):
        part = rows[first : first + 250_000]
        for quarter in range(4):
            part[:, 8 * quarter : 8 * quarter + 8] = patterns[chance.integers(1000, size=len(part)), 8 * quarter :][
                :, :8
            ]
        part ^= uniform(len(part), chance) & uniform(len(part), chance) & uniform(len(part), chance)
        doubles = chance.choice(len(part), len(part) // 20, replace=False)
        part[doubles] = moved(
            part[chance.integers(len(part), size=len(doubles))], chance.integers(1, 32, len(doubles)), chance
        )
    return rows


def moved(rows: Rows, far: Any, chance: Chance) -> Rows:
    """Each row with so many of its bits changed."""
    order = chance.random((len(rows), 256)).argsort(axis=1)
    bits = np.unpackbits(rows, axis=1)
    change = np.zeros_like(bits)
    np.put_along_axis(change, order, (np.arange(256) < np.asarray(far)[:, None]).astype(np.uint8), axis=1)
    return np.packbits(bits ^ change, axis=1)


def tightest(rows: Rows) -> Rows:
    """Each row moved 31 bits: one bit in one chunk, two in each of fifteen."""
    bits = np.unpackbits(rows, axis=1)
    for number, row in enumerate(bits):
        for chunk in range(16):
            row[16 * chunk + (number % 15)] ^= 1
            if chunk != number % 16:
                row[16 * chunk + 15] ^= 1
    return np.packbits(bits, axis=1)


class Ours:
    def __init__(self, kernel: kernels.Kernels) -> None:
        self.name, self.kernel = kernel.name, kernel

    def build(self, rows: Rows) -> int:
        self.index = HammingIndex(rows, np.arange(len(rows)), kernels=self.kernel)
        return self.index.nbytes

    def batch(self, queries: Rows) -> tuple[Any, Any, Any]:
        found = self.index.search_many(queries, RADIUS)
        return found.queries, found.ids, found.distances

    def one(self, query: Rows) -> Any:
        return self.index.search(query, RADIUS)


class Faiss:
    name = "FAISS 11 x 23, 2 flips"

    def build(self, rows: Rows) -> int:
        faiss.omp_set_num_threads(1)
        ctypes.CDLL(None).malloc_trim(0)
        before = resident()
        self.index = faiss.IndexBinaryMultiHash(256, 11, 23)
        self.index.nflip = 2
        self.index.add(rows)
        return resident() - before

    def batch(self, queries: Rows) -> tuple[Any, Any, Any]:
        ends, distances, ids = self.index.range_search(queries, RADIUS + 1)
        return np.repeat(np.arange(len(queries)), np.diff(ends.astype(np.int64))), ids, distances

    def one(self, query: Rows) -> Any:
        return self.index.range_search(query[None], RADIUS + 1)


Side = Ours | Faiss


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def timed(function: Callable[..., Any], *arguments: Any) -> tuple[float, Any]:
    began = time.process_time()
    result = function(*arguments)
    return time.process_time() - began, result


def single(side: Side, queries: Rows) -> tuple[float, float]:
    spent = np.array([timed(side.one, query)[0] for query in queries]) * 1e6
    return np.percentile(spent, 50), np.percentile(spent, 99)


def triples(found: tuple[Any, Any, Any]) -> set[Pair]:
    return set(zip(*(np.asarray(part).tolist() for part in found), strict=True))


def exactness(sides: Sequence[Side], rows: Rows, chance: Chance) -> tuple[list[str], int, int]:
    """Rows of the table: every pair that brute force finds, and no other, with its distance."""
    picks = chance.integers(len(rows), size=32 * 8)
    far = np.repeat(np.arange(32), 8)
    queries = np.concatenate(
        [moved(rows[picks], far, chance), tightest(rows[picks[:64]]), moved(rows[picks[:64]], [32] * 64, chance)]
    )
    brute = kernels.fastest().sweep(rows, rows[:0, 0], len(rows), queries, RADIUS)
    expected = set(map(tuple, brute.tolist()))
    at = np.bincount([apart for _, _, apart in expected], minlength=32)
    lines = []
    for side in sides:
        found = triples(side.batch(queries))
        missed = np.bincount([apart for _, _, apart in expected - found], minlength=32)
        recall = min(1 - missed / np.maximum(at, 1))
        lines.append(f"{side.name}: lowest recall of any distance {recall:.4f}, {len(found - expected)} extras")
    return lines, len(expected), int(at.min())


def changes(rows: Rows, chance: Chance) -> list[float]:
    """Milliseconds of adding and of removing one; each is asked for at once."""
    index = HammingIndex(rows, np.arange(len(rows)))
    fresh = uniform(1000, chance)
    added, removed = [], []
    for number, row in enumerate(fresh, len(rows)):
        began = time.perf_counter()
        index.add(row, [number])
        added.append(time.perf_counter() - began)
        assert number in index.search(row)[0]
        gone = number - 1 if number % 2 else int(chance.integers(len(rows)))
        began = time.perf_counter()
        index.remove([gone])
        removed.append(time.perf_counter() - began)
        assert gone not in index.search(rows[gone] if gone < len(rows) else fresh[gone - len(rows)])[0]
    return [np.percentile(spent, at) * 1e3 for spent in (added, removed) for at in (50, 99)]


def measure(size: int, kind: str, options: Namespace) -> None:
    chance = np.random.default_rng(4)
    rows = {"uniform": uniform, "clustered": clustered}[kind](size, chance)
    misses = {"uniform": uniform, "clustered": clustered}[kind](options.queries // 2, chance)
    hits = moved(
        rows[chance.integers(size, size=options.queries - len(misses))],
        chance.integers(0, 32, options.queries - len(misses)),
        chance,
    )
    queries = np.concatenate([misses, hits])[chance.permutation(options.queries)]
    sides = [Ours(kernel) for kernel in (kernels.native(), None if options.no_numba else kernels.numba()) if kernel]
    sides += [Faiss()] if faiss and size <= options.faiss_up_to else []
    built = {side.name: timed(side.build, rows) for side in sides}
    spent = {side.name: [] for side in sides}
    for _ in range(options.rounds):
        for side in sides:
            spent[side.name].append(timed(side.batch, queries)[0] / len(queries) * 1e6)
    best = {name: min(times) for name, times in spent.items()}
    table = [["", "build s", "bytes/entry", "batch µs", "x FAISS", "one p50 µs", "p99", "x FAISS"]]
    ones = {side.name: single(side, queries[:500]) for side in sides}
    for side in sides:
        name = side.name
        batch = alone = "-"
        if Faiss.name in best:
            batch = f"{best[Faiss.name] / best[name]:.1f}"
            alone = f"{ones[Faiss.name][0] / ones[name][0]:.1f}"
        cells = [f"{built[name][0]:.2f}", f"{built[name][1] / size:.0f}", f"{best[name]:.1f}", batch]
        table.append([name, *cells, f"{ones[name][0]:.0f}", f"{ones[name][1]:.0f}", alone])
    print(f"\n{size:,} entries, {kind}; batch of {len(queries):,}, half of them planted at 0 to 31 bits\n")
    print(machine.table(table))
    lines, pairs, least = exactness(sides, rows, chance)
    print(
        "\n" + "\n".join(lines),
        f"\n({pairs:,} pairs by brute force, at least {least} at each distance, the tightest pattern among them)",
    )
    del sides
    gc.collect()
    add50, add99, remove50, remove99 = changes(rows, chance)
    print(
        f"add one: p50 {add50:.3f} ms, p99 {add99:.3f}; remove one: p50 {remove50:.3f} ms, p99 {remove99:.3f}; "
        "all matched at once"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sizes", default="100000,1000000")
    options.add_argument("--kinds", default="uniform,clustered")
    options.add_argument("--queries", type=int, default=4000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--faiss-up-to", type=int, default=10_000_000)
    options.add_argument("--no-numba", action="store_true")
    given = options.parse_args()
    print(machine.describe(), "\n" + AIM)
    print(
        f"FAISS {faiss.__version__}" if faiss else "FAISS is not installed: no comparison. See the head of this file."
    )
    os.sched_setaffinity(0, {machine.OTHER_CORE % os.cpu_count()})
    for size in map(int, given.sizes.split(",")):
        for kind in given.kinds.split(","):
            measure(size, kind, given)
    print("\n" + LEFT_OUT)


if __name__ == "__main__":
    main()
