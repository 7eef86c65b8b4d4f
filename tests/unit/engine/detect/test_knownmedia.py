"""The detector of known media: what matches mean, for whom they speak, and when they may hide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.detect import evaluate
from evenhand.engine.detect.knownmedia import AT_MOST, Hit, KnownMedia, Near, judge, key
from evenhand.engine.model import Event, Hash, MediaHashed, MediaRematched, Ref
from evenhand.engine.platform import Policy

POLICY = Policy(id="spam", name="Spam", hold="hide", rules_may="hold")
DETECTOR = KnownMedia([POLICY])
PDQ, MD5 = Hash("pdq", "ab" * 32, quality=90), Hash("md5", "cd" * 16)
KINDS = st.sampled_from(["pdq", "md5"])


def near(entry: int = 1, **more: object) -> Near:
    told = {"bank": "KNOWN", "policy": "spam", "list": "one", "kind": "pdq", "hold": "always", **more}
    return Near(entry=entry, **told)


def told(state: dict[str, list[Near]], *hashes: Hash, flat: bool = False, detector: KnownMedia = DETECTOR):
    media = MediaHashed(ref=Ref("post", "1"), field="image", hashes=hashes, flat=flat)
    event = Event(id="0" * 32, at=1, source="s", body=media)
    return evaluate(event, {f"known:{name}": value for name, value in state.items()}, [detector]).signals


def pdq(*found: Near) -> dict[str, list[Near]]:
    return {f"pdq:{PDQ.value}": list(found)}


def test_a_medium_that_is_near_nothing_says_nothing():
    assert told({}, PDQ, MD5) == ()


def test_each_bank_speaks_for_itself():
    found = told(pdq(near(1), near(2, bank="OTHER", policy="threat")), PDQ)
    assert [(one.detector, one.policy) for one in found] == [("media:KNOWN", "spam"), ("media:OTHER", "threat")]


def test_the_nearest_of_all_variants_counts():
    mirrored = Hash("pdq", "ef" * 32, variant="mirrored", quality=90)
    state = {f"pdq:{PDQ.value}": [near(distance=30)], f"pdq:{mirrored.value}": [near(distance=2)]}
    [signal] = told(state, PDQ, mirrored)
    assert signal.summary == "Looks like entry 1 of list one (distance 2 of 256, mirrored)"


def test_a_picture_with_hardly_anything_in_it_asks_for_nothing():
    blank = Hash("pdq", PDQ.value, quality=10)
    assert told(pdq(near()), blank) == ()


@pytest.mark.parametrize(
    ("found", "flat", "effect"),
    [
        ([near(1)], False, "enqueue"),
        ([near(1), near(2, list="two")], False, "hold"),
        ([near(1), near(2, list="two")], True, "enqueue"),
        ([near(1, hold="never"), near(2, hold="never", list="two")], False, "enqueue"),
        ([near(1, kind="md5")], False, "hold"),
        ([near(1, kind="md5")], True, "hold"),
        ([near(1, kind="md5", hold="confirmed")], False, "enqueue"),
        ([near(1, kind="md5", hold="confirmed"), near(2, list="two", hold="confirmed")], False, "hold"),
        ([near(1), near(2, list="two", policy="threat", bank="OTHER")], False, "enqueue"),
    ],
)
def test_when_a_match_may_hide(found, flat, effect):
    [signal, *_] = told(pdq(*found), PDQ, flat=flat)
    assert signal.effect == effect
    assert ("not_held" in signal.evidence) == (effect == "enqueue")


def test_without_the_policys_licence_nothing_is_held():
    detector = KnownMedia([Policy(id="spam", name="Spam", hold="hide", rules_may="enqueue")])
    [signal] = told(pdq(near(1, kind="md5")), PDQ, detector=detector)
    assert signal.effect == "enqueue"


def test_a_medium_that_is_matched_anew_says_the_same():
    media = MediaHashed(ref=Ref("post", "1"), field="image", hashes=(PDQ,))
    bodies = (media, MediaRematched(scan=1, media=media))
    first, again = (
        evaluate(Event(id="0" * 32, at=1, source="s", body=body), {key(PDQ): [near()]}, [DETECTOR]) for body in bodies
    )
    assert first == again


HITS = st.builds(
    lambda entry, kind, distance, list_, upheld, dismissed: Hit(
        near(entry, kind=kind, distance=distance, list=list_, upheld=upheld, dismissed=dismissed)
    ),
    st.integers(1, 9), KINDS, st.integers(0, 31), st.sampled_from(["one", "two", "three"]),
    st.integers(0, 50), st.integers(0, 50),
)  # fmt: skip


@given(st.lists(HITS, min_size=1, max_size=6), st.booleans(), HITS)
def test_one_more_match_never_makes_it_less_likely_and_nothing_makes_it_certain(hits, flat, more):
    before = judge("KNOWN", hits, flat=flat, may_hold=True).probability
    after = judge("KNOWN", [*hits, more], flat=flat, may_hold=True).probability
    assert 0 < before <= after <= AT_MOST


@given(HITS, st.integers(1, 9))
def test_a_list_whose_matches_were_dismissed_is_believed_less(hit, wrong):
    worse = Hit(near(**{**{name: getattr(hit.near, name) for name in ("entry", "kind", "distance", "list", "upheld")},
                        "dismissed": hit.near.dismissed + wrong}))  # fmt: skip
    assert worse.chance(flat=False) < hit.chance(flat=False)


@given(st.integers(0, 30))
def test_what_is_farther_away_is_never_more_likely(distance):
    assert Hit(near(distance=distance + 1)).chance(flat=False) <= Hit(near(distance=distance)).chance(flat=False)
