"""In which order the statements of a project run: what they name comes first, then the order of the files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from heapq import heapify, heappop, heappush

from msgspec import Struct

from evenhand.engine.rules.check.walk import children
from evenhand.engine.rules.tree import (
    Definition,
    Do,
    Expr,
    File,
    Literal,
    Name,
    Program,
    Require,
    Statement,
)


class Step(Struct, frozen=True):
    """One statement; its place in `Order.steps` is its rank."""

    file: str
    statement: Statement


class Order(Struct, frozen=True):
    """`of_file` has the ranks of each file's statements, ascending. `settled`: a file that a Require brings in ranks
    behind it. Files that require each other cannot be ordered so; their statements run as they are brought in."""

    steps: tuple[Step, ...]
    of_file: dict[str, tuple[int, ...]]
    settled: bool


def order(program: Program) -> Order:
    """Raises ValueError: names that need each other."""
    files = _reached(program)
    steps = [Step(path, one) for path in files for one in program.files[path].statements]
    names = _after_names(steps)
    ranked = _sorted(len(steps), [*names, *_after_requires(program, files, steps)])
    settled = ranked is not None
    ranked = _sorted(len(steps), names) if ranked is None else ranked
    if ranked is None:
        raise ValueError("These rules have names that need each other.")
    of_file: dict[str, list[int]] = {path: [] for path in files}
    for rank, index in enumerate(ranked):
        of_file[steps[index].file].append(rank)
    return Order(
        tuple(steps[index] for index in ranked), {path: tuple(some) for path, some in of_file.items()}, settled
    )


def names(expr: Expr) -> Iterator[str]:
    """The keys that an expression reads, some of them more than once."""
    waiting = [expr]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Name):
            yield one.key
        waiting.extend(children(one))


def values(program: Program) -> Iterator[Expr]:
    """Every expression that stands in a statement of its own."""
    for file in program.files.values():
        for statement in file.statements:
            if not isinstance(statement, Require):
                yield statement.value
            elif statement.condition is not None:
                yield statement.condition


def reads(statement: Statement) -> Iterator[str]:
    match statement:
        case Definition(value=value) | Do(value=value):
            yield from names(value)
        case Require(pattern=pattern, condition=condition):
            yield from names(pattern)
            if condition is not None:
                yield from names(condition)


def unconditional(statement: Statement) -> tuple[str, ...]:
    """The files that come with a file's statement whatever the event."""
    if isinstance(statement, Require) and statement.condition is None and isinstance(statement.pattern, Literal):
        return statement.files
    return ()


def together(program: Program, path: str) -> list[str]:
    """The file, and all that comes with it whatever the event."""
    found: dict[str, None] = {}
    waiting = [path]
    while waiting:
        one = waiting.pop()
        if one in program.files and one not in found:
            found[one] = None
            waiting += program.files[one].imports
            waiting += [other for statement in program.files[one].statements for other in unconditional(statement)]
    return list(found)


def _required(file: File) -> Iterator[str]:
    for statement in file.statements:
        if isinstance(statement, Require):
            yield from statement.files


def _reached(program: Program) -> list[str]:
    """Imports first, then the file, then what it requires."""
    found: dict[str, None] = {}
    entered: set[str] = set()
    waiting = [(program.entry, False)]
    while waiting:
        path, left = waiting.pop()
        if left:
            found[path] = None
        elif path in program.files and path not in entered:
            entered.add(path)
            file = program.files[path]
            waiting += [(one, False) for one in reversed(list(_required(file)))]
            waiting.append((path, True))
            waiting += [(one, False) for one in reversed(file.imports)]
    return list(found)


def _after_names(steps: Iterable[Step]) -> list[tuple[int, int]]:
    steps = list(steps)
    made = {step.statement.key: index for index, step in enumerate(steps) if isinstance(step.statement, Definition)}
    return [(made[key], index) for index, step in enumerate(steps) for key in set(reads(step.statement)) if key in made]


def _after_requires(program: Program, files: list[str], steps: list[Step]) -> Iterator[tuple[int, int]]:
    """What a Require may bring in comes behind it, unless it is there for certain when the Require runs."""
    bits = {path: 1 << number for number, path in enumerate(files)}
    closures = {path: reduce(int.__or__, (bits[one] for one in together(program, path)), 0) for path in files}
    there = _certain(program, files, closures)
    of_file: dict[str, list[int]] = {path: [] for path in files}
    for index, step in enumerate(steps):
        of_file[step.file].append(index)
    for index, step in enumerate(steps):
        if not isinstance(step.statement, Require) or unconditional(step.statement):
            continue
        brought = reduce(int.__or__, (closures[path] for path in step.statement.files if path in bits), 0)
        for path in _paths(brought & ~there[step.file] & ~there[program.entry], files):
            yield from ((index, later) for later in of_file[path])


def _certain(program: Program, files: list[str], closures: Mapping[str, int]) -> dict[str, int]:
    """For each file, the files that are there whenever it is: its own, and those that all that bring it in have."""
    bring: dict[str, set[str]] = {path: set() for path in files}
    brings = {path: [*program.files[path].imports, *_required(program.files[path])] for path in files}
    for path, others in brings.items():
        for one in others:
            if one in bring:
                bring[one].add(path)
    there = dict.fromkeys(files, -1)
    there[program.entry] = closures[program.entry]
    waiting = list(reversed(files))
    while waiting:
        path = waiting.pop()
        shared = reduce(int.__and__, (there[one] for one in bring[path]), -1) if path != program.entry else 0
        now = closures[path] | shared
        if now != there[path]:
            there[path] = now
            waiting += [one for one in brings[path] if one in bring]
    return there


def _paths(bits: int, files: list[str]) -> Iterator[str]:
    while bits:
        lowest = bits & -bits
        yield files[lowest.bit_length() - 1]
        bits ^= lowest


def _sorted(count: int, edges: Iterable[tuple[int, int]]) -> list[int] | None:
    """The numbers below `count`, each behind those that an edge puts before it; the lowest first. None: a circle."""
    behind: list[list[int]] = [[] for _ in range(count)]
    before = [0] * count
    for first, later in edges:
        behind[first].append(later)
        before[later] += 1
    ready = [index for index in range(count) if not before[index]]
    heapify(ready)
    found = []
    while ready:
        index = heappop(ready)
        found.append(index)
        for later in behind[index]:
            before[later] -= 1
            if not before[later]:
                heappush(ready, later)
    return found if len(found) == count else None
