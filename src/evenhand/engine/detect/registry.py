"""The signal registry: what a detector is, and the pure fold of events through all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Protocol

from msgspec import Struct

from evenhand.engine.model import Event, Micros, Signal


class Keep(Struct, frozen=True):
    """State for later events: what msgpack can write, until `expires_at`. `value` None forgets the key."""

    value: Any
    expires_at: Micros


class Trouble(Struct, frozen=True):
    """What could not be judged of an event, though all else of the finding stands. `detector` is named as in signals;
    `stage` is that of a rule."""

    detector: str
    at: Micros
    reason: str
    stage: str = ""


class Finding(Struct, frozen=True):
    """What an event tells, and the state that it changed."""

    signals: tuple[Signal, ...] = ()
    changed: dict[str, Keep] = {}
    troubles: tuple[Trouble, ...] = ()


class Detector(Protocol):
    """Something that can tell about items. Pure: the same event and state give the same finding, and `state` is not
    changed in place.

    State may be older than it should be (the store forgets late) or gone (it expired): a detector that counts in a
    window keeps the times in the value, and does not count what lies outside. It bounds what it keeps under a key.
    """

    @property
    def name(self) -> str:
        """At most 64 characters, without a colon, and no two detectors share it. With a colon after it, it is the name
        of what is the detector's own: signals (`rule:spam`), and state that it may read and change without asking for
        it before."""

    @property
    def version(self) -> str:
        """Another one whenever the same event and state might give another finding. At most 64 characters."""

    def keys(self, event: Event) -> Sequence[str]:
        """The state that it wants to see, and, with its own, the only state that it may change. At most 700 characters
        each."""

    def detect(self, event: Event, state: Mapping[str, Any]) -> Finding:
        """At most one signal under its name, and one under each name of its own. Keys that are not in `state` have no
        value yet."""


class DetectorFailed(Exception):
    """A detector raised, or broke its contract. The event is not folded: nothing of its finding is kept."""

    def __init__(self, detector: str, event_id: str, reason: str) -> None:
        super().__init__(f"Detector {detector} failed on event {event_id}: {reason}")
        self.detector = detector
        self.event_id = event_id


def state_keys(event: Event, detectors: Sequence[Detector]) -> list[str]:
    """The state that `evaluate` needs for this event.

    Raises DetectorFailed.
    """
    found: dict[str, None] = {}
    for detector in detectors:
        try:
            found.update(dict.fromkeys(detector.keys(event)))
        except Exception as error:
            raise DetectorFailed(detector.name, event.id, _told(error)) from error
    return list(found)


def evaluate(event: Event, state: Mapping[str, Any], detectors: Sequence[Detector]) -> Finding:
    """What all detectors find together, in an order that does not depend on theirs.

    Raises DetectorFailed: a detector raised, told of more signals than it may, or changed state that is not its own.
    """
    signals: list[Signal] = []
    changed: dict[str, Keep] = {}
    troubles: list[Trouble] = []
    for detector in detectors:
        try:
            finding = detector.detect(event, state)
        except Exception as error:
            raise DetectorFailed(detector.name, event.id, _told(error)) from error
        troubles.extend(finding.troubles)
        if finding.signals or finding.changed:
            _check(detector, event, finding, changed)
            signals.extend(finding.signals)
            changed.update(finding.changed)
    if len(signals) > 1:
        signals.sort(key=_by_detector)
        _refuse_repeats(signals)
    return Finding(tuple(signals), changed, tuple(troubles))


def _check(detector: Detector, event: Event, finding: Finding, changed: Mapping[str, Keep]) -> None:
    own = f"{detector.name}:"
    if sum(signal.detector == detector.name for signal in finding.signals) > 1:
        raise DetectorFailed(detector.name, event.id, "more than one signal on one event.")
    for signal in finding.signals:
        if not (signal.detector == detector.name or signal.detector.startswith(own)) or signal.event_id != event.id:
            raise DetectorFailed(detector.name, event.id, "a signal that names another detector or event.")
    others = [key for key in finding.changed if not key.startswith(own)]
    if others and not set(others) <= set(detector.keys(event)):
        raise DetectorFailed(detector.name, event.id, "changed state that it did not ask for.")
    if finding.changed and not finding.changed.keys().isdisjoint(changed):
        raise DetectorFailed(detector.name, event.id, "changed state that another detector changed, too.")


def _refuse_repeats(signals: Sequence[Signal]) -> None:
    names = [signal.detector for signal in signals]
    for before, after in pairwise(names):
        if before == after:
            raise DetectorFailed(after, signals[0].event_id, "two signals of this name.")


def _by_detector(signal: Signal) -> str:
    return signal.detector


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
