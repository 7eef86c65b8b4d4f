"""What rules would have done: counted, held against people's decisions, compared with other rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.rules.backtest import (
    DAY,
    MOST_EXAMPLES,
    Fire,
    Share,
    Tally,
    decided_items,
    fires,
    share,
)
from evenhand.engine.rules.run import Fired, Result
from evenhand.engine.rules.values import Effect

SPAM, SPAM_NOTED, FLOOD = Fire("Spam", asks=True), Fire("Spam", asks=False), Fire("Flood", asks=True)
EVENTS = st.lists(
    st.tuples(
        st.integers(0, 5).map("post/{}".format),
        st.integers(0, 3 * DAY),
        st.sets(st.sampled_from([SPAM, FLOOD])).map(tuple),
        st.sets(st.sampled_from([SPAM, FLOOD])).map(tuple),
    )
)


def tally(*, compared=True, decided=None):
    return Tally(["Spam", "Flood"], ["Spam", "Flood"] if compared else None, decided or {})


def told(report, rule="Spam"):
    return next(one for one in report.rules if one.rule == rule)


def test_a_rule_asks_when_one_of_its_effects_opens_a_case_holds_or_acts():
    result = Result(
        features={},
        effects=(
            Effect(kind="label_add", rules=("Noted",)),
            Effect(kind="verdict", rules=("Noted", "Asking")),
            Effect(kind="hold", rules=("Asking",)),
        ),
        fired=(Fired("Noted", ""), Fired("Asking", "")),
    )
    assert fires(result) == (Fire("Noted", asks=False), Fire("Asking", asks=True))
    assert fires(Result(features={})) == ()


def test_fires_are_counted_by_day_and_on_the_average_of_the_whole_time():
    counted = tally()
    for at in (0, 1, DAY, 3 * DAY):
        counted.add("post/1", at, [SPAM])
    one = told(counted.report(10, None))
    assert (one.fires, one.fires_per_day, one.by_day) == (4, 0.4, {0: 2, 1: 1, 3: 1})


def test_the_work_is_what_asks_times_the_pace():
    counted = tally()
    counted.add("post/1", 0, [SPAM, FLOOD], [SPAM])
    counted.add("post/2", 0, [SPAM_NOTED])
    counted.add("post/3", 0, [SPAM])
    report = counted.report(2, 3600)
    assert (told(report).asking, told(report).hours_per_day) == (2, 1.0)
    assert (report.asking, report.hours_per_day) == (2, 1.0)
    assert (report.asking_before, report.hours_added_per_day) == (1, 0.5)


def test_without_a_pace_the_work_is_not_known():
    counted = tally()
    counted.add("post/1", 0, [SPAM])
    report = counted.report(1, None)
    assert (told(report).hours_per_day, report.hours_per_day, report.hours_added_per_day) == (None, None, None)


def test_precision_counts_each_decided_item_once():
    counted = tally(decided={"post/1": True, "post/2": False, "post/3": True})
    for item in ("post/1", "post/1", "post/2", "post/77"):
        counted.add(item, 0, [SPAM])
    report = counted.report(1, None)
    assert (told(report).precision.acted, told(report).precision.decided) == (1, 2)
    assert told(report, "Flood").precision == Share(0, 0, None, None, None)


def test_what_the_other_rules_fired_on_is_no_fire_of_these():
    counted = tally(decided={"post/1": True})
    counted.add("post/1", 0, [], [SPAM])
    one = told(counted.report(1, None))
    assert (one.fires, one.asking, one.precision.decided) == (0, 0, 0)
    assert (one.no_longer_caught.events, one.no_longer_caught.examples) == (1, ("post/1",))


def test_what_is_new_and_what_is_lost_is_told_by_rule_and_for_all_that_ask():
    counted = tally()
    counted.add("post/1", 0, [SPAM], [FLOOD])
    counted.add("post/2", 0, [SPAM], [SPAM])
    counted.add("post/3", 0, [SPAM], [])
    report = counted.report(1, None)
    assert told(report).newly_caught.examples == ("post/1", "post/3")
    assert told(report, "Flood").no_longer_caught.examples == ("post/1",)
    assert report.newly_caught.examples == ("post/3",)
    assert report.no_longer_caught.events == 0


def test_a_rule_that_only_the_other_project_has_is_told_too():
    counted = Tally(["Spam"], ["Gone"], {})
    counted.add("post/1", 0, [], [Fire("Gone", asks=True)])
    assert told(counted.report(1, None), "Gone").no_longer_caught.events == 1


def test_there_are_at_most_so_many_examples_and_no_item_twice():
    counted = tally()
    for number in range(2 * MOST_EXAMPLES):
        counted.add(f"post/{number // 2}", 0, [SPAM])
        counted.add(f"post/{number // 2}", 0, [SPAM])
    newly = told(counted.report(1, None)).newly_caught
    assert newly.events == 4 * MOST_EXAMPLES
    assert newly.examples == tuple(f"post/{number}" for number in range(MOST_EXAMPLES))


def test_without_other_rules_nothing_is_compared():
    counted = tally(compared=False)
    counted.add("post/1", 0, [SPAM])
    report = counted.report(1, 60)
    assert (report.newly_caught, report.asking_before, report.hours_added_per_day) == (None, None, None)
    assert told(report).newly_caught is None


@given(EVENTS)
def test_what_is_new_less_what_is_lost_is_the_difference(events):
    """The law: fires now − fires before = newly caught − no longer caught, for each rule and for all that ask."""
    counted, before = tally(), {"Spam": 0, "Flood": 0}
    for item, at, now, other in events:
        counted.add(item, at, now, other)
        for one in other:
            before[one.rule] += 1
    report = counted.report(1, None)
    for one in report.rules:
        assert one.fires - before[one.rule] == one.newly_caught.events - one.no_longer_caught.events
        assert sum(one.by_day.values()) == one.fires
    assert report.asking - report.asking_before == report.newly_caught.events - report.no_longer_caught.events


@given(EVENTS)
def test_rules_that_are_compared_with_themselves_differ_in_nothing(events):
    counted = tally()
    for item, at, now, _ in events:
        counted.add(item, at, now, now)
    assert all(one.newly_caught.events == one.no_longer_caught.events == 0 for one in counted.report(1, None).rules)


def test_the_last_decision_on_an_item_counts():
    assert decided_items([("post", "1", True), ("post", "2", True), ("post", "1", False)]) == {
        "post/1": False, "post/2": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("acted", "decided", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (9, 10, 0.5958, 0.9821), (10, 10, 0.7225, 1.0)],
)
def test_the_interval_is_wilsons(acted, decided, low, high):
    """Against the published table of the score interval for n = 10."""
    found = share(acted, decided)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@given(st.integers(1, 10_000).flatmap(lambda decided: st.tuples(st.integers(0, decided), st.just(decided))))
def test_the_interval_holds_the_share_and_narrows_with_more_decisions(given_):
    acted, decided = given_
    found, more = share(acted, decided), share(acted * 4, decided * 4)
    assert 0 <= found.low <= found.share <= found.high <= 1
    assert more.high - more.low < found.high - found.low
