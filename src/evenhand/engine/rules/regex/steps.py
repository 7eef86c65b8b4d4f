"""How many steps a backtracking engine can take from one place in a text: where they are few, it is linear."""

from __future__ import annotations

from evenhand.engine.rules.regex.shape import Atomic, Back, Choice, Look, Node, Repeat, Sequential, children

_MOST = 64
_ENDLESS = _MOST + 1

Steps = tuple[int, int]
"""The most steps it can take, and the most ways in which it can come out."""


def few_steps(node: Node) -> bool:
    """Whether every search from one place ends within a small number of steps, whatever the text."""
    return _steps(node)[0] <= _MOST


def _steps(node: Node) -> Steps:
    match node:
        case Sequential():
            taken, ways = 0, 1
            for one in node.items:
                taken, ways = _then((taken, ways), _steps(one))
            return taken, ways
        case Choice() | Back():
            each = [(1, 1), *map(_steps, children(node))]
            return _capped(sum(taken for taken, _ in each), sum(ways for _, ways in each))
        case Repeat():
            return _repeated(node)
        case Look() | Atomic():
            return _steps(node.body)[0], 1
    return 1, 1


def _then(first: Steps, second: Steps) -> Steps:
    """The second is gone through again for each way in which the first comes out."""
    return _capped(first[0] + first[1] * second[0], first[1] * second[1])


def _repeated(node: Repeat) -> Steps:
    if node.most is None or node.most > _MOST:
        return _ENDLESS, _ENDLESS
    body = _steps(node.body)
    taken, ways = 0, 1
    out = 1 if node.least == 0 else 0
    for count in range(1, node.most + 1):
        taken, ways = _then((taken, ways), body)
        out += ways if count >= node.least else 0
    return _capped(taken, out)


def _capped(taken: int, ways: int) -> Steps:
    return min(taken, _ENDLESS), min(ways, _ENDLESS)
