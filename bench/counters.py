"""The rules' counters: how many increments one core does in a second, with a hot key, many keys, and late events.

One core, in memory. Times are of the processor, so that others on the machine count little. Run it with
`./run bench counters`. Options: --events N in each round (default 200,000), --keys N (default 20,000).
Exits with 1 when a stream falls below the aim.
"""

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from statistics import median

import msgspec

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench import machine
from evenhand.engine.rules.state import KeyedState, Limits, MemoryState, TooLate

T0 = 1_750_000_000_000_000
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
ROUNDS = 5
AIM = 200_000
LEFT_OUT = """\
Left out: making keys (what rules do with f-strings), running rules, decoding events, the database. "A state for each
event" is what the desk's fold does, with msgpack both ways and without the rows. Keys are short and all different;
ids are numbers in order. The garbage collector runs as it does by default."""

Step = tuple[str, int, int]
"""The key, the event's id and its time."""
Act = Callable[[MemoryState, Sequence[Step]], int]
"""How many of the steps have no answer: they came late, under a key of which more came than is kept one by one."""


def hot(events: int, keys: int, random: Random) -> list[Step]:  # noqa: ARG001 (streams are made alike)
    return [("Count/3600000000/5/posts/:hot", number, T0 + number * SECOND) for number in range(events)]


def many(events: int, keys: int, random: Random) -> list[Step]:
    return [(_key(random.randrange(keys)), number, T0 + number * SECOND // 100) for number in range(events)]


def ranked(events: int, keys: int, random: Random) -> list[Step]:
    """A few keys have most of the events: the n-th a share of 1/n."""
    chosen = random.choices(range(keys), [1 / (rank + 1) for rank in range(keys)], k=events)
    return [(_key(key), number, T0 + number * SECOND // 100) for number, key in enumerate(chosen)]


def late(events: int, keys: int, random: Random) -> list[Step]:
    """As ranked; one in five comes up to half an hour late, one in twenty comes twice."""
    steps = []
    for key, number, at in ranked(events, keys, random):
        steps.append((key, number, at - random.randrange(HOUR // 2) if random.random() < 0.2 else at))
        if random.random() < 0.05:
            steps.append(random.choice(steps[-1000:]))
    return steps


def _key(number: int) -> str:
    return f"Count/3600000000/5/posts/4:User/u{number}"


def increment(state: MemoryState, steps: Sequence[Step], window: int = HOUR) -> int:
    unknown = 0
    for key, event, at in steps:
        try:
            state.increment(key, event=event, at=at, window=window)
        except TooLate:
            unknown += 1
    return unknown


def increment_minute(state: MemoryState, steps: Sequence[Step]) -> int:
    return increment(state, steps, MINUTE)


def distinct(state: MemoryState, steps: Sequence[Step]) -> int:
    values = [f"192.0.2.{number}" for number in range(256)]
    unknown = 0
    for key, event, at in steps:
        try:
            state.distinct(key, values[event * 7 & 255], event=event, at=at, window=HOUR)
        except TooLate:
            unknown += 1
    return unknown


def first(state: MemoryState, steps: Sequence[Step]) -> int:
    for key, _, at in steps:
        state.first_seen(key, at=at, note=True)
    return 0


STREAMS: tuple[tuple[str, Act, Callable[[int, int, Random], list[Step]]], ...] = (
    ("increment, one hot key, more than is kept", increment, hot),
    ("increment, many keys", increment, many),
    ("increment, ranked keys", increment, ranked),
    ("increment, ranked keys, late and twice", increment, late),
    ("increment within a minute, ranked keys, late and twice", increment_minute, late),
    ("distinct, one hot key", distinct, hot),
    ("distinct, ranked keys, late and twice", distinct, late),
    ("first_seen, many keys", first, many),
)


def rate(act: Act, steps: Sequence[Step]) -> tuple[float, float]:
    """Steps in a second, and the share of them that has no answer."""
    state = MemoryState()
    started = time.process_time()
    unknown = act(state, steps)
    return len(steps) / (time.process_time() - started), unknown / len(steps)


def streams_table(options: argparse.Namespace) -> tuple[list[list[str]], bool]:
    rows = [["stream", "per second", f"worst to best of {ROUNDS}", "without an answer"]]
    reached = True
    for name, act, make in STREAMS:
        told = [rate(act, make(options.events, options.keys, Random(seed))) for seed in range(ROUNDS)]
        rates, unknown = [one for one, _ in told], median(one for _, one in told)
        rows.append([name, f"{median(rates):,.0f}", f"{min(rates):,.0f} to {max(rates):,.0f}", f"{unknown:.2%}"])
        reached = reached and (act not in (increment, increment_minute) or median(rates) >= AIM)
    return rows, reached


def keyed_table() -> list[list[str]]:
    """What the desk does for one event: load, increment, write."""
    rows = [["events kept under the key", "µs for a state for each event", "bytes kept"]]
    for kept in (1, 10, 100, 1000):
        state = MemoryState(limits=Limits(most=kept))
        increment(state, hot(kept + 10, 1, Random(0)))
        ((name, keep),) = state.changed.items()
        data = msgspec.msgpack.encode(keep.value)
        times = [_one_event(name, data, kept, T0 + HOUR // 2 + number * SECOND) for number in range(300)]
        rows.append([f"{kept:,}", f"{median(times) * 1e6:.1f}", f"{len(data):,}"])
    return rows


def _one_event(name: str, data: bytes, kept: int, at: int) -> float:
    started = time.process_time()
    state = KeyedState({name: msgspec.msgpack.decode(data)}.get, limits=Limits(most=kept))
    state.increment(name.removeprefix("count:"), event=1 << 40, at=at, window=HOUR)
    for keep in state.changed.values():
        msgspec.msgpack.encode(keep.value)
    return time.process_time() - started


def snapshot_table(options: argparse.Namespace) -> list[list[str]]:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    state = MemoryState()
    increment(state, [(_key(number), number, T0) for number in range(10 * options.keys)])
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    started = time.process_time()
    data = state.dump()
    dumped = time.process_time()
    MemoryState.load(data)
    loaded = time.process_time()
    return [
        ["keys with one event", "memory for each", "bytes of snapshot for each", "dump, s", "load, s"],
        [
            f"{len(state):,}",
            f"{grown / len(state):.0f}" if grown else "not seen: less than before",
            f"{len(data) / len(state):.0f}",
            f"{dumped - started:.2f}",
            f"{loaded - dumped:.2f}",
        ],
    ]


def calibration() -> float:
    """Milliseconds of the processor for two million additions: what else runs on the machine shows here."""
    started = time.process_time()
    total = 0
    for number in range(2_000_000):
        total += number
    return (time.process_time() - started) * 1e3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--keys", type=int, default=20_000)
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    print(f"{machine.describe()}; two million additions take {calibration():.0f} ms before")
    memory = snapshot_table(options)
    streams, reached = streams_table(options)
    for rows in (streams, keyed_table(), memory):
        print(f"\n{machine.table(rows)}")
    print(f"\nTwo million additions take {calibration():.0f} ms after.")
    print(f"Aim: {AIM:,} increments a second on one core, in every stream: {'reached' if reached else 'missed'}.")
    print(LEFT_OUT)
    sys.exit(not reached)


if __name__ == "__main__":
    main()
