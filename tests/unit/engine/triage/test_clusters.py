"""Clusters: what is put together, whatever the order in which it comes, and what is shown of it."""

from itertools import combinations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.copypasta.corpus import make
from evenhand.engine.text.wording import Wording
from evenhand.engine.triage.clusters import Clusters, Medium, Sample, place, same, sample
from evenhand.engine.triage.samples import choose, impurity, split

TEXT = "The council met last night behind closed doors and sold our park to Brindok, tell everybody"
OTHER = "We grow tomatoes on the balcony and this year the first ones came as early as in June"
COPIES = [TEXT, TEXT.upper(), f"{TEXT} please", f"🔥 {TEXT}", TEXT.replace("Brindok", "Бриндок"), OTHER, f"{OTHER} 🍅"]
PICTURE = "f" * 32 + "0" * 32


def flipped(pdq, bits):
    return f"{int(pdq, 16) ^ sum(1 << (bit * 16 % 256 + bit // 16) for bit in range(bits)):064x}"


def groups(samples):
    clusters = Clusters()
    for name, one in samples.items():
        clusters.add(name, one)
    return {frozenset(group) for group in clusters.groups()}


@settings(deadline=None)
@given(st.permutations(COPIES))
def test_the_order_of_arrival_makes_no_difference(texts):
    assert groups({text: sample(text) for text in texts}) == {frozenset(COPIES[:5]), frozenset(COPIES[5:])}


def test_a_bridge_joins_two_clusters():
    ends = {"one": sample(f"{TEXT} and come to the park with your friends"), "two": sample(f"now guess what: {TEXT}")}
    assert len(groups(ends)) == 2
    assert len(groups({**ends, "bridge": sample(TEXT)})) == 1


def test_the_same_sample_again_changes_nothing():
    first = place("one", sample(TEXT), {})
    assert first.alike == ()
    again = place("two", sample(TEXT), first.changed)
    assert again.alike == ("one",)
    assert again.changed == {}


def test_state_survives_being_written_down():
    changed = place("one", sample(TEXT, [Medium(pdq=PICTURE)]), {}).changed
    kept = msgspec.msgpack.decode(msgspec.msgpack.encode(changed["one"]), type=Sample)
    assert kept == changed["one"]


def test_what_is_kept_under_a_key_is_bounded():
    state = {}
    key = sample(TEXT).keys[0]
    for number in range(100):
        one = Sample(msgspec.structs.replace(sample(TEXT).wording, opposites=(number,)))
        state |= place(str(number), one, state).changed
    assert len(state[key]) == 12
    assert state[key][-1] == "99"


def test_pictures_are_the_same_within_a_distance():
    one = sample("", [Medium(pdq=PICTURE)])
    near, far = sample("", [Medium(pdq=flipped(PICTURE, 15))]), sample("", [Medium(pdq=flipped(PICTURE, 16))])
    assert same(one, near)
    assert not same(one, far)
    assert groups({"one": one, "near": near, "far": sample("", [Medium(pdq="0" * 64)])}) == {
        frozenset({"one", "near"}),
        frozenset({"far"}),
    }


@settings(deadline=None)
@given(st.integers(0, 2**256 - 1), st.sets(st.integers(0, 255), max_size=15))
def test_pictures_within_the_distance_always_meet(value, bits):
    other = value
    for bit in bits:
        other ^= 1 << bit
    one, two = (sample("", [Medium(pdq=f"{each:064x}")]) for each in (value, other))
    assert set(one.keys) & set(two.keys)
    assert same(one, two)


def test_flat_pictures_are_the_same_only_exactly():
    flat = Medium(pdq=PICTURE, flat=True)
    assert same(sample("", [flat]), sample("", [flat]))
    assert not same(sample("", [flat]), sample("", [Medium(pdq=flipped(PICTURE, 2))]))


def test_another_caption_or_another_picture_is_a_doubt():
    one = sample(TEXT, [Medium(pdq=PICTURE)])
    assert same(one, sample(TEXT, [Medium(pdq=PICTURE, exact=("sha256:1",))]))
    assert not same(one, sample(OTHER, [Medium(pdq=PICTURE)]))
    assert not same(one, sample(TEXT))
    assert not same(one, sample(TEXT, [Medium(pdq="0" * 64)]))
    assert not same(sample("mine", [Medium(pdq=PICTURE)]), sample("yours", [Medium(pdq=PICTURE)]))


def test_media_that_nobody_has_hashed_are_a_doubt():
    unknown = sample(TEXT, [Medium()])
    assert unknown.keys == ()
    assert not same(unknown, unknown)


def test_under_a_policy_about_links_only_these_count():
    one, two = f"{TEXT} https://x.example/a", f"{OTHER} see x.example/a"
    assert not same(sample(one), sample(two))
    assert same(sample(one, by_link=True), sample(two, by_link=True))
    assert not same(sample(one, by_link=True), sample(two))
    assert not same(sample(one, by_link=True), sample(f"{TEXT} https://y.example/a", by_link=True))
    assert sample(TEXT, by_link=True).keys == ()


def test_nothing_at_all_is_alike_to_nothing():
    assert not same(Sample(Wording()), Sample(Wording()))
    assert sample("").keys == ()


@pytest.fixture(scope="module")
def posts():
    return make(1500, 101)


def test_copies_of_real_edits_are_found_and_what_says_something_else_is_not(posts):
    clusters = Clusters()
    for number, post in enumerate(posts):
        clusters.add(str(number), sample(post.text))
    labels = [clusters.of(str(number)) for number in range(len(posts))]
    found = {pair for pair in combinations(range(len(posts)), 2) if labels[pair[0]] == labels[pair[1]]}
    true = {pair for pair in combinations(range(len(posts)), 2) if posts[pair[0]].cluster == posts[pair[1]].cluster}
    assert len(found & true) / len(found) >= 0.99
    assert len(found & true) / len(true) >= 0.94


def test_any_two_posts_are_compared_the_same_both_ways(posts):
    some = [sample(post.text) for post in posts[:120]]
    assert all(same(one, other) == same(other, one) for one, other in combinations(some, 2))


def test_the_most_typical_is_shown_with_what_differs_most():
    members = {f"copy{number}": sample(TEXT) for number in range(8)}
    members |= {
        "long": sample(f"{TEXT} and come to see it"),
        "longer": sample(f"{TEXT} and come along with your friends"),
    }
    chosen = choose(members)
    assert chosen.medoid.startswith("copy")
    assert chosen.outliers == ("longer", "long")
    assert len(chosen.diverse) == 3
    assert {chosen.medoid, *chosen.diverse}.isdisjoint(chosen.outliers)


@settings(deadline=None)
@given(st.sets(st.sampled_from(COPIES), min_size=1), st.randoms())
def test_what_is_shown_does_not_depend_on_the_order(texts, random):
    names = sorted(texts)
    shuffled = names[:]
    random.shuffle(shuffled)
    assert choose({name: sample(name) for name in names}) == choose({name: sample(name) for name in shuffled})


def test_a_large_cluster_is_looked_at_in_part():
    members = {f"{number:05}": sample(f"{TEXT} {'so ' * (number % 9)}") for number in range(3000)}
    assert choose(members).medoid in members


def test_nothing_can_be_shown_of_an_empty_cluster():
    with pytest.raises(ValueError, match="without members"):
        choose({})


def test_members_go_with_the_checked_one_that_they_are_like():
    members = {text: sample(text) for text in COPIES}
    found = split(members, {TEXT: "wrong", OTHER: "fine"})
    assert found == {"wrong": COPIES[:5], "fine": COPIES[5:]}
    assert split(members, {TEXT: "wrong"}) == {"wrong": COPIES}
    with pytest.raises(ValueError, match="Nobody"):
        split(members, {})


def test_impurity_is_the_share_that_the_verdict_on_most_is_wrong_for():
    assert impurity([]) == 0
    assert impurity(["a"] * 9) == 0
    assert impurity(["a"] * 9 + ["b"]) == pytest.approx(0.1)


def test_the_corpus_is_the_same_for_the_same_seed():
    assert make(100, 5) == make(100, 5) != make(100, 6)
