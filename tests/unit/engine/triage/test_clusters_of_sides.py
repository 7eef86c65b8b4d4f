"""Two texts that differ only in who they are about are never one cluster, and each side's copies are found alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.text import near, sides
from evenhand.engine.text.names import skeleton
from evenhand.engine.triage.clusters import Clusters, same, sample
from tests.support.sides import PAIRS

EDITS = (
    str,
    str.upper,
    str.lower,
    "🔥 {}".format,
    "{} 😱!!".format,
    lambda text: text.replace(", ", " - "),
    lambda text: text.replace(" ", " \u200b"),
    "ok: {}".format,
    "{} ☪️".format,
    "{} 🚫".format,
    "{} 7".format,
)
"""What people do to a text that they copy, and what makes another one of it."""
named = pytest.mark.parametrize("pair", PAIRS, ids=" ".join)


def alike(one, other):
    found = same(sample(one), sample(other))
    assert found == same(sample(other), sample(one))
    return found


@named
@pytest.mark.parametrize("written", [str, str.upper, str.lower])
def test_the_other_side_is_another_text(pair, written):
    for text in pair.texts:
        one, other = written(text.format(pair.one)), written(text.format(pair.other))
        assert alike(one, one)
        assert alike(other, other)
        assert not alike(one, other)


@named
@pytest.mark.parametrize("number", range(2))
def test_an_edit_is_the_same_to_either_side(pair, number):
    one, other = pair.texts[number].format(pair.one), pair.texts[number].format(pair.other)
    assert [alike(one, edit(one)) for edit in EDITS] == [alike(other, edit(other)) for edit in EDITS]


@given(
    st.sampled_from(PAIRS),
    st.lists(st.tuples(st.integers(0, 1), st.booleans(), st.sampled_from(EDITS)), min_size=2, max_size=8),
)
def test_whatever_comes_the_clusters_are_the_same_with_the_sides_exchanged(pair, stream):
    """Indices of what came, by cluster; a cluster is of one side and of one text."""

    def clustered(seen):
        clusters = Clusters()
        for place, (number, first, edit) in enumerate(stream):
            text = seen.texts[number].format(seen.one if first else seen.other)
            clusters.add(str(place), sample(edit(text)))
        return {frozenset(map(int, group)) for group in clusters.groups()}

    found = clustered(pair)
    assert found == clustered(pair.turned)
    assert all(len({stream[place][:2] for place in group}) == 1 for group in found)


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair.language == "English"], ids=" ".join)
def test_who_did_it_to_whom_is_what_a_text_says(pair):
    text = (
        "In the market yesterday evening the {} beat the {} in front of all the people who stood there and looked, so"
        " that somebody had to go and fetch the doctor."
    )
    one, turned = text.format(pair.one, pair.other), text.format(pair.other, pair.one)
    assert not alike(one, turned)
    assert alike(one, f"{one} It was awful.")
    assert alike(turned, f"{turned} It was awful.")


HE = "Yesterday I read that he sold all of the trees behind the station and that nobody in town was told of it at all."
SHE = HE.replace(" he ", " she ")


def test_he_in_the_place_of_she_is_a_doubt_and_one_more_is_none():
    assert not alike(HE, SHE)
    assert alike(HE, f"{HE} Look at her!")
    assert alike(SHE, f"{SHE} Look at him!")


def test_one_of_many_mentions_of_a_side_may_not_turn_into_the_other():
    text = f"{HE} We asked the women there, and the men who work there, and then again {{}} who came to look."
    assert not alike(text.format("men"), text.format("women"))


def test_however_long_the_text_is_the_side_tells():
    filler = " ".join(f"word{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(600))
    for one, other in (("men", "women"), ("left", "right"), ("he", "she")):
        assert alike(f"The {one} did {filler}", f"The {one} did {filler} today")
        assert not alike(f"The {one} did {filler}", f"The {other} did {filler}")


@pytest.mark.parametrize(
    ("one", "other"), [("🇫🇷", "🇩🇪"), ("✝️", "☪️"), ("✡️", "🕉️"), ("🏳️‍🌈", "🏳️‍⚧️"), ("👨", "👩"), ("🚹", "🚺")]
)
def test_signs_tell_a_side_too(one, other):
    for text in PAIRS[0].texts:
        assert alike(f"{text} {one}", f"{text} {one}!")
        assert not alike(f"{text} {one}", f"{text} {other}")


@pytest.mark.parametrize(("one", "other"), [("🤷", "🤷‍♀️"), ("🤷‍♂️", "🤷‍♀️"), ("👍", "👍🏿"), ("👍🏻", "👍🏿")])
def test_who_copies_may_be_anybody(one, other):
    for text in PAIRS[0].texts:
        assert alike(f"{text} {one}", f"{text} {other}")


def test_each_word_of_the_list_is_one_word_of_a_text():
    assert all(near.words_of(word).findall(word) == [word] for word in sides.ALL)


@pytest.mark.parametrize(("one", "other"), [("armenians", "romanians"), ("koreans", "ukrainians")])
def test_names_that_begin_otherwise_do_not_sound_alike(one, other):
    assert skeleton(one) != skeleton(other)
    assert skeleton(one) == skeleton(one.replace("k", "ck"))
