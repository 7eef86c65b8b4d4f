"""Stored events against rules, in processes: the same as one worker that folded them all."""

import msgspec
import pytest

from evenhand.engine.detect.ruleview import moment, number, view
from evenhand.engine.model import Event, Item, ItemSent, Ref
from evenhand.engine.rules import RuleError, load_sources
from evenhand.engine.rules.replay import play
from evenhand.engine.rules.state import MemoryState
from evenhand.runtime import backtest
from evenhand.runtime.backtest import Project
from evenhand.runtime.eventlog import Row, to_event, to_row

SECOND = 1_000_000
WORDS = Project(
    {
        "main.sml": """
Text: str = JsonData(path='$.text')
Spam = Rule(when_all=[StringContains(s=Text, phrase='spam')])
WhenRules(rules_any=[Spam], then=[Enqueue(policy='spam')])
"""
    },
    {},
)
COUNTS = Project(
    {
        "main.sml": """
Author: Entity[str] = EntityJson(type='user', path='$.evenhand.author.id')
Sent = IncrementWindow(key=f'sent {Author}', window_seconds=100, when_all=[True])
WasLoud = HasLabel(entity=Author, label='loud')
Flood = Rule(when_all=[Sent >= 3])
Again = Rule(when_all=[WasLoud])
WhenRules(rules_any=[Flood], then=[LabelAdd(entity=Author, label='loud', expires_after=TimeDelta(seconds=30))])
WhenRules(rules_any=[Again], then=[Enqueue(policy='spam')])
"""
    },
    {},
)


def row(n, text="hello", *, deleted=False) -> Row:
    """One event each ten seconds, by three authors in turns that repeat late."""
    item = Item(
        ref=Ref("post", f"p{n}"),
        kind="content",
        data={"text": text},
        text=text,
        creator=Ref("user", f"u{n * n % 7}"),
        deleted=deleted,
    )
    return to_row(Event(f"{n:032x}", n * 10 * SECOND, "key:test", ItemSent(item)), partitions=1)


def events(count):
    return [row(n, "spam" if n % 5 == 0 else "hello") for n in range(1, count + 1)]


def replayed(rows, *projects, processes=2, counted_from=0):
    reads = backtest.replay(
        rows, [backtest.load(one) for one in projects], processes=processes, counted_from=counted_from
    )
    return list(reads)


def fired(reads, side=0):
    return [(hit.item, [fire.rule for fire in hit.fires]) for read in reads for hit in read.chunks[side].hits]


def folded(rows, project):
    """What one worker makes of them, in order."""
    rules, state, found = load_sources(project.sources), MemoryState(), []
    for one in rows:
        event = to_event(one)
        result = play(rules, state, *view(event), at=moment(one.at), action_id=number(event))
        if result.fired:
            found.append((f"post/{event.subject.id}", [fire.rule for fire in result.fired]))
    return found


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(backtest, "CHUNK", 7)


@pytest.mark.parametrize("project", [WORDS, COUNTS], ids=["stateless", "counting"])
def test_the_replay_finds_what_one_worker_finds_in_the_same_order(project):
    rows = events(60)
    expected = folded(rows, project)
    assert expected
    assert fired(replayed(rows, project, processes=3)) == expected


def test_two_projects_see_the_same_chunks():
    rows = events(40)
    reads = replayed(rows, WORDS, COUNTS)
    assert fired(reads, 0) == folded(rows, WORDS)
    assert fired(reads, 1) == folded(rows, COUNTS)
    assert [read.until for read in reads] == [rows[min(n + 6, 39)].at for n in range(0, 40, 7)]


def test_events_of_both_projects_are_joined_in_order():
    read = replayed(events(30), WORDS, COUNTS)[-1]
    found = list(backtest.joined(read))
    assert [one.at for one in found] == sorted({hit.at for chunk in read.chunks for hit in chunk.hits})
    assert {one.item for one in found if one.now} == {hit.item for hit in read.chunks[0].hits}
    assert {one.item for one in found if one.before} == {hit.item for hit in read.chunks[1].hits}


def test_events_before_the_counted_time_warm_the_counters_and_are_in_no_result():
    rows = events(60)
    reads = replayed(rows, COUNTS, counted_from=rows[30].at)
    assert fired(reads) == [one for one in folded(rows, COUNTS) if int(one[0].removeprefix("post/p")) > 30]
    assert sum(read.chunks[0].run for read in reads) == 30


def test_rules_that_remember_nothing_run_in_all_processes_others_in_one():
    assert backtest.load(WORDS).memory.stateless
    assert not backtest.load(COUNTS).memory.stateless
    assert backtest.load(COUNTS).rules == ("Flood", "Again")


def test_deleted_items_are_not_judged_and_what_cannot_be_read_is_counted():
    strange = msgspec.structs.replace(row(2), body=b'{"type":"from the future"}')
    (read,) = replayed([row(1, "spam", deleted=True), strange, row(3, "spam")], WORDS)
    chunk = read.chunks[0]
    assert (chunk.run, chunk.unreadable, [hit.item for hit in chunk.hits]) == (1, 1, ["post/p3"])


def test_values_that_cannot_be_had_are_counted_with_what_was_told():
    project = Project({"main.sml": "A: str = JsonData(path='$.no')\nB: str = JsonData(path='$.text')\n"}, {})
    (read,) = replayed(events(3), project)
    chunk = read.chunks[0]
    assert chunk.failed == 3
    assert chunk.errors == {"main.sml:1: the event has nothing at $.no": 3}


def test_an_empty_log_gives_nothing():
    assert replayed([], WORDS) == []


def test_a_project_with_mistakes_is_refused_before_anything_runs():
    with pytest.raises(RuleError):
        backtest.load(Project({"main.sml": "A = B\n"}, {}))
