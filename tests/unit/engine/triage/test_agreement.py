"""Agreement of two looks: laws, and values that were reckoned by hand."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.triage.agreement import agreement, share

CATEGORIES = ("", "spam", "insults")
pairs = st.lists(st.tuples(st.sampled_from(CATEGORIES), st.sampled_from(CATEGORIES)), max_size=60)


@given(pairs)
def test_a_share_lies_in_its_interval_and_both_between_0_and_1(found):
    agreed = agreement(found).agreed
    assert agreed.whole == len(found)
    assert 0 <= agreed.low <= agreed.high <= 1
    if found:
        assert agreed.low - 1e-9 <= agreed.value <= agreed.high + 1e-9


@given(pairs)
def test_which_look_came_first_does_not_matter(found):
    swapped = [(second, first) for first, second in found]
    assert agreement(swapped).agreed == agreement(found).agreed
    one, other = agreement(swapped).alpha, agreement(found).alpha
    assert (one is None) == (other is None)
    if one and other:
        assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high))


@given(pairs, st.permutations(CATEGORIES))
def test_what_the_categories_are_called_does_not_matter(found, names):
    renamed = dict(zip(CATEGORIES, names, strict=True))
    one = agreement([(renamed[first], renamed[second]) for first, second in found]).alpha
    other = agreement(found).alpha
    assert (one is None) == (other is None)
    if one and other:
        assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high))


@given(pairs)
def test_alpha_lies_in_its_interval_and_is_1_just_where_all_agree(found):
    alpha = agreement(found).alpha
    if alpha is None:
        return
    assert -1 <= alpha.low <= alpha.high <= 1
    assert alpha.low - 1e-9 <= alpha.value <= alpha.high + 1e-9
    assert (alpha.value == pytest.approx(1)) == all(first == second for first, second in found)


@given(pairs)
def test_one_pair_more_that_agrees_never_lowers_the_share(found):
    before, after = agreement(found).agreed, agreement([*found, ("", "")]).agreed
    assert after.low >= before.low - 1e-9 or not found


@given(st.integers(1, 200), st.data())
def test_more_looks_of_the_same_kind_narrow_the_interval(whole, data):
    part = data.draw(st.integers(0, whole))
    few, many = share(part, whole), share(4 * part, 4 * whole)
    assert many.high - many.low <= few.high - few.low + 1e-9


def test_where_all_looks_said_one_thing_chance_cannot_be_told_from_agreement():
    assert agreement([("spam", "spam")] * 20).alpha is None
    assert agreement([]).alpha is None
    assert agreement([("", "spam")]).alpha is None


def test_alpha_is_that_of_krippendorffs_formula():
    """Coincidences by hand: n = 20 values, 12 of a, 8 of b; 4 values in mismatching pairs.
    alpha = 1 - (n - 1) * o_ab / (n_a * n_b), with o_ab = 2."""
    found = [("a", "a")] * 5 + [("b", "b")] * 3 + [("a", "b")] * 2
    assert agreement(found).alpha.value == pytest.approx(1 - 19 * 2 / (12 * 8))


def test_a_few_that_all_agree_prove_little():
    few = agreement([("a", "a"), ("b", "b")] * 3).alpha
    assert few.value == pytest.approx(1)
    assert few.low < 0.3


def test_no_looks_are_no_share():
    assert share(0, 0).value is None
    with pytest.raises(ValueError, match="no share"):
        share(3, 2)


def test_the_intervals_hold_what_is_true_as_often_as_they_say():
    """300 samples of 60 pairs each, of two looks that are right in 9 of 10 and guess otherwise. The true alpha is
    0.9 * 0.9 = 0.81, and one interval in ten may miss it."""
    draw = random.Random(7)

    def look(true: str) -> str:
        return true if draw.random() < 0.9 else draw.choice("ab")

    def sample() -> list[tuple[str, str]]:
        return [(look(true), look(true)) for true in (draw.choice("ab") for _ in range(60))]

    found = [agreement(sample()) for _ in range(300)]
    share_true = 0.5 + 0.81 / 2
    assert sum(one.alpha.low <= 0.81 <= one.alpha.high for one in found) >= 0.88 * len(found)
    assert sum(one.agreed.low <= share_true <= one.agreed.high for one in found) >= 0.88 * len(found)
