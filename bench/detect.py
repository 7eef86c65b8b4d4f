"""The pure signal engine: what each detector costs for one event, and how the cost grows with the text.

One core, no database: keys and findings are asked for as the worker does, state goes through msgpack. Times are of the
processor, so that others on the machine count little. Run it with `./run bench detect`.
Options: --events N in each round (default 2,000), --terms N in each of three lists (default 500).
"""

import argparse
import os
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from statistics import median

import msgspec

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench import machine
from evenhand.engine.detect import Detector, build, evaluate, state_keys
from evenhand.engine.model import Event, Item, ItemSent, Ref, Reporter, ReportMade, Signal
from evenhand.engine.platform import Platform, Policy, WordList
from evenhand.engine.triage.harm import CaseFacts, ReportFact, expected_harm

T0 = 1_750_000_000_000_000
SECOND = 1_000_000
ROUNDS = 5
AIM = """\
Aim: all under 120 µs for an item of 200 characters with 3 lists of 500 terms; the order of a case under 60 µs."""
LEFT_OUT = """\
Left out: reading and writing state (the worker does it by the batch), decoding events, the database. The texts are
made up from a vocabulary with ranked frequencies: real ones share fewer pairs of words by chance, and have more emoji.
All texts are different, so that nothing is found in a cache that would not be there in production."""


class Made:
    """Events of made-up people, from a seed."""

    def __init__(self, seed: int, terms: int) -> None:
        self.random = Random(seed)
        self.vocabulary = [self._word(2, 9) for _ in range(4000)]
        self.weights = [1 / (rank + 3) for rank in range(len(self.vocabulary))]
        self.lists = tuple(
            WordList(id=f"list{n}", kind="keyword", policy="spam", terms=tuple(self._word(5, 12) for _ in range(terms)))
            for n in range(3)
        )

    def _word(self, shortest: int, longest: int) -> str:
        letters = self.random.choices("etaoinshrdlucmfwypvbgk", k=self.random.randint(shortest, longest))
        return "".join(letters)

    def text(self, length: int) -> str:
        words: list[str] = []
        while sum(map(len, words)) + len(words) < length:
            words += self.random.choices(self.vocabulary, self.weights, k=8)
            words[-1] += self.random.choice(".,!?")
        return " ".join(words).capitalize()[:length]

    def item(self, number: int, text: str) -> Item:
        author = Ref("user", f"u{self.random.randrange(2000)}")
        return Item(ref=Ref("post", f"p{number}"), kind="content", data={}, creator=author, text=text)

    def sent(self, number: int, text: str) -> Event:
        return Event(f"{number:032x}", T0 + number * SECOND, "bench", ItemSent(self.item(number, text)))

    def reported(self, number: int, text: str) -> Event:
        reporter = Reporter("user", f"u{self.random.randrange(2000)}", "user")
        report = ReportMade(
            report_id=f"r{number}", reporter=reporter, reported_at=T0, item=self.item(number % 50, text), policy="spam"
        )
        return Event(f"{number:032x}", T0 + number * SECOND, "bench", report)


def platform(lists: Iterable[WordList]) -> Platform:
    domains = WordList(id="hosts", kind="domain", policy="spam", terms=("evil.example", "bad.example"))
    patterns = tuple(rf"(?i)\bfree\s+offer{n}\d*" for n in range(100))
    regexes = WordList(id="patterns", kind="regex", policy="spam", terms=patterns)
    return Platform(name="bench", policies=(Policy(id="spam", name="Spam"),), lists=(*lists, domains, regexes))


def fold(events: Sequence[Event], detectors: Sequence[Detector]) -> float:
    """Microseconds for each event, with state kept in memory and passed through msgpack."""
    kept: dict[str, bytes] = {}
    spent = 0.0
    for event in events:
        started = time.process_time()
        keys = state_keys(event, detectors)
        spent += time.process_time() - started
        state = {key: msgspec.msgpack.decode(kept[key]) for key in keys if key in kept}
        started = time.process_time()
        finding = evaluate(event, state, detectors)
        spent += time.process_time() - started
        kept |= {key: msgspec.msgpack.encode(keep.value) for key, keep in finding.changed.items()}
    return spent / len(events) * 1e6


def measured(make: "Streams", detectors: Sequence[Detector]) -> tuple[float, float, float]:
    """Median, best and worst of the rounds; each round folds other texts."""
    times = [fold(make(seed), detectors) for seed in range(ROUNDS)]
    return median(times), min(times), max(times)


class Streams:
    """A stream of events for each round."""

    def __init__(self, name: str, options: argparse.Namespace) -> None:
        self.name, self.events, self.terms = name, options.events, options.terms

    def __call__(self, seed: int) -> list[Event]:
        made = Made(seed, self.terms)
        if self.name == "wave":
            copied = made.text(200)
            return [made.sent(n, f"{copied} {made.text(20)} https://new.example/{n}") for n in range(self.events)]
        if self.name == "reports":
            return [made.reported(n, made.text(200)) for n in range(self.events)]
        if self.name == "disguised":
            return [made.sent(n, made.text(200).replace("e", "3", 12)) for n in range(self.events)]
        return [made.sent(n, made.text(200)) for n in range(self.events)]


def row(name: str, figures: tuple[float, float, float]) -> list[str]:
    middle, best, worst = figures
    return [name, f"{middle:.1f}", f"{best:.1f} to {worst:.1f}", f"{1e6 / middle:,.0f}"]


def detectors_table(options: argparse.Namespace) -> list[list[str]]:
    document = platform(Made(0, options.terms).lists)
    every = build(document)
    rows = [["detector, stream", "µs/event", f"best to worst of {ROUNDS}", "events/s"]]
    items = Streams("items", options)
    rows += [
        row(f"{one.name}, items", measured(items, [one])) for one in every if one.name not in ("reports", "reporter")
    ]
    reports = Streams("reports", options)
    rows += [
        row(f"{one.name}, reports", measured(reports, [one])) for one in every if one.name in ("reports", "reporter")
    ]
    rows += [
        row(f"all, {name}", measured(Streams(name, options), every))
        for name in ("items", "disguised", "wave", "reports")
    ]
    return rows


def lengths_table(options: argparse.Namespace) -> list[list[str]]:
    made = Made(0, options.terms)
    every = build(platform(made.lists))
    rows = [["characters", "ordinary text, µs", "disguised all over, µs"]]
    for length in (200, 2_000, 20_000, 100_000):
        ordinary, disguised = made.text(length), ("b4 a-b s p a m @x " * length)[:length]
        rows.append([f"{length:,}", *(f"{fold([made.sent(1, text)], every):,.0f}" for text in (ordinary, disguised))])
    return rows


def order_table() -> list[list[str]]:
    policies = {f"p{n}": Policy(id=f"p{n}", name=f"Policy {n}", harm=n + 1) for n in range(12)}
    signal = Signal(
        detector="terms", version="1", subject=Ref("post", "1"), event_id="0" * 32, at=T0, summary="List", policy="p1",
        probability=0.5, evidence={"policies": {"p1": 0.5}},
    )  # fmt: skip
    rows = [["case", "µs"]]
    for reports in (1, 3, 200):
        facts = tuple(ReportFact(reporter=f"r{n}", policy="p1", received_at=T0 + n * SECOND) for n in range(reports))
        case = CaseFacts(views=50, created_at=T0, seen_at=T0, reports=facts, signals=(signal,), text_length=200)
        rows.append([f"{reports} reports, 1 signal", f"{order_time(case, policies):.1f}"])
    return rows


def order_time(case: CaseFacts, policies: dict[str, Policy]) -> float:
    times = []
    for _ in range(200):
        started = time.process_time()
        expected_harm(case, policies, T0 + SECOND)
        times.append(time.process_time() - started)
    return median(times) * 1e6


def calibration() -> float:
    """Milliseconds of the processor for two million additions: what else runs on the machine shows here."""
    started = time.process_time()
    total = 0
    for number in range(2_000_000):
        total += number
    return (time.process_time() - started) * 1e3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=2000)
    parser.add_argument("--terms", type=int, default=500)
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    print(f"{machine.describe()}; two million additions take {calibration():.0f} ms before")
    for rows in (detectors_table(options), lengths_table(options), order_table()):
        print(f"\n{machine.table(rows)}")
    print(f"\nTwo million additions take {calibration():.0f} ms after.\n{AIM}\n{LEFT_OUT}")


if __name__ == "__main__":
    main()
