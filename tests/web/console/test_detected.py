"""What detectors found is told in the reader's language, from the evidence: the same as in English."""

import re

import pytest
from django.utils import translation
from hypothesis import given

from evenhand.desk.web.pages.detected import anew, told
from evenhand.engine.detect.reporter import PREFIX, ReporterHistory
from evenhand.engine.model import Ref, Signal
from tests.unit.engine.detect_events import T0, Fold, reported, sent
from tests.unit.engine.test_detect_laws import DETECTORS, STREAMS

WAVE = "the council met last night behind closed doors and sold our park to a builder https://fine.example/a"


@given(STREAMS)
def test_told_anew_in_english_it_is_the_sentence_that_is_stored(stream):
    with translation.override("en"):
        for signal in Fold(DETECTORS)(stream):
            assert anew(signal) == signal.summary


def wave():
    fold = Fold(DETECTORS)
    found = fold([sent(WAVE, id=f"i{n}", author=f"a{n}", at=T0 + n) for n in range(12)])
    found += fold([reported(f"r{n}", at=T0 + n) for n in range(12)])
    reports = reported("bob")
    finding = ReporterHistory().detect(reports, {PREFIX + reports.body.reporter.key: {"spam": [3, 1], "": [1, 0]}})
    return {signal.detector: signal for signal in [*found, *finding.signals]}


@pytest.mark.parametrize("detector", ["duplicate", "link_burst", "reports", "reporter", "terms"])
def test_in_german_every_figure_stays(detector):
    signal = wave()[detector]
    with translation.override("en"):
        assert told(signal) == signal.summary == anew(signal)
    with translation.override("de"):
        german = told(signal)
    assert german != signal.summary
    figures = re.findall(r"\d+", signal.summary)
    assert sorted(re.findall(r"\d+", german)) == sorted(figures)


def test_what_cannot_be_told_anew_stays_as_it_is_stored():
    kept = {"version": "1", "subject": Ref("post", "1"), "event_id": "e", "at": T0, "summary": "As it was said"}
    many = {"matches": [{"list": "words", "term": "park"}], "found": 30}
    with translation.override("de"):
        for detector, evidence in (("rule:mine", {}), ("duplicate", {"old": 1}), ("terms", many), ("media", {})):
            assert told(Signal(detector=detector, evidence=evidence, **kept)) == "As it was said"
