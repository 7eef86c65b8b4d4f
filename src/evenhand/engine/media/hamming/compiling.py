"""numba as the loops use it: one signature for each, compiled once, kept on disk where that may be written, and run
without holding the interpreter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba
from numba.core import types
from numba.core.extending import intrinsic

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(signature: Any = None) -> Callable[[Function], Function]:
    """Compiles a function; without a signature, when another one calls it."""

    def make(function: Function) -> Function:
        options: dict[str, Any] = {
            "nogil": True,
            "error_model": "numpy",
            "boundscheck": False,
        }
        arguments = [] if signature is None else [signature]
        try:
            made: Function = numba.njit(*arguments, cache=True, **options)(function)
        except RuntimeError:  # numba finds no folder that it may write to
            made = numba.njit(*arguments, **options)(function)
        return made

    return make


def reading(dtype: Any, dimensions: int) -> Any:
    """An array that is only read, and may be a mapped file."""
    return types.Array(dtype, dimensions, "C", readonly=True)


def writing(dtype: Any, dimensions: int) -> Any:
    return types.Array(dtype, dimensions, "C")


@intrinsic
def _ones(context: Any, word: Any) -> Any:  # noqa: ARG001 -- numba's interface
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ARG001 -- numba's interface
        return builder.ctpop(arguments[0])

    return word(word), generate


ones: Callable[[Any], Any] = _ones
"""How many bits are set: the processor's own instruction, alone or in vectors."""
