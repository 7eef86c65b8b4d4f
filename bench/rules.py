"""Rules: events per second on one core, from JSON to JSON, for few and many rules; and what could make them slow.

One core, no database. Times are of the processor, so that others on the machine count little. Run it with
`./run bench rules`. Options: --events N in each round (default 2,000), --rounds N (default 5).
"""

import argparse
import os
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench import machine, rulesets, rulesets_public
from bench.detect import calibration
from evenhand.engine import rules
from evenhand.engine.rules import interpret
from evenhand.engine.rules.regex import TextIndex
from evenhand.engine.rules.run import Context
from evenhand.engine.rules.state import MemoryState

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
PEER = {
    "flat, 10 rules": 586, "flat, 100 rules": 72, "flat, 1,000 rules": 6.1, "gated, 100 rules": 373,
    "gated, 1,000 rules": 49, "public shape, mixed": 131, "public shape, posts only": 47,
}  # fmt: skip
AIM = """\
Aims, events/s: 20,000 at 100 rules flat, 30,000 at 100 gated, 2,000 at 1,000 flat, 10,000 mixed in public shape;
1,000 literals in under 10 µs."""
LEFT_OUT = """\
The peer's figures (Osprey 1.1.0, execute() alone, without JSON) were measured elsewhere, on another machine: with its
own synthetic rules of about 12 nodes each, and with the public rules whose shape ours have. They give the order of
magnitude; no ratio is made of them. Left out: reading events from a log, writing results and labels to a database,
durable state (counters are in memory), the network. The texts are random words: real ones hit fewer rules, and have
more letters that are not ASCII."""


class Figures:
    """Events per second of each round, and what came before the first event."""

    def __init__(self, name: str, rates: Sequence[float], load: float, compile_: float, fired: int) -> None:
        self.name, self.rates, self.load, self.compile, self.fired = name, rates, load, compile_, fired

    @property
    def row(self) -> list[str]:
        peer = PEER.get(self.name)
        rate = f"{median(self.rates):,.0f}"
        spread = f"{min(self.rates):,.0f} to {max(self.rates):,.0f}"
        build = f"{self.load * 1e3:.0f} + {self.compile * 1e3:.0f}"
        return [self.name, rate, spread, f"{1e6 / median(self.rates):.1f}", build, f"{self.fired}", f"{peer or '-'}"]


def spent(work: Callable[[], Any]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def rates(ruleset: rules.RuleSet, events: Sequence[bytes], rounds: int) -> list[float]:
    """Events per second, each round with a fresh state."""

    def work(state: MemoryState) -> None:
        for one in events:
            ruleset.run_json(one, state=state)

    return [len(events) / spent(partial(work, MemoryState())) for _ in range(rounds)]


def measured(
    name: str, sources: Mapping[str, str], events: Sequence[bytes], options: argparse.Namespace, config: Any = None
) -> Figures:
    started = time.process_time()
    ruleset = rules.load_sources(sources, config=config)
    load = time.process_time() - started
    compile_ = spent(lambda: [ruleset.run_json(one, state=MemoryState()) for one in events[:50]])
    found = rates(ruleset, events, options.rounds)
    state = MemoryState()
    fired = sum(b'"rule":' in ruleset.run_json(one, state=state) for one in events)
    return Figures(name, found, load, compile_, fired * 1000 // len(events))


def sets_table(options: argparse.Namespace) -> list[list[str]]:
    simple = rulesets.simple_events(options.events)
    gappy = rulesets.simple_events(options.events, missing=0.2)
    listed = {"lists": rulesets_public.lists()}
    found = [
        *(measured(f"flat, {count:,} rules", rulesets.flat(count), simple, options) for count in (1, 10, 100, 1000)),
        *(measured(f"gated, {count:,} rules", rulesets.gated(count), simple, options) for count in (10, 100, 1000)),
        measured("100, a fifth of fields missing", rulesets.flat(100), gappy, options),
        measured(
            "public shape, mixed",
            rulesets_public.public(),
            rulesets_public.public_events(options.events),
            options,
            listed,
        ),
        measured(
            "public shape, posts only",
            rulesets_public.public(),
            rulesets_public.public_events(options.events, posts_only=True),
            options,
            listed,
        ),
    ]
    head = ["rules", "events/s", f"of {options.rounds} rounds", "µs/event", "load + first 50, ms", "fire, ‰", "peer*"]
    return [head, *(one.row for one in found)]


def interpreter_table(options: argparse.Namespace) -> list[list[str]]:
    rows = [["rules", "interpreted, events/s", "compiled, events/s", "times"]]
    for count in (10, 100):
        ruleset = rules.load_sources(rulesets.flat(count))
        given = [rules.ruleset.Action(**_decoded(one)) for one in rulesets.simple_events(200)]

        def interpreted(ruleset: rules.RuleSet = ruleset, given: Sequence[Any] = given) -> None:
            for one in given:
                context = Context(one.action_name, one.action_id, one.data, AT, 0, None, None, {}, [])
                interpret.run(ruleset.program, ruleset.order, context)

        def compiled(ruleset: rules.RuleSet = ruleset, given: Sequence[Any] = given) -> None:
            for one in given:
                ruleset.run(one.action_name, one.data, at=AT, action_id=one.action_id)

        compiled()
        slow, fast = (
            median(len(given) / spent(work) for _ in range(options.rounds)) for work in (interpreted, compiled)
        )
        rows.append([f"flat, {count}", f"{slow:,.0f}", f"{fast:,.0f}", f"{fast / slow:.0f}"])
    return rows


def _decoded(event: bytes) -> dict[str, Any]:
    return {**msgspec.json.decode(event), "timestamp": AT}


def literals_table(options: argparse.Namespace) -> list[list[str]]:
    """Many words on one text: found alone, as conditions with a feature each, and by patterns one after the other."""
    rows = [["a text of 300 characters", "µs"]]
    random = rulesets.Random(5)
    texts = [rulesets.text(random, 300) for _ in range(200)]
    for count in (100, 1000):
        ruleset = rules.load_sources(rulesets.literals(count))
        compiled = [re.compile(rf"\bterm{number}\b") for number in range(count)]
        index = TextIndex([f"term{number}" for number in range(count)])
        ruleset.run("post", {"text": texts[0]}, at=AT)

        def ours(ruleset: rules.RuleSet = ruleset) -> None:
            for one in texts:
                ruleset.run("post", {"text": one}, at=AT)

        def literals(index: TextIndex = index) -> None:
            for one in texts:
                index.find(one)

        def each(compiled: Sequence[re.Pattern[str]] = compiled) -> None:
            for one in texts:
                [pattern.search(one) is not None for pattern in compiled]

        works = {
            f"{count:,} literals, which of them stand in it": literals,
            f"{count:,} patterns in rules, each a feature of the result": ours,
            f"{count:,} patterns by re, one after the other": each,
        }
        for name, work in works.items():
            rows.append([name, f"{median(spent(work) / len(texts) for _ in range(options.rounds)) * 1e6:,.1f}"])
    return rows


def hostile_table(options: argparse.Namespace) -> list[list[str]]:
    """Patterns that make an engine that tries all ways hang, on texts made for it."""
    rows = [["pattern", "characters", "ms", "told as"]]
    hostile = {
        r"(a+)+$": "a", r"(?:a|aa)*b$": "baa", r"(.*,){12}P": "a,p", r"^(\w+\s?)*$": "a", r"(a+)+(?=b)\w$": "ab",
    }  # fmt: skip
    for pattern, repeated in hostile.items():
        ruleset = rules.load_sources(
            {"main.sml": f"T: str = JsonData(path='$.t')\nX = RegexMatch(pattern=r'{pattern}', target=T)\n"}
        )
        for length in (1_000, 100_000):
            event = {"t": (repeated * length)[:length] + "!"}
            ruleset.run("post", {"t": ""}, at=AT)
            run = partial(ruleset.run, "post", event, at=AT)
            took = median(spent(run) for _ in range(options.rounds)) * 1e3
            result = run()
            told = result.errors[0].message[:40] if result.errors else str(result.features["X"])
            rows.append([pattern, f"{length:,}", f"{took:.2f}", told])
    return rows


def counters_table(options: argparse.Namespace) -> list[list[str]]:
    rows = [["counters for each event", "events/s", "counts/s"]]
    for count in (1, 10):
        lines = ["U: str = JsonData(path='$.user.id')"]
        lines += [
            f"N{number} = IncrementWindow(key=f'k{number}-{{U}}', window_seconds=3600, when_all=[U != ''])"
            for number in range(count)
        ]
        ruleset = rules.load_sources({"main.sml": "\n".join(lines) + "\n"})
        events = rulesets.simple_events(options.events)
        ruleset.run_json(events[0], state=MemoryState())
        rate = median(rates(ruleset, events, options.rounds))
        rows.append([str(count), f"{rate:,.0f}", f"{rate * count:,.0f}"])
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    print(f"{machine.describe()}; two million additions take {calibration():.0f} ms before")
    for table in (sets_table, interpreter_table, literals_table, hostile_table, counters_table):
        print(f"\n{machine.table(table(options))}", flush=True)
    print(f"\nTwo million additions take {calibration():.0f} ms after.\n{AIM}\n* {LEFT_OUT}")


if __name__ == "__main__":
    main()
