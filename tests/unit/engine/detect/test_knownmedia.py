"""The detector of known media: what matches mean, for whom they speak, when they may hide; each is told once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from evenhand.engine.detect import evaluate
from evenhand.engine.detect.knownmedia import (
    AT_MOST,
    EVERY,
    STANDS,
    Hit,
    KnownMedia,
    Near,
    Stood,
    hits,
    judge,
    key,
    medium,
)
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
        ([near(1, kind="md5", hold="confirmed"), near(2, list="two", hold="confirmed")], True, "enqueue"),
        ([near(1), near(2, list="two", alike=("one",))], False, "enqueue"),
        ([near(1), near(2, list="two", alike=(EVERY,))], False, "enqueue"),
        ([near(1), near(2, list="two", alike=("one",)), near(3, list="three")], False, "hold"),
        ([near(1, list=""), near(2, list="", bank="OTHER")], False, "enqueue"),
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


def heard(body: MediaHashed | MediaRematched, state: dict[str, object], number: int = 0):
    """What an event tells; the state of the detector moves on, as the fold has it within a batch."""
    event = Event(id=f"{number:032x}", at=number + 1, source="s", body=body)
    finding = evaluate(event, state, [DETECTOR])
    state |= {name: keep.value for name, keep in finding.changed.items()}
    return finding.signals


def written(state: dict[str, object], media: MediaHashed, *found: Hit, by: str = "e") -> None:
    """The desk has written these matches down."""
    state[f"{STANDS}{medium(media)}"] = Stood(found, (by,))


PICTURE = MediaHashed(ref=Ref("post", "1"), field="image", url="https://m.example/1.png", hashes=(PDQ, MD5))


def test_a_match_that_stands_is_not_told_again_and_one_that_was_withdrawn_is():
    state: dict[str, object] = {key(PDQ): [near()]}
    written(state, PICTURE, *hits(PICTURE, state))
    again = MediaRematched(scan=1, media=PICTURE)
    assert heard(again, state) == ()
    written(state, PICTURE)
    assert len(heard(again, state)) == 1


def test_what_an_event_of_the_same_batch_has_told_is_not_told_again():
    state: dict[str, object] = {key(PDQ): [near()]}
    again = [MediaRematched(scan=n, media=PICTURE) for n in (1, 2)]
    assert [len(heard(one, state, n)) for n, one in enumerate(again)] == [1, 0]
    written(state, PICTURE, by=f"{0:032x}")  # by the next batch it was written down, and withdrawn
    assert len(heard(again[1], state, 2)) == 1


def test_what_comes_by_another_hash_is_told_with_what_stands_of_the_medium():
    state: dict[str, object] = {key(PDQ): [near(1)], key(MD5): [near(2, kind="md5", list="two")]}
    [first] = heard(structs.replace(PICTURE, hashes=(PDQ,)), state, 1)
    [second] = heard(structs.replace(PICTURE, hashes=(MD5,), by="platform"), state, 2)
    assert (first.evidence["lists"], second.evidence["lists"]) == (["one"], ["one", "two"])
    assert (first.effect, second.effect) == ("enqueue", "hold")


def test_two_pictures_of_one_item_each_on_another_list_do_not_agree():
    other = structs.replace(PICTURE, url="https://m.example/2.png", hashes=(MD5,))
    state: dict[str, object] = {key(PDQ): [near(1)], key(MD5): [near(2, kind="md5", hold="confirmed", list="two")]}
    [first] = heard(structs.replace(PICTURE, hashes=(PDQ,)), state, 1)
    [second] = heard(other, state, 2)
    assert (second.evidence["lists"], second.effect) == (["two"], "enqueue")
    assert first.evidence["medium"] != second.evidence["medium"]


def test_without_an_address_a_medium_is_what_came_with_these_hashes():
    bare = structs.replace(PICTURE, url="")
    assert medium(bare) == medium(structs.replace(bare, hashes=(MD5, PDQ)))
    assert medium(bare) != medium(structs.replace(bare, hashes=(MD5,)))
    assert medium(structs.replace(bare, hashes=(MD5,), medium=medium(bare))) == medium(bare)


def test_of_many_matches_the_nearest_of_each_list_is_named():
    found = [near(n, distance=1) for n in range(30)] + [near(99, list="two", distance=20)]
    [signal] = told(pdq(*found), PDQ)
    named = [one["entry"] for one in signal.evidence["matches"]]
    assert (len(named), named[-1], signal.evidence["found"]) == (20, 99, 31)


ALIKE = {"two": ("one",), "new": (EVERY,)}
"""A matter of lists, not of matches."""
LISTS = st.sampled_from(["one", "two", "three", "new", ""])
HITS = st.builds(
    lambda entry, kind, distance, list_, upheld, dismissed, flat: Hit(
        near(entry, kind=kind, distance=distance, list=list_, upheld=upheld, dismissed=dismissed,
             alike=ALIKE.get(list_, ())),
        flat=flat,
    ),
    st.integers(1, 9), KINDS, st.integers(0, 31), LISTS, st.integers(0, 50), st.integers(0, 50),
    st.booleans(),
)  # fmt: skip


@given(st.lists(HITS, min_size=1, max_size=6), HITS)
def test_one_more_match_never_makes_it_less_likely_and_nothing_makes_it_certain(found, more):
    before, after = (judge("KNOWN", some, may_hold=True) for some in (found, [*found, more]))
    assert 0 < before.probability <= after.probability <= AT_MOST
    assert before.effect == "enqueue" or after.effect == "hold"


@given(HITS, st.integers(1, 9))
def test_a_list_whose_matches_were_dismissed_is_believed_less(hit, wrong):
    worse = structs.replace(hit, near=structs.replace(hit.near, dismissed=hit.near.dismissed + wrong))
    assert worse.chance < hit.chance


@given(st.integers(0, 30))
def test_what_is_farther_away_is_never_more_likely(distance):
    assert Hit(near(distance=distance + 1)).chance <= Hit(near(distance=distance)).chance


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["1.png", "2.png", ""]),
        st.lists(st.sampled_from([PDQ, MD5, Hash("pdq", "ef" * 32, quality=90)]), min_size=1, max_size=3, unique=True),
        st.booleans(), st.sampled_from(["desk", "platform"]), st.booleans(),
    ),
    min_size=1, max_size=8,
)  # fmt: skip
MIRRORED = Hash("pdq", "ef" * 32, quality=90)
LISTED = [
    near(1), near(2, list="two", upheld=40, alike=ALIKE["two"]), near(3, list="three", dismissed=9),
    near(4, list="three", dismissed=9),
    near(5, list="", bank="OTHER", hold="confirmed"), near(6, list="new", alike=ALIKE["new"]), near(7, bank="OTHER"),
]  # fmt: skip
AT = st.tuples(st.sampled_from(LISTED), st.integers(0, 31))
INDEX = st.builds(
    lambda files, looks, mirrored: {
        key(MD5): [structs.replace(one, entry=one.entry + 10, kind="md5") for one in files],
        key(PDQ): [structs.replace(one, distance=distance) for one, distance in looks],
        key(MIRRORED): [structs.replace(one, distance=distance) for one, distance in mirrored],
    },
    st.lists(st.sampled_from(LISTED), max_size=2), st.lists(AT, max_size=4), st.lists(AT, max_size=3),
)  # fmt: skip


@given(EVENTS, INDEX)
def test_whatever_is_told_of_an_items_media_no_event_lowers_what_a_bank_says_of_one_of_them(events, index):
    """As the fold has it: of each bank and medium the latest signal counts, and each entry is news once."""
    state: dict[str, object] = dict(index)
    latest: dict[tuple[str, str], float] = {}
    for number, (url, hashes, flat, by, again) in enumerate(events):
        media = structs.replace(PICTURE, url=url, hashes=tuple(hashes), flat=flat, by=by)
        for signal in heard(MediaRematched(scan=number, media=media) if again else media, state, number):
            at = signal.detector, signal.evidence["medium"]
            assert signal.probability >= latest.get(at, 0.0)
            latest[at] = signal.probability
    repeated = structs.replace(PICTURE, url=events[0][0], hashes=tuple(events[0][1]))
    assert heard(MediaRematched(scan=99, media=repeated), state, 99) == () or events[0][2]
