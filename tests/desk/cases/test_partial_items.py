"""The platform is asked for what open cases lack; its answers are read as at intake, and its lies change nothing."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from evenhand.connectors.webhooks.partial_items import Told
from evenhand.desk.cases import jobs
from evenhand.desk.cases.models import Asking, Case, Wanted
from evenhand.desk.cases.queries import unknown
from evenhand.desk.cases.queries.problems import partial_items as problems
from evenhand.desk.cases.services import asking
from evenhand.desk.enforcement.services import decide
from evenhand.desk.fields import from_micros, now_micros, to_micros
from evenhand.desk.intake.models import Item
from evenhand.desk.intake.queries import items as intake
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies import services as policy_services
from evenhand.engine.model import Ref
from tests.desk.conftest import post, reported, sent

ANN = Ref("account", "ann")
URL = "https://platform.example/items"
HOUR = 3_600_000_000


def bare(id_: str, author: str | None = None):
    """A post of which a reporter sent the id, and perhaps who wrote it."""
    item = post(id_, "", partial=True)
    return replace(item, data={}, creator=Ref("account", author) if author else None)


class Place:
    """A platform that is asked. What it `knows` it answers, unless it `says` something else."""

    def __init__(self) -> None:
        self.knows: dict[Ref, dict[str, Any]] = {}
        self.says: bytes | None = None
        self.error = ""
        self.asked: list[list[Ref]] = []

    def __call__(self, _platform: object, items: Sequence[Ref]) -> Told:
        self.asked.append(list(items))
        answer = {"items": [self.item(ref) for ref in items if ref in self.knows]}
        return Told(json.dumps(answer).encode() if self.says is None else self.says, self.error)

    def item(self, ref: Ref) -> dict[str, Any]:
        return {"id": ref.id, "typeId": ref.type, **self.knows[ref]}

    def says_items(self, *items: Any) -> None:
        self.says = json.dumps({"items": items}).encode()


@pytest.fixture
def place() -> Place:
    return Place()


def configure(platform: Any, **keys: Any) -> None:
    policy_services.apply(replace(platform, **keys), actor="system:test", expect=None)


@pytest.fixture
def ask(platform, fold, place) -> Callable[[], list[list[Ref]]]:
    """One round, and the fold of what it brought; gives what was asked in it."""
    configure(platform.platform, partial_items_url=URL)

    def ask() -> list[list[Ref]]:
        before = len(place.asked)
        jobs.ask(place)
        fold()
        return place.asked[before:]

    return ask


def let_pass(micros: int) -> None:
    """As if so much time had gone by since everything that happened."""
    for wanted in Wanted.objects.all():
        wanted.asked_at = wanted.asked_at and from_micros(to_micros(wanted.asked_at) - micros)
        wanted.due_at = wanted.due_at and from_micros(to_micros(wanted.due_at) - micros)
        wanted.save()
    Asking.objects.update(rests_until=from_micros(0))


def test_a_post_that_is_known_by_its_id_and_its_author_become_known(ask, fold, place):
    place.knows[Ref("post", "p1")] = {"data": {"text": "what it says", "author": {"id": "ann", "typeId": "account"}}}
    place.knows[ANN] = {"data": {"handle": "Ann"}}
    fold(reported(bare("p1")))
    assert ask() == [[Ref("post", "p1")]]
    assert ask() == [[ANN]]
    known = intake.known([Ref("post", "p1"), ANN])
    assert (known[Ref("post", "p1")].item.text, known[Ref("post", "p1")].item.partial) == ("what it says", False)
    assert known[ANN].item.name == "Ann"
    assert Case.objects.get().author_id == "ann"


def test_subject_and_author_are_asked_for_together_when_both_are_known_to_exist(ask, fold):
    fold(reported(bare("p1", "ann")))
    assert ask() == [[ANN, Ref("post", "p1")]]


def test_what_was_sent_whole_is_not_asked_for(ask, fold):
    account = replace(post("ann", "Ann"), ref=ANN, kind="user", creator=None)
    fold(sent(account), reported(post("p1")))
    assert ask() == []


def test_nothing_is_asked_where_no_address_is_configured(platform, fold, place):
    fold(reported(bare("p1")))
    jobs.ask(place)
    assert not place.asked
    assert not Wanted.objects.exists()


def test_the_nested_form_and_a_partial_answer_are_taken(ask, fold, place):
    fold(reported(bare("p1")))
    place.says_items(
        {"id": "p1", "data": {"text": "a part"}, "type": {"id": "post", "version": "3", "schemaVariant": "partial"}}
    )
    ask()
    [known] = intake.known([Ref("post", "p1")]).values()
    assert (known.item.text, known.item.partial) == ("a part", True)


def test_a_partial_answer_is_not_asked_for_again_although_it_changes_its_case(ask, fold, place):
    place.knows[Ref("post", "p1")] = {"data": {"text": "a part"}, "typeSchemaVariant": "partial"}
    fold(reported(bare("p1")))
    assert [ask(), ask(), ask()] == [[[Ref("post", "p1")]], [], []]


def test_an_unknown_item_is_asked_for_again_after_five_minutes_and_an_hour_and_then_given_up(ask, fold):
    fold(reported(bare("p1")))
    assert [len(ask()), len(ask())] == [1, 0]
    let_pass(299_000_000)
    assert not ask()
    let_pass(1_000_000)
    assert len(ask()) == 1
    let_pass(HOUR - 1_000_000)
    assert not ask()
    let_pass(1_000_000)
    assert len(ask()) == 1
    assert Wanted.objects.get().due_at is None
    assert not list(problems()), "that the platform does not know an item is an answer"


def test_what_was_given_up_is_asked_for_when_something_new_arrives(ask, fold):
    fold(reported(bare("p1")))
    ask()
    Wanted.objects.update(due_at=None)
    let_pass(HOUR)
    Case.objects.update(changed_at=from_micros(now_micros() - HOUR))
    assert not ask()
    fold(reported(bare("p1"), "r2"))
    assert len(ask()) == 1


def test_what_no_open_case_needs_any_more_is_not_asked_for(ask, fold, ana):
    fold(reported(bare("p1")), reported(bare("p2")))
    asking.look(*_document())
    case = Case.objects.get(item_id="p1")
    decide(case.pk, version=case.version, by=ana, kind="dismiss", policy=None, actions=[])
    fold(sent(post("p2", author="bob")))
    assert ask() == [[Ref("account", "bob")]]
    assert [wanted.item_id for wanted in Wanted.objects.all()] == ["bob"]


def test_one_request_asks_for_at_most_fifty(ask, fold):
    fold(*[reported(bare(f"p{n}")) for n in range(70)])
    assert [len(ask()[0]), len(ask()[0]), len(ask())] == [50, 20, 0]


def test_two_processes_never_ask_for_the_same(ask, fold):
    fold(reported(bare("p1")), reported(bare("p2")))
    asking.look(*_document())
    first, second = asking.claim(1), asking.claim(5)
    assert sorted(first + second) == [Ref("post", "p1"), Ref("post", "p2")]


def test_more_cases_than_one_look_takes_are_found_by_the_next(ask, fold, monkeypatch):
    monkeypatch.setattr(unknown, "MOST_CASES", 2)
    fold(*[reported(bare(f"p{n}")) for n in range(5)])
    Case.objects.update(changed_at=from_micros(now_micros() - HOUR))
    assert [len(ask()[0]) for _ in range(3)] == [2, 2, 1]


def test_items_of_a_type_that_the_platform_document_lacks_are_not_asked_for(ask, fold):
    fold(reported(replace(bare("p1"), creator=Ref("robot", "r"))))
    assert ask() == [[Ref("post", "p1")]]


LIES = {
    "not JSON": b"<html>",
    "nothing": b"",
    "an array": b"[]",
    "no items": b"{}",
    "an id that is a number": b'{"items":[{"id":1,"typeId":"post","data":{}}]}',
    "no data": b'{"items":[{"id":"p1","typeId":"post"}]}',
    "data that is a text": b'{"items":[{"id":"p1","typeId":"post","data":"x"}]}',
    "a field of the wrong type": b'{"items":[{"id":"p1","typeId":"post","data":{"text":["x"]}}]}',
    "another id": b'{"items":[{"id":"p2","typeId":"post","data":{"text":"x"}}]}',
    "another id beside the right one": b'{"items":[{"id":"p1","typeId":"post","data":{"text":"x"}},'
    b'{"id":"\\u0000","typeId":"post","data":{"text":"x"}}]}',
    "another type": b'{"items":[{"id":"p1","typeId":"account","data":{"handle":"x"}}]}',
    "no type": b'{"items":[{"id":"p1","data":{"text":"x"}}]}',
    "the same twice": b'{"items":[{"id":"p1","typeId":"post","data":{"text":"x"}},'
    b'{"id":"p1","typeId":"post","data":{"text":"y"}}]}',
    "half a surrogate pair": b'{"items":[{"id":"p1","typeId":"post","data":{"text":"\\ud800"}}]}',
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_lying_answer_changes_nothing_and_is_told(ask, fold, log, place, lie):
    fold(reported(bare("p1")))
    before = (list(Item.objects.values()), log.read(0, "", 99))
    place.says = lie
    assert len(ask()) == 1
    assert (list(Item.objects.values()), log.read(0, "", 99)) == before
    [problem] = problems()
    assert (problem.code, problem.severity) == ("partial_items", "error")
    assert URL in problem.what_to_do
    assert problem.since


def test_an_answer_that_cannot_be_used_gives_the_platform_a_rest_and_costs_the_others_no_try(ask, fold, place):
    place.error = "It answered 503."
    fold(reported(bare("p1")))
    ask()
    fold(reported(bare("p2")))
    assert not ask()
    let_pass(0)
    assert ask() == [[Ref("post", "p2")]]


def test_one_item_that_cannot_be_read_does_not_hold_up_the_others(ask, fold, place):
    fold(reported(bare("p1")), reported(bare("p2")))
    place.knows = {Ref("post", "p1"): {"data": {"views": "many"}}, Ref("post", "p2"): {"data": {"text": "fine"}}}
    ask()
    assert Item.objects.get(item_id="p2").text == "fine"
    assert Item.objects.get(item_id="p1").partial
    [problem] = problems()
    assert "/items/0/data/views: This text is not a number." in problem.message


def test_a_problem_ends_with_an_answer_and_with_the_case(ask, fold, place, ana):
    place.error = "It answered 503."
    fold(reported(bare("p1")), reported(bare("p2")))
    ask()
    assert "2 items" in next(problems()).message
    place.error, place.knows = "", {Ref("post", "p1"): {"data": {"text": "here"}}}
    Wanted.objects.filter(item_id="p1").update(due_at=from_micros(now_micros()))
    let_pass(0)
    ask()
    assert "1 item " in next(problems()).message
    case = Case.objects.get(item_id="p2")
    decide(case.pk, version=case.version, by=ana, kind="dismiss", policy=None, actions=[])
    assert not list(problems())


@pytest.mark.parametrize(
    "change", [{"partial_items_url": "https://other.example"}, {"partial_items_headers": {"Authorization": "Bearer 2"}}]
)
def test_another_address_or_other_headers_ask_for_everything_again(ask, fold, place, platform, change):
    fold(reported(bare("p1")))
    Case.objects.update(changed_at=from_micros(now_micros() - HOUR))
    assert [len(ask()), len(ask())] == [1, 0]
    configure(platform.platform, **{"partial_items_url": URL, **change})
    assert ask() == [[Ref("post", "p1")]]


def test_what_was_settled_a_month_ago_is_forgotten(ask, fold):
    fold(reported(bare("p1")), reported(bare("p2")))
    ask()
    Wanted.objects.filter(item_id="p1").update(due_at=None)
    let_pass(31 * 24 * HOUR)
    asking.forget()
    assert [wanted.item_id for wanted in Wanted.objects.all()] == ["p2"]


def _document():
    snapshot = policies.current(fresh=True)
    return snapshot.platform, snapshot.item_types
