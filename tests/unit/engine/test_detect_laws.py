"""Laws of the fold, over streams of events in any order: what all detectors keep, and what none may break."""

import copy

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.engine.detect import build, evaluate
from evenhand.engine.platform import Platform, Policy, WordList
from tests.unit.engine.detect_events import DAY, MINUTE, T0, Fold, appealed, item, reported, sent

PLATFORM = Platform(
    name="Harbour",
    policies=(Policy(id="spam", name="Spam", harm=2), Policy(id="threat", name="Threats", harm=50, lane="critical")),
    lists=(
        WordList(id="words", kind="keyword", policy="spam", terms=("cheap pills", "park")),
        WordList(id="patterns", kind="regex", policy="threat", terms=(r"(?i)find you",)),
        WordList(id="hosts", kind="domain", policy="spam", terms=("evil.example",)),
    ),
)
DETECTORS = build(PLATFORM)
TEXTS = [
    "the council met last night behind closed doors and sold our park to a builder share this before they delete it",
    "the council met last week behind closed doors and sold our park to a builder share it before they delete it all",
    "cheap p1lls at https://shop.evil.example/ and https://other.example/",
    "I will find you",
    "nice weather",
    "",
]
WHEN = st.one_of(st.integers(0, 90 * MINUTE), st.integers(0, 40 * DAY), st.sampled_from([DAY, DAY - 1, DAY + 1]))
WHO = st.integers(0, 12).map(lambda number: f"u{number}")


def _sent(draw):
    return sent(draw(st.sampled_from(TEXTS)), id=draw(WHO), author=draw(WHO), at=T0 + draw(WHEN))


def _reported(draw):
    subject = item(draw(st.sampled_from(TEXTS)), id=draw(st.sampled_from("ab")), author=draw(WHO))
    kind = draw(st.sampled_from(["user", "user", "anonymous"]))
    return reported("" if kind == "anonymous" else draw(WHO), kind=kind, at=T0 + draw(WHEN), subject=subject)


@st.composite
def events(draw):
    make = draw(st.sampled_from([_sent, _sent, _reported, lambda draw: appealed(at=T0 + draw(WHEN))]))
    return make(draw)


STREAMS = st.lists(events(), max_size=40)
IN_ORDER = STREAMS.map(lambda stream: sorted(stream, key=lambda event: event.at))


@settings(deadline=None, max_examples=40)
@given(STREAMS, st.integers(0, 40))
def test_a_fold_that_stops_and_goes_on_is_the_fold_that_never_stopped(stream, cut):
    whole, first = Fold(DETECTORS), Fold(DETECTORS)
    expected = whole(stream)
    told = first(stream[:cut])
    second = Fold(DETECTORS)
    second.kept = dict(first.kept)
    assert told + second(stream[cut:]) == expected
    assert second.kept == whole.kept


@settings(deadline=None, max_examples=40)
@given(STREAMS)
def test_the_order_of_detectors_makes_no_difference(stream):
    one, other = Fold(DETECTORS), Fold(DETECTORS[::-1])
    assert one(stream) == other(stream)
    assert one.kept == other.kept


@settings(deadline=None, max_examples=40)
@given(STREAMS)
def test_state_that_has_expired_is_as_good_as_none(stream):
    forgetting, keeping = Fold(DETECTORS), Fold(DETECTORS, forgets=False)
    assert forgetting(stream) == keeping(stream)


@settings(deadline=None, max_examples=40)
@given(STREAMS)
def test_state_is_not_changed_in_place_and_need_not_go_through_a_store(stream):
    stored, kept = Fold(DETECTORS), {}
    for event in stream:
        before = copy.deepcopy(kept)
        finding = evaluate(
            event, {key: keep.value for key, keep in kept.items() if keep.expires_at > event.at}, DETECTORS
        )
        assert kept == before
        assert list(finding.signals) == stored([event])
        kept |= finding.changed


@settings(deadline=None, max_examples=40)
@given(STREAMS)
def test_at_most_one_signal_for_each_event_and_detector(stream):
    signals = Fold(DETECTORS)(stream)
    assert len({(signal.event_id, signal.detector) for signal in signals}) == len(signals)


@settings(deadline=None, max_examples=40)
@given(STREAMS)
def test_signals_can_be_kept(stream):
    for signal in Fold(DETECTORS)(stream):
        assert msgspec.json.decode(msgspec.json.encode(signal), type=type(signal)) == signal
        assert 0 <= signal.probability <= 1
        assert len(signal.version) <= 64


@settings(deadline=None, max_examples=40)
@given(IN_ORDER, st.randoms(use_true_random=False))
def test_what_is_kept_of_one_text_does_not_depend_on_the_order_of_its_copies(stream, random):
    same = [event for event in stream if event.body.item.text in ("", TEXTS[0])]
    shuffled = random.sample(same, len(same))
    names = ("duplicate", "link_burst")
    detectors = [detector for detector in DETECTORS if detector.name in names]
    one, other = Fold(detectors), Fold(detectors)
    one(same)
    other(shuffled)
    last = same[-1] if same else None
    if last and last.body.item.text:
        assert one.state(last) == other.state(last)


def test_state_stays_bounded_however_long_a_wave_is():
    fold = Fold(DETECTORS)
    for number in range(400):
        at = T0 + number * 1000
        fold([sent(TEXTS[0] + " https://x.example/", id=f"i{number}", author=f"a{number}", at=at)])
        fold([reported(f"r{number}", at=at)])
    sizes = {key.partition(":")[0]: 0 for key in fold.kept}
    for key, (value, _) in fold.kept.items():
        sizes[key.partition(":")[0]] = max(len(value), sizes[key.partition(":")[0]])
    assert sizes["near1"] < 8_000
    assert sizes["link1"] < 4_000
    assert sizes["reports1"] < 8_000
    assert sizes["seen1"] < 16


@settings(deadline=None, max_examples=150)
@given(
    st.text(st.characters(codec="utf-8"), max_size=200),
    st.lists(st.text("htps:/@.[]evilxample%é", max_size=40), max_size=3),
)
def test_no_text_and_no_link_makes_a_detector_fail(text, links):
    event = sent(text, links=tuple(links))
    finding = evaluate(event, {}, DETECTORS)
    for signal in finding.signals:
        for match in signal.evidence.get("matches", ()):
            if "start" in match:
                assert text[match["start"] : match["end"]].startswith(match["quote"])
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(finding.changed)) is not None
