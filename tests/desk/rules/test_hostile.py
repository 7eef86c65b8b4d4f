"""Rules in the fold that make trouble, and events that mean harm: none of it keeps an event from being folded."""

import json

import pytest
from django.db import OperationalError

from evenhand.desk.intake import services as intake
from evenhand.desk.policies import services as policies
from evenhand.desk.rules import queries, services
from evenhand.desk.rules.models import Hits, ProjectVersion
from evenhand.desk.rules.queries.problems import rules as problems
from evenhand.desk.signals.models import ParkedEvent, Signal
from evenhand.desk.signals.services import DeskStore, evaluation
from evenhand.engine.detect import Rules
from evenhand.engine.detect.ruleunread import NOT_READ
from evenhand.engine.rules import RuleError, RuleSet
from evenhand.engine.rules.run import EXHAUSTED
from evenhand.runtime.partitions import Claim
from tests.desk.conftest import post, sent
from tests.support.platform import CHILD_SAFETY_QUEUE, DOCUMENT

HEAD = """
Text: str = JsonData(path='$.text')
Nul = Base64Decode(input='AGE=')
Huge = Text * 1000
Known = Rule(when_all=[Text != ''], description='all is well')
WhenRules(rules_any=[Known], then=[Enqueue(policy='spam', probability=0.1)])
"""
LONG = "x" * 300
CONFIG = {"labels": {name: {"valid_for": ["Account", LONG]} for name in ("seller", LONG, "a\x00b", "a/b:c \u202e")}}
ENQUEUE = "Enqueue(policy='spam')"
NUL, HUGE = "Entity(type='Account', id=Nul)", "Entity(type='Account', id=Huge)"


def odd(effect: str = ENQUEUE, when: str = "True", description: str = "''") -> str:
    return f"""
Odd = Rule(when_all=[{when}], description={description})
WhenRules(rules_any=[Odd], then=[{effect}])
"""


def labels(entity: str, label: str = "seller", more: str = "") -> str:
    return odd(f"LabelAdd(entity={entity}, label='{label}'{more})")


ENDLESS = ", delay_action_by=TimeDelta(days=999999999), expires_after=TimeDelta(days=999999999)"
CASES = {
    "a description with NUL": odd("Enqueue(policy='spam', note=Nul)", description="f'{Nul}'"),
    "a huge description": odd("Enqueue(policy='spam', note=Huge)", description="f'{Huge}'"),
    "a value with NUL": odd(when="Nul != ''"),
    "a label on a huge id": labels(HUGE),
    "a label on NUL": labels(NUL),
    "a label of NUL that is asked for": odd(when=f"not HasLabel(entity={NUL}, label='seller')"),
    "a label of a huge id that is asked for": odd(when=f"not HasLabel(entity={HUGE}, label='seller')"),
    "a long label": labels("Entity(type='Account', id='a')", LONG),
    "a label with NUL": labels("Entity(type='Account', id='a')", "a\\x00b"),
    "an odd label": labels("Entity(type='Account', id='a')", "a/b:c \\u202e"),
    "a long type": labels(f"Entity(type='{LONG}', id='a')"),
    "an empty id": labels("Entity(type='Account', id='')"),
    "a huge number as id": labels("Entity(type='Account', id=2 ** 4000)"),
    "a label without end": labels("Entity(type='Account', id='a')", more=ENDLESS),
    "a hold for an age": odd("Hold(policy='spam', hours=1e300 * StringLength(s=Text))"),
    "a hold without end": odd("Hold(policy='spam', hours=1e308 * 10.0 * StringLength(s=Text))"),
    "a hold for a moment": odd("Hold(policy='spam', hours=1e-300 * StringLength(s=Text))"),
    "huge numbers": "F = 1e308 * 10.0\nM = StringLength(s=Text) + 2 ** 4000\n"
    + odd(when="M > 3, F > 1.0", description="f'{M} {F}'"),
    "counters of odd keys": odd(
        when="IncrementWindow(key=Nul, window_seconds=60, when_all=[True]) > 0,"
        " IncrementWindow(key=Huge, window_seconds=60, when_all=[True]) > 0,"
        " CountDistinct(counter='a', key=Huge, value=Huge, window_seconds=60) > 0"
    ),
    "a window of years": odd(when="IncrementWindow(key='a', window_seconds=300000000, when_all=[True]) > 0"),
    "effects that the desk has not": odd(f"BanUser(entity={HUGE}, comment=Nul), DeclareVerdict(verdict=Nul)"),
    "signs of other languages": odd("Enqueue(policy='spam', note='%(a)s {0}')", description="'{}%s <script>'"),
}


def live(sources, config=CONFIG):
    published = services.publish({"main.sml": sources}, config, actor="system:test")
    for rule in published.rules:
        for stage in ("shadow", "live"):
            services.move(rule, stage, actor="user:ana", owner="ana", reason="to see")
    return published.rules


@pytest.fixture(autouse=True)
def _spam_may_be_held(platform):
    text = DOCUMENT.replace("{hooks}", "http://127.0.0.1:9/hooks").replace("{other}", "http://127.0.0.1:9/other")
    text = text.replace('name = "Spam"\n', 'name = "Spam"\nhold = "remove"\nrules_may = "act"\n')
    policies.apply(policies.read(text.replace("{queues}", CHILD_SAFETY_QUEUE)), actor="system:test")


@pytest.mark.parametrize("case", CASES)
def test_a_rule_that_makes_trouble_keeps_no_event_from_being_folded(fold, case):
    live(HEAD + CASES[case])
    fold(sent(post("p1", "hello there")))
    fold(sent(post("p2", "hello there")))
    assert not ParkedEvent.objects.exists(), ParkedEvent.objects.first().error
    assert Signal.objects.filter(detector="rule:Known").count() == 2


def test_an_error_is_counted_for_the_rules_that_it_left_without_an_answer_and_told(fold):
    live(
        HEAD
        + """
Wide: int = JsonData(path='$.width')
Area = Wide * 2
Big = Rule(when_all=[Area > 10])
Other = Rule(when_all=[Area > 10 or True])
Quiet = Rule(when_all=[Maybe > 3])
Maybe: int = JsonData(path='$.maybe', required=False)
WhenRules(rules_any=[Big, Other, Quiet], then=[Enqueue(policy='spam', probability=Share)])
Share = 0.5 * StringLength(s=Text)
"""
    )
    fold(sent(post("p1")), sent(post("p2")))
    failed = {one.rule: (one.times, one.error) for one in queries.failed(since_hour=0)}
    assert failed.keys() == {"Big", "Other"}
    assert failed["Big"][0] == 2
    assert "nothing at $.width" in failed["Big"][1]
    assert "probability is 2.5" in failed["Other"][1]
    assert Hits.objects.get(rule="Other").fired == 2
    assert sum("had no answer or no effect 2 times" in one.message for one in problems()) == 2


def test_a_draft_that_fails_is_told_to_nobody(fold):
    rule = "A: int = JsonData(path='$.a')\nR = Rule(when_all=[A > 1])\n"
    services.publish({"main.sml": rule}, {}, actor="system:test")
    fold(sent(post("p1")))
    assert not Hits.objects.exists()


def test_rules_that_cannot_run_at_all_keep_no_event_from_being_folded(fold, monkeypatch):
    live(HEAD)

    def broken(*_args: object, **_more: object) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr(RuleSet, "run", broken)
    fold(sent(post("p1")))
    assert not ParkedEvent.objects.exists()
    assert queries.failed(since_hour=0) == [queries.Failed("", 1, "MemoryError('no room')")]


def test_one_rule_whose_signal_cannot_be_made_keeps_no_other_from_telling(fold, monkeypatch):
    live(HEAD + CASES["an empty id"])
    made = Rules._signal

    def signal(self, event, fired, *more):
        if fired.rule == "Odd":
            raise KeyError("policy")
        return made(self, event, fired, *more)

    monkeypatch.setattr(Rules, "_signal", signal)
    fold(sent(post("p1")))
    assert [row.detector for row in Signal.objects.all()] == ["rule:Known"]
    assert queries.failed(since_hour=0) == [queries.Failed("Odd", 1, "KeyError('policy')")]


def test_a_project_that_the_program_no_longer_takes_is_told_and_events_are_folded(fold):
    live(HEAD)
    content = '{"sources": {"main.sml": "Gone = FunctionOfAnotherPackage(x=1)"}}'
    ProjectVersion.objects.update(content=content, digest="0" * 64)
    queries.forget()
    fold(sent(post("p1")))
    assert not ParkedEvent.objects.exists()
    [problem] = [one for one in problems() if one.code == "rules_cannot_run"]
    assert "FunctionOfAnotherPackage" in problem.message
    assert problem.severity == "error"


def test_a_project_that_was_published_before_runs_though_something_in_it_can_only_fail(fold):
    live(HEAD)
    content = {"sources": {"main.sml": f"{HEAD}Never = StringSplit(s=Text, sep='')\n"}}
    ProjectVersion.objects.update(content=json.dumps(content), digest="1" * 64)
    queries.forget()
    fold(sent(post("p1")))
    assert [row.detector for row in Signal.objects.all()] == ["rule:Known"]
    [problem] = [one for one in problems() if one.code.startswith("rules_")]
    assert (problem.code, problem.severity) == ("rules_always_fail", "warning")
    assert "main.sml:7: StringSplit: sep is empty" in problem.message
    with pytest.raises(RuleError, match="sep is empty"):
        services.publish(content["sources"], {}, actor="system:test")


def test_state_that_cannot_be_read_is_no_answer_and_the_event_waits(log, monkeypatch):
    live(HEAD + CASES["counters of odd keys"])
    store = DeskStore()
    [claim] = store.claim("test", 10.0)

    def away(*_args: object) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(evaluation._Kept, "__getitem__", away)
    intake.accept([sent(post("p1"))])
    batch = log.read(claim.part, claim.position, 10)
    with pytest.raises(OperationalError, match="away"):
        store.fold(Claim(claim.part, claim.epoch, claim.position), batch.rows, batch.position)
    assert not Signal.objects.exists()


def test_an_event_that_takes_too_much_work_is_told_and_keeps_no_other_waiting(fold):
    steps = "\n".join(f"C{n} = StringClean(s=Text, form='NFC')" for n in range(30))
    last = "Last = Rule(when_all=[StringLength(s=C29) > 0])"
    live(f"{HEAD}{steps}\n{last}\nWhenRules(rules_any=[Last], then=[Enqueue(policy='spam')])\n")
    fold(sent(post("p1", "é" * 100_000)), sent(post("p2")))
    assert not ParkedEvent.objects.exists()
    found = Signal.objects.order_by("item_id", "detector").values_list("item_id", "detector")
    assert list(found) == [("p1", "rule"), ("p1", "rule:Known"), ("p2", "rule:Known"), ("p2", "rule:Last")]
    told = {one.rule: (one.times, one.error) for one in queries.failed(since_hour=0)}
    assert told[""] == (1, f"post/p1: {EXHAUSTED}")
    note = Signal.objects.get(detector="rule")
    assert (note.item_id, note.effect, note.summary) == ("p1", "note", NOT_READ)
    advice = {one.what_to_do for one in problems() if one.code == "rule_failed"}
    assert advice == {"Read the item that it names, to its end: no rule has. The rule needs no mending."}
