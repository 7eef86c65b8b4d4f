"""Functions that rules may call: their parameters and types, read from plain typed Python functions."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeVar, get_type_hints

from msgspec import Struct

from evenhand.engine.rules.run import Context
from evenhand.engine.rules.types import EFFECT, Type, of_annotation
from evenhand.engine.rules.values import CONSTANT

_READS_ALL: Final = 2
"""The least `cost` of a function that reads more than the beginning or the end of a text."""
Python = TypeVar("Python", bound=Callable[..., Any])


class Required:
    """The default of a parameter that has none."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED: Final = Required()


class Parameter(Struct, frozen=True):
    """`constant`: the argument must be written out in the file."""

    name: str
    type: Type
    default: Any = REQUIRED
    constant: bool = False


class Function(Struct, frozen=True):
    """`call` takes the parameters by position, in order, behind a Context when `context` is set.

    `pure`: the same arguments give the same value; it may be run at any time, once or more. `cost`: what it takes,
    roughly, where a comparison takes 1. `form`: the compiler's own, `call` is not used.
    """

    name: str
    call: Callable[..., Any]
    parameters: tuple[Parameter, ...]
    result: Type
    doc: str
    context: bool = False
    pure: bool = True
    cost: int = 5
    form: bool = False
    variadic: bool = False
    """Takes further keywords, all of the type of the last parameter (`ExperimentWhen`)."""
    total: bool = False
    """Pure, and has a value for whatever its types allow: raises nothing. The compiler may leave out such a call."""
    broken: bool = False
    """It stands for one that cannot be had: `doc` says why, and no call of it has a value."""

    @property
    def counted(self) -> bool:
        """Whether its work is counted for the event (`run.spend`): it may read all of a long text."""
        return self.cost >= _READS_ALL and self.result != EFFECT and not self.form

    @property
    def positional(self) -> tuple[Parameter, ...]:
        """The parameters that are given by position: all but the one that stands for further keywords."""
        return self.parameters[:-1] if self.variadic else self.parameters

    @property
    def signature(self) -> str:
        """As an author would write it: Name(a: str, b: int = 0) -> bool."""
        shown = [
            f"{one.name}: {one.type}" + ("" if one.default is REQUIRED else f" = {one.default!r}")
            for one in self.parameters
        ]
        return f"{self.name}({', '.join(shown)}) -> {self.result}"


Table = Mapping[str, Function]


class Family:
    """Collects the functions of one module under the names that rules call them by."""

    def __init__(self) -> None:
        self.functions: dict[str, Function] = {}

    def add(self, name: str, *, pure: bool = True, cost: int = 5, total: bool = False) -> Callable[[Python], Python]:
        """Decorator. A first parameter annotated `Context` is given by the engine, and makes the function impure unless
        `pure` is left as it is and it reads only what the event gives (lists, action name)."""

        def added(call: Python) -> Python:
            self.functions[name] = read(name, call, pure=pure, cost=cost, total=total)
            return call

        return added


def read(
    name: str,
    call: Callable[..., Any],
    *,
    pure: bool = True,
    cost: int = 5,
    form: bool = False,
    total: bool = False,
) -> Function:
    """The function as its annotations and docstring tell it.

    Raises TypeError: an annotation is missing, or SML has no such type.
    """
    hints = get_type_hints(call, include_extras=True)
    context, variadic, parameters = False, False, []
    for position, parameter in enumerate(inspect.signature(call).parameters.values()):
        if parameter.name not in hints:
            raise TypeError(f"{name}: the parameter {parameter.name!r} has no annotation")
        hint = hints[parameter.name]
        if position == 0 and hint is Context:
            context = True
            continue
        variadic = variadic or parameter.kind is inspect.Parameter.VAR_KEYWORD
        parameters.append(
            Parameter(
                parameter.name,
                of_annotation(hint),
                REQUIRED if parameter.default is inspect.Parameter.empty else parameter.default,
                CONSTANT in getattr(hint, "__metadata__", ()),
            )
        )
    if "return" not in hints:
        raise TypeError(f"{name}: the result has no annotation")
    return Function(
        name=name,
        call=call,
        parameters=tuple(parameters),
        result=of_annotation(hints["return"]),
        doc=inspect.getdoc(call) or "",
        context=context,
        pure=pure,
        cost=cost,
        form=form,
        variadic=variadic,
        total=total,
    )


def table(*families: Iterable[Function]) -> dict[str, Function]:
    """All functions by name; later ones take the place of earlier ones."""
    return {function.name: function for family in families for function in family}
