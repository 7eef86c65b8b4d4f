"""Whoever writes against whom: with the sides exchanged throughout, the same is told, and cases stand the same."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.detect import build
from evenhand.engine.detect.reporter import PREFIX
from evenhand.engine.platform import Platform, Policy, WordList
from evenhand.engine.rules.exchange import swapped
from evenhand.engine.triage.facts import CaseFacts, ReportFact
from evenhand.engine.triage.harm import expected_harm
from tests.support.sides import PAIRS
from tests.unit.engine.detect_events import DAY, HOUR, MINUTE, T0, Fold, item, reported, sent

POLICIES = (
    Policy(id="spam", name="Spam"),
    Policy(id="threat", name="Threats", harm=50, lane="critical"),
    Policy(id="child", name="Child safety", harm=90, lane="critical", child_safety=True),
)
BY_ID = {policy.id: policy for policy in POLICIES}
WORDS = WordList(id="words", kind="keyword", policy="threat", terms=("burn",))
HOSTS = WordList(id="hosts", kind="domain", policy="spam", terms=("evil.example",))
DETECTORS = build(Platform(name="Harbour", policies=POLICIES, lists=(WORDS, HOSTS)))
MORE = ("", " burn it", " https://evil.example/", " https://fine.example/a")
EXCHANGED = st.sampled_from([pair for pair in PAIRS if pair.language != "Chinese" and pair.one != "left"])
"""Those that `swapped` can exchange in a whole outcome: between spaces, and not "right", which the desk says itself."""
ACTS = st.fixed_dictionaries(
    {
        "against": st.booleans(),
        "report": st.sampled_from(["", "", "spam", "threat", "child"]),
        "number": st.integers(0, 5),
        "more": st.sampled_from(MORE),
        "at": st.one_of(st.integers(0, 90 * MINUTE), st.integers(0, 2 * DAY)),
        "upheld": st.integers(0, 9),
        "dismissed": st.integers(0, 9),
    }
)
STREAMS = st.lists(ACTS, min_size=1, max_size=30).map(lambda acts: sorted(acts, key=lambda act: act["at"]))


def told(pair, stream):
    """What the fold tells of this stream, with the sides in their places, and where each case stands then."""
    fold = Fold(DETECTORS)
    reports, signals, posts = {}, {}, {}
    for place, act in enumerate(stream):
        who, whom = (pair.one, pair.other) if act["against"] else (pair.other, pair.one)
        post = item(pair.texts[0].format(whom) + act["more"], id=f"{who} {act['number']}", author=f"{who} writer")
        posts[post.ref] = post
        at = T0 + act["at"] + place  # what comes in the same microsecond is kept in the order of its names
        if act["report"]:
            event = reported(f"{whom} {act['number']}", at=at, policy=act["report"], subject=post)
            record = {act["report"]: [act["upheld"], act["dismissed"]]}
            fold.kept[PREFIX + event.body.reporter.key] = (msgspec.msgpack.encode(record), at + HOUR)
            reports.setdefault(post.ref, []).append(
                ReportFact(
                    reporter=event.body.reporter.key, policy=act["report"], received_at=at,
                    upheld=act["upheld"], dismissed=act["dismissed"],
                )
            )  # fmt: skip
        else:
            event = sent(post.text, id=post.ref.id, author=f"{who} writer", at=at)
        for signal in fold([event]):
            signals.setdefault(signal.subject, []).append(signal)
    return {
        str(ref): (
            [said(one) for one in signals.get(ref, ())],
            stands(reports.get(ref, ()), signals.get(ref, ())),
        )
        for ref in posts
    }


def said(signal):
    """Without where in the text it was found: words are of different lengths."""
    evidence = {name: value for name, value in signal.evidence.items() if name != "matches"}
    return signal.detector, signal.probability, signal.policy, signal.effect, signal.summary, evidence


def stands(reports, signals):
    facts = CaseFacts(seen_at=T0, views=100, text_length=100, reports=tuple(reports), signals=tuple(signals))
    found = expected_harm(facts, BY_ID, T0 + 3 * DAY)
    return found.lane, found.rank, found.policy, found.headline, [term.value for term in found.terms]


def exchanged(found, pair):
    return {swapped(ref, {pair.one: pair.other}): swapped(each, {pair.one: pair.other}) for ref, each in found.items()}


def listed(found):
    """As `exchanged` gives it: lists for tuples."""
    return {ref: swapped(each, {"no such word": "nor this"}) for ref, each in found.items()}


@given(EXCHANGED, STREAMS)
def test_the_same_is_told_of_either_side_and_it_stands_the_same(pair, stream):
    assert listed(told(pair, stream)) == exchanged(told(pair.turned, stream), pair)
