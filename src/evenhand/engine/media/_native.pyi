# The extension that hatch_build.py makes of native/*.c; absent where there was no compiler. See native/module.c.
from typing import Any, TypeAlias

import numpy.typing as npt

Buffer: TypeAlias = bytes | npt.NDArray[Any]
Pixels: TypeAlias = npt.NDArray[Any]

def levels() -> int: ...
def build(hashes: Buffer, starts: Buffer, near: Buffer, rows: Buffer, /) -> None: ...
def chain(heads: Buffer, following: Buffer, hashes: Buffer, first: int, end: int, /) -> None: ...
def search(
    level: int,
    starts: Buffer,
    near: Buffer,
    rows: Buffer,
    hashes: Buffer,
    dead: Buffer,
    queries: Buffer,
    radius: int,
    /,
) -> bytes: ...
def follow(
    level: int,
    heads: Buffer,
    following: Buffer,
    hashes: Buffer,
    dead: Buffer,
    count: int,
    queries: Buffer,
    radius: int,
    /,
) -> bytes: ...
def sweep(
    level: int,
    hashes: Buffer,
    dead: Buffer,
    count: int,
    queries: Buffer,
    radius: int,
    /,
) -> bytes: ...
def pdq_cosines(pixels: Pixels, filtered: bool, matrix: Buffer, found: Buffer, /) -> int: ...
def block_means(pixels: Pixels, down: int, across: int, means: Buffer, /) -> None: ...
def block_extremes(pixels: Pixels, down: int, across: int, lowest: Buffer, highest: Buffer, /) -> int: ...
