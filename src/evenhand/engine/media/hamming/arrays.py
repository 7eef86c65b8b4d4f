"""The shapes of arrays that the index is made of, and how callers' values become them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

WIDTH: Final = 32
"""Bytes of a hash."""
CHUNKS: Final = 16
"""Parts of 16 bits that a hash is cut into; one table for each."""
BUCKETS: Final = 65_536
BITS: Final = 256
WIDEST: Final = 47
"""The largest radius that the tables answer; wider ones are answered by looking at every row."""

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint32]
Ids = npt.NDArray[np.int64]
Distances = npt.NDArray[np.int16]
Found = npt.NDArray[np.uint32]
"""Triples [k, 3]: query, row, distance."""

NONE_DEAD: Final[Bytes] = np.zeros(0, np.uint8)


def as_hashes(given: Any) -> Bytes:
    """Rows of 32 bytes, from uint8[n, 32] or from one hash (bytes or uint8[32]). Raises ValueError for other things."""
    rows = np.frombuffer(given, np.uint8) if isinstance(given, (bytes, bytearray, memoryview)) else np.asarray(given)
    if rows.shape in {(0,), (0, WIDTH)}:
        return np.zeros((0, WIDTH), np.uint8)
    if rows.dtype != np.uint8 or rows.ndim not in {1, 2} or rows.shape[-1] != WIDTH:
        raise ValueError(f"hashes are uint8[n, {WIDTH}], not {rows.dtype}{list(rows.shape)}")
    return np.ascontiguousarray(rows.reshape(-1, WIDTH))


def as_ids(given: Any, count: int) -> Ids:
    """int64[count]. Raises ValueError for another number of them, or for what is no whole number."""
    ids = np.asarray(given)
    if ids.size == 0:
        ids = ids.astype(np.int64)
    if ids.ndim != 1 or len(ids) != count or not np.issubdtype(ids.dtype, np.integer):
        raise ValueError(f"{count} hashes need ids as int64[{count}], not {ids.dtype}{list(ids.shape)}")
    return np.ascontiguousarray(ids, np.int64)
