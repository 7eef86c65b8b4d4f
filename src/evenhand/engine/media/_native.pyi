# The extension that hatch_build.py makes of native/*.c; absent where there was no compiler. See native/module.c.
from typing import Any, TypeAlias

import numpy.typing as npt

Buffer: TypeAlias = bytes | npt.NDArray[Any]

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
def pdq_cosines(
    pixels: Buffer,
    height: int,
    width: int,
    channels: int,
    is_float: bool,
    filtered: bool,
    matrix: Buffer,
    found: Buffer,
    /,
) -> int: ...
