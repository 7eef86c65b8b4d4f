"""The registry: findings merge, contracts hold, failures are told."""

import pytest

from evenhand.engine.detect import DetectorFailed, Finding, Keep, evaluate, state_keys
from evenhand.engine.detect.meaning import NOTE
from tests.unit.engine.detect_events import sent


class Telling:
    """Tells one signal, and counts in a state of its own."""

    version = "1"

    def __init__(self, name, key=None):
        self.name, self.key = name, key or f"{name}:count"

    def keys(self, event):
        return [self.key]

    def detect(self, event, state):
        count = state.get(self.key, 0) + 1
        signal = NOTE.signal(event, self, summary=f"{count}", evidence={})
        return Finding((signal,), {self.key: Keep(count, event.at + 1)})


class Raising(Telling):
    def detect(self, event, state):
        raise KeyError("boom")


class Broken(Telling):
    def __init__(self, finding):
        super().__init__("broken")
        self.finding = finding

    def detect(self, event, state):
        return self.finding(event, self)


def test_findings_of_all_detectors_come_together():
    finding = evaluate(sent(), {"b:count": 6}, [Telling("b"), Telling("a")])
    assert [(signal.detector, signal.summary) for signal in finding.signals] == [("a", "1"), ("b", "7")]
    assert {key: keep.value for key, keep in finding.changed.items()} == {"a:count": 1, "b:count": 7}


def test_the_order_of_detectors_makes_no_difference():
    event, detectors = sent(), [Telling("b"), Telling("a"), Telling("c")]
    assert evaluate(event, {}, detectors) == evaluate(event, {}, detectors[::-1])


def test_each_key_is_asked_for_once():
    assert state_keys(sent(), [Telling("a", "k"), Telling("b", "k")]) == ["k"]


def test_a_detector_that_raises_is_named_with_the_event():
    event = sent()
    with pytest.raises(DetectorFailed, match=f"bad failed on event {event.id}: KeyError") as told:
        evaluate(event, {}, [Telling("a"), Raising("bad")])
    assert (told.value.detector, told.value.event_id) == ("bad", event.id)
    assert isinstance(told.value.__cause__, KeyError)


def test_a_detector_that_raises_when_asked_for_its_keys_is_named():
    detector = Telling("bad")
    detector.keys = lambda event: 1 / 0
    with pytest.raises(DetectorFailed, match="bad failed"):
        state_keys(sent(), [detector])


@pytest.mark.parametrize(
    ("finding", "reason"),
    [
        (lambda event, me: Finding((NOTE.signal(event, me, summary="", evidence={}),) * 2), "more than one signal"),
        (lambda event, me: Finding((NOTE.signal(sent(), me, summary="", evidence={}),)), "another detector or event"),
        (lambda event, me: Finding((NOTE.signal(event, Telling("x"), summary="", evidence={}),)), "another detector"),
        (lambda event, me: Finding((), {"other": Keep(1, 2)}), "did not ask for"),
    ],
)
def test_a_detector_that_breaks_its_contract_is_refused(finding, reason):
    with pytest.raises(DetectorFailed, match=reason):
        evaluate(sent(), {}, [Broken(finding)])


def test_two_detectors_may_not_change_the_same_state():
    with pytest.raises(DetectorFailed, match="another detector changed"):
        evaluate(sent(), {}, [Telling("a", "k"), Telling("b", "k")])


def test_two_detectors_of_one_name_are_refused():
    with pytest.raises(DetectorFailed, match="two signals of this name"):
        evaluate(sent(), {}, [Telling("a", "k"), Telling("a", "l")])


class Many(Telling):
    """Tells what is its own: a signal for each name, and state that it did not ask for."""

    def __init__(self, *names):
        super().__init__("many")
        self.names = names

    def keys(self, event):
        return ()

    def detect(self, event, state):
        signals = tuple(NOTE.signal(event, Telling(f"many:{name}"), summary=name, evidence={}) for name in self.names)
        return Finding(signals, {"many:seen": Keep(1, event.at + 1)})


def test_a_detector_may_tell_a_signal_for_each_name_of_its_own():
    finding = evaluate(sent(), {}, [Many("b", "a")])
    assert [signal.detector for signal in finding.signals] == ["many:a", "many:b"]
    assert finding.changed.keys() == {"many:seen"}


def test_but_not_two_under_one_name():
    with pytest.raises(DetectorFailed, match="two signals of this name"):
        evaluate(sent(), {}, [Many("a", "a")])
