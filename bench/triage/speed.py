"""How fast very many cases are put in order: all of them, and one that moves. Times are of the processor."""

from __future__ import annotations

import time
from collections.abc import Callable
from random import Random
from typing import TypeVar

import msgspec
import numpy as np

from bench import machine
from evenhand.engine.platform import Policy
from evenhand.engine.triage import bulk
from evenhand.engine.triage.basis import Basis, Weighed, rules
from evenhand.engine.triage.board import Board
from evenhand.engine.triage.harm import Model
from evenhand.engine.triage.place import place

_T = TypeVar("_T")
CASES, MOVES = 1_000_000, 500
DIFFERENT = 20_000
NOW = 1_790_000_000_000_000
DAY = 86_400 * 1_000_000
POLICIES = {
    f"p{number}": Policy(
        id=f"p{number}", name="A policy", harm=1.0 + 3 * number, lane="critical" if number == 7 else "normal"
    )
    for number in range(8)
}


def measure() -> str:
    chance, model = Random(1), Model()
    bases = [_basis(chance) for _ in range(DIFFERENT)]
    kept = [msgspec.json.encode(one) for one in bases]
    decoder = msgspec.json.Decoder(Basis)
    reading, _ = _timed(lambda: [decoder.decode(one) for one in kept])
    gathering, columns = _timed(lambda: bulk.columns(bases * (CASES // DIFFERENT)))
    ranking, places = _timed(lambda: bulk.places(columns, POLICIES, model))
    sorting, _ = _timed(places.order)
    board = Board(places)
    moves = []
    for _ in range(MOVES):
        case, like = chance.randrange(CASES), bases[chance.randrange(DIFFERENT)]
        took, _ = _timed(lambda case=case, like=like: _move(board, case, like, model))  # type: ignore[misc]
        moves.append(took * 1000)
    rows = [
        ["what", "found", "aim"],
        [f"{CASES:,} cases ranked from arrays and put in order", f"{ranking + sorting:.2f} s", "2 s"],
        ["one ranked anew and moved to its place: p50", f"{np.quantile(moves, 0.5):.2f} ms", "5 ms"],
        ["the same: p99", f"{np.quantile(moves, 0.99):.2f} ms", "5 ms"],
        ["arrays made from stored values", f"{gathering:.2f} s", ""],
        ["stored values decoded (of 1,000,000)", f"{reading * CASES / DIFFERENT:.2f} s", ""],
    ]
    return machine.table(rows)


def _move(board: Board, case: int, like: Basis, model: Model) -> int:
    stands = place(like, rules(POLICIES), model)
    return board.move(case, stands.lane, stands.rank)


def _timed(run: Callable[[], _T]) -> tuple[float, _T]:
    began = time.process_time()
    result = run()
    return time.process_time() - began, result


def _basis(chance: Random) -> Basis:
    made = NOW - int(chance.random() * 3 * DAY)
    return Basis(
        at=NOW, made=made, fades=True, views=chance.randrange(10_000), reported_at=made + DAY // 24,
        seconds=45 + 60 * chance.random(), csam=False,
        policies=tuple(
            Weighed(f"p{chance.randrange(8)}", chance.random(), chance.random(), chance.random() < 0.3, 1, True, 0.5)
            for _ in range(1 + (chance.random() < 0.3))
        ),
    )  # fmt: skip
