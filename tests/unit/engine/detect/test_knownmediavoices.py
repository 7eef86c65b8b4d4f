"""How many voices lists are that have the same medium."""

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.detect.knownmediavoices import independent

NAMES = st.sampled_from("abcdefg")
WEIGHTS = st.dictionaries(NAMES, st.floats(0, 5), max_size=7)
ALIKE = st.lists(st.tuples(NAMES, NAMES), max_size=12)


def weight(weights, names):
    return sum(weights[name] for name in names)


@given(WEIGHTS, ALIKE)
def test_it_is_the_heaviest_set_of_which_no_two_are_alike(weights, alike):
    def apart(names):
        return not any(one != other and one in names and other in names for one, other in alike)

    found = independent(weights, alike)
    every = [names for size in range(len(weights) + 1) for names in combinations(weights, size) if apart(names)]
    assert apart(found)
    assert weight(weights, found) >= max(weight(weights, names) for names in every) - 1e-9


@given(WEIGHTS, ALIKE, NAMES, st.floats(0, 5))
def test_one_more_list_never_makes_less_of_the_others(weights, alike, name, more):
    before = weight(weights, independent({one: w for one, w in weights.items() if one != name}, alike))
    after = {**weights, name: more}
    assert weight(after, independent(after, alike)) >= before - 1e-9


def test_an_aggregate_of_two_lists_does_not_make_them_one():
    alike = [("all", "one"), ("all", "two")]
    assert independent({"all": 1.0, "one": 1.0, "two": 1.0}, alike) == {"one", "two"}
    assert len(independent({"all": 1.0, "one": 1.0}, alike)) == 1


def test_forty_lists_that_copy_their_neighbours_are_told_apart_at_once():
    names = [f"l{n:02}" for n in range(40)]
    assert len(independent(dict.fromkeys(names, 1.0), list(pairwise(names)))) == 20
