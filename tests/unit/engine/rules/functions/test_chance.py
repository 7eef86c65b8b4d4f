"""Functions of chance, and experiments."""

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.rules.functions.experiments import experiment, experiment_when
from evenhand.engine.rules.values import Entity
from tests.unit.engine.rules.functions.contexts import FixedServices, call, context

KIM = Entity("User", "kim")


@pytest.mark.parametrize(
    ("number", "percentage", "value"),
    [(0.0, 0, False), (0.0, 1, True), (0.5, 50, False), (0.499, 50, True), (0.999999, 100, True)],
)
def test_a_share_of_the_draws_is_true(number, percentage, value):
    assert call("RandomBool", context(services=FixedServices(number)), percentage=percentage) is value


@pytest.mark.parametrize("percentage", [-1, 101, float("nan")])
def test_a_percentage_goes_from_0_to_100(percentage):
    with pytest.raises(ValueError, match="from 0 to 100"):
        call("RandomBool", context(services=FixedServices()), percentage=percentage)


@given(st.floats(0, 1, exclude_max=True), st.integers(-100, 100), st.integers(0, 100))
def test_a_number_lies_between_its_bounds(number, start, width):
    drawn = call("RandomInt", context(services=FixedServices(number)), start=start, end=start + width)
    assert start <= drawn <= start + width


def test_both_bounds_can_be_drawn():
    draws = [call("RandomInt", context(services=FixedServices(number)), start=1, end=3) for number in (0, 0.4, 0.99)]
    assert draws == [1, 2, 3]


def test_bounds_in_the_wrong_order_are_refused():
    with pytest.raises(ValueError, match="below start"):
        call("RandomInt", context(services=FixedServices()), start=2, end=1)


def test_a_draw_depends_on_the_event_and_its_name_alone():
    services = FixedServices()
    for event, name in [(1, ""), (1, ""), (1, "other"), (2, "")]:
        call("RandomBool", context(event=event, services=services), percentage=50, name=name)
    first, again, other, next_event = services.asked
    assert first == again
    assert len({first, other, next_event}) == 3


def test_without_services_there_is_no_chance():
    with pytest.raises(ValueError, match="no services"):
        call("RandomInt", context(), start=1, end=2)


def assign(user=KIM, *, buckets=("control", "treatment"), sizes=(50, 50), version=1, revision=1, name="Trial"):
    return experiment(user, list(buckets), list(sizes), version, revision, name)


def test_an_entity_stays_in_its_bucket_from_run_to_run():
    """Written down here, as a change would move everybody in a running experiment: BLAKE2b of name, version, entity."""
    digests = [hashlib.blake2b(f"Trial\x1f1\x1fUser\x1f{user}".encode(), digest_size=8).digest() for user in range(50)]
    expected = [int(digest[0] >= 128) for digest in digests]
    assert [assign(Entity("User", str(user))).bucket_index for user in range(50)] == expected
    assert expected[:8] == [1, 1, 0, 1, 1, 0, 1, 1]


def test_a_revision_keeps_the_buckets_and_a_version_or_name_draws_anew():
    users = [Entity("User", str(user)) for user in range(200)]
    buckets = [assign(user).bucket for user in users]
    assert [assign(user, revision=2).bucket for user in users] == buckets
    assert [assign(user, version=2).bucket for user in users] != buckets
    assert [assign(user, name="Other").bucket for user in users] != buckets


def test_buckets_have_about_the_sizes_they_are_given():
    counts = Counter(assign(Entity("User", user), sizes=(10, 30)).bucket for user in range(10_000))
    assert counts["control"] == pytest.approx(1_000, abs=150)
    assert counts["treatment"] == pytest.approx(3_000, abs=250)
    assert counts[""] == pytest.approx(6_000, abs=300)


def test_who_is_in_no_bucket_has_no_index():
    outside = assign(sizes=(0, 0))
    assert (outside.bucket, outside.bucket_index) == ("", -1)


@pytest.mark.parametrize(
    ("buckets", "sizes", "told"),
    [
        (["a"], [50, 50], "one size for each"),
        (["a", "a"], [50, 50], "named twice"),
        (["a", "b"], [60, 50], "not more than 100"),
        (["a"], [-1], "none below 0"),
    ],
)
def test_an_experiment_that_cannot_be_is_refused(buckets, sizes, told):
    with pytest.raises(ValueError, match=told):
        assign(buckets=buckets, sizes=sizes)


def test_three_thirds_are_not_more_than_a_whole():
    assert assign(buckets="abc", sizes=[100 / 3] * 3).bucket in "abc"


def test_a_rule_holds_for_the_bucket_that_the_entity_is_in():
    trial = assign(sizes=(100, 0))
    assert experiment_when(trial, control=[True, True]) is True
    assert experiment_when(trial, control=[True, False], treatment=[True]) is False
    assert experiment_when(trial, treatment=[True]) is False
    assert experiment_when(assign(sizes=(0, 0)), control=[]) is False
