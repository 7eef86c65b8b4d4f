"""Replays stored events against rule projects, in processes of their own: in the order of the log, memory flat.

The caller's process alone reads the log, and deals it out in chunks. A project whose rules remember nothing is run by
as many processes as it may have, each with every n-th chunk. One that counts or labels is run by a single process that
sees every event in order: its state is that of one worker that folded them all.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from itertools import islice
from typing import Any, Final

import msgspec
from msgspec import Struct

from evenhand.engine.detect.ruleview import moment, number, view
from evenhand.engine.model import Event, Micros
from evenhand.engine.rules import Result, RuleSet
from evenhand.engine.rules.backtest import Fire, fires, item_key
from evenhand.engine.rules.memory import Memory, memory
from evenhand.engine.rules.replay import play
from evenhand.engine.rules.state import MemoryState
from evenhand.engine.rules.testing import rules_of
from evenhand.runtime.eventlog import Row, to_event
from evenhand.runtime.rules import load_sources

CHUNK: Final = 1000
_AHEAD: Final = 4
"""Chunks that wait for each process: enough that none is idle, few enough that memory stays flat."""
_MOST_ERRORS: Final = 20


class Project(Struct, frozen=True):
    """Rule sources as `engine.rules.load_sources` takes them."""

    sources: dict[str, str]
    config: dict[str, Any]


class Hit(Struct, frozen=True, array_like=True):
    """An event of a chunk on which rules fired; `index` is its place in the chunk."""

    index: int
    item: str
    at: Micros
    fires: tuple[Fire, ...]


class Chunk(Struct, frozen=True, array_like=True):
    """What one project made of a chunk. `unreadable`: events of another version of the desk. `failed`: events in which
    a value could not be had; `errors`: how often each was told, some of them."""

    hits: list[Hit]
    run: int
    unreadable: int
    failed: int
    errors: dict[str, int]


class Read(Struct, frozen=True):
    """A chunk of the log and what each project made of it. `until`: when its last event was received."""

    until: Micros
    chunks: tuple[Chunk, ...]


class Both(Struct, frozen=True):
    """One event on which rules fired, of the first project or of the second."""

    item: str
    at: Micros
    now: tuple[Fire, ...]
    before: tuple[Fire, ...]


class Loaded(Struct, frozen=True):
    """A project that can be run: the names of its rules, and how far they look back."""

    project: Project
    rules: tuple[str, ...]
    memory: Memory


def load(project: Project, *, stored: bool = False) -> Loaded:
    """`stored`: it was published before. Raises RuleError: the project has mistakes."""
    program = load_sources(project.sources, project.config, stored=stored).program
    return Loaded(project, rules_of(program), memory(program))


def replay(rows: Iterable[Row], projects: Sequence[Loaded], *, processes: int, counted_from: Micros) -> Generator[Read]:
    """Chunk by chunk, in order. Events before `counted_from` only warm the state: they are in no result."""
    share = max(1, processes // len(projects))
    with ExitStack() as stack:
        sides = [_Side(one, share, counted_from, stack) for one in projects]
        most = _AHEAD * max(side.processes for side in sides)
        waiting: deque[tuple[Micros, list[Future[bytes]]]] = deque()
        for turn, chunk in enumerate(_chunks(iter(rows))):
            waiting.append((chunk[-1].at, [side.give(turn, chunk) for side in sides]))
            if len(waiting) > most:
                yield _taken(*waiting.popleft())
        while waiting:
            yield _taken(*waiting.popleft())


def joined(read: Read) -> Iterator[Both]:
    """The events of a chunk on which rules of either project fired, in order."""
    sides = [{hit.index: hit for hit in chunk.hits} for chunk in read.chunks]
    for index in sorted({index for side in sides for index in side}):
        hits = [side.get(index) for side in sides]
        hit = next(one for one in hits if one)
        now, *before = [one.fires if one else () for one in hits]
        yield Both(hit.item, hit.at, now, before[0] if before else ())


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _taken(until: Micros, answers: list[Future[bytes]]) -> Read:
    return Read(until, tuple(_decode(one.result()) for one in answers))


class _Side:
    """One project and its processes. Each has one worker of its own, so that it sees its chunks in their order."""

    def __init__(self, loaded: Loaded, processes: int, counted_from: Micros, stack: ExitStack) -> None:
        self.processes = processes if loaded.memory.stateless else 1
        context = multiprocessing.get_context("spawn")
        given = (loaded.project, counted_from)
        self._hosts = [
            ProcessPoolExecutor(1, context, initializer=_begin, initargs=given) for _ in range(self.processes)
        ]
        for host in self._hosts:
            stack.callback(host.shutdown, cancel_futures=True)

    def give(self, turn: int, chunk: list[Row]) -> Future[bytes]:
        rows = [(row.id, row.at, row.source, row.body) for row in chunk]
        return self._hosts[turn % self.processes].submit(_run, rows)


class _Run:
    """The state of one process."""

    def __init__(self, project: Project, counted_from: Micros) -> None:
        self.rules: RuleSet = load_sources(project.sources, project.config, stored=True)  # `load` has checked it
        self.state = MemoryState(limits=self.rules.limits)
        self.counted_from = counted_from

    def chunk(self, rows: Sequence[Row]) -> Chunk:
        told = _Told()
        for index, row in enumerate(rows):
            try:
                event = to_event(row)
            except msgspec.DecodeError:
                told.unreadable += row.at >= self.counted_from
                continue
            seen = view(event)
            if seen is None:
                continue
            result = play(self.rules, self.state, *seen, at=moment(row.at), action_id=number(event))
            if row.at >= self.counted_from:
                told.take(index, event, result)
        return Chunk(told.hits, told.run, told.unreadable, told.failed, told.errors)


class _Told:
    """What a chunk comes to."""

    def __init__(self) -> None:
        self.hits: list[Hit] = []
        self.run = self.unreadable = self.failed = 0
        self.errors: dict[str, int] = {}

    def take(self, index: int, event: Event, result: Result) -> None:
        self.run += 1
        self.failed += bool(result.errors)
        for one in result.errors:
            told = f"{one.file}:{one.line}: {one.message}"
            if told in self.errors or len(self.errors) < _MOST_ERRORS:
                self.errors[told] = self.errors.get(told, 0) + 1
        if result.fired:
            subject = event.subject
            self.hits.append(Hit(index, item_key(subject.type, subject.id), event.at, fires(result)))


_running: list[_Run] = []
"""This process's run; a list, for it is made by the initializer and used by each task."""
_decode: Final[Callable[[bytes], Chunk]] = msgspec.msgpack.Decoder(Chunk).decode
_encode: Final[Callable[[Chunk], bytes]] = msgspec.msgpack.Encoder().encode


def _begin(project: Project, counted_from: Micros) -> None:
    """Ctrl-C is for the process that deals out: it ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _running[:] = [_Run(project, counted_from)]


def _run(rows: list[tuple[bytes, Micros, str, bytes]]) -> bytes:
    return _encode(_running[0].chunk([Row(id_, 0, at, source, body) for id_, at, source, body in rows]))
