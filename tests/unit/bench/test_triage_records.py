"""The bench keeps the records of reporters as the desk does."""

from bench.triage.memory import Memory
from bench.triage.records import Records
from bench.triage.trace import Report
from bench.triage.world import CRITICAL, REASONS

SPAM, SEXUAL = REASONS.index("spam"), REASONS.index("sexual")


def report(reporter, reason, at=0):
    return Report(at, reporter, reason, 1)


def told(records, reporter, reason):
    fact = records.fact(report(reporter, reason))
    return (fact.upheld, fact.dismissed), (fact.upheld_elsewhere, fact.dismissed_elsewhere)


def test_a_record_is_one_of_the_policy_and_all_others_are_elsewhere():
    records = Records()
    records.count([report("c1", SPAM), report("c1", SPAM, at=1), report("c2", SEXUAL)], SPAM)
    records.count([report("c1", SEXUAL)], None)
    assert told(records, "c1", SPAM) == ((1, 0), (0, 1))
    assert told(records, "c1", SEXUAL) == ((0, 1), (1, 0))
    assert told(records, "c2", SPAM) == ((0, 0), (1, 0))


def test_who_cried_the_worst_where_something_lesser_was_found_was_wrong():
    records = Records()
    records.count([report("d1", CRITICAL), report("c1", SPAM)], SPAM)
    assert told(records, "d1", CRITICAL)[0] == (0, 1)
    assert told(records, "c1", SPAM)[0] == (1, 0)


def test_the_strangers_of_one_trace_are_not_those_of_the_next():
    memory = Memory()
    memory.reporters.count([report("s7", SPAM), report("c1", SPAM)], SPAM)
    memory.authors = {"s8": (1, 0), "r3": (2, 0)}
    apart = memory.copy()
    memory.forget_strangers()
    assert told(memory.reporters, "s7", SPAM) == ((0, 0), (0, 0))
    assert told(memory.reporters, "c1", SPAM) == ((1, 0), (0, 0))
    assert memory.authors == {"r3": (2, 0)}
    assert told(apart.reporters, "s7", SPAM) == ((1, 0), (0, 0))
