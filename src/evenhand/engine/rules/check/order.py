"""What must come before what: dependencies in order, and the cycles in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


def ordered(needs: Mapping[str, Sequence[str]]) -> tuple[list[str], list[list[str]]]:
    """All keys, each behind those it needs where that can be; and the cycles, each from one key back to before it.

    Without recursion: a chain may be as long as a file.
    """
    done: list[str] = []
    state: dict[str, bool] = {}  # True: done; False: on the way
    cycles: list[list[str]] = []
    for start in needs:
        if start in state:
            continue
        path: list[str] = [start]
        state[start] = False
        waiting = [iter(needs[start])]
        while path:
            need = next(waiting[-1], None)
            if need is None:
                waiting.pop()
                finished = path.pop()
                state[finished] = True
                done.append(finished)
            elif need not in needs:
                continue
            elif need not in state:
                state[need] = False
                path.append(need)
                waiting.append(iter(needs[need]))
            elif not state[need]:
                cycles.append(path[path.index(need) :])
    return done, cycles


def reached(start: Iterable[str], needs: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """`start` and all that it needs, however far."""
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += needs.get(one, ())
    return frozenset(found)


def told(cycle: Sequence[str]) -> str:
    """A → B → A, with the middle left out when it is long."""
    most = 8
    shown = [*cycle[: most - 1], "…"] if len(cycle) > most else list(cycle)
    return " → ".join([*shown, cycle[0]])
