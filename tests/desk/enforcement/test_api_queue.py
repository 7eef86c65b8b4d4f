"""What a program asks of the queue: parts of it as the console has them, whether it changed, and a case in full."""

import json

import pytest
from django.core.cache import cache
from django.utils import timezone

from evenhand.desk.cases import services as cases
from evenhand.desk.cases.models import Case
from evenhand.desk.cases.queries.views import Part
from evenhand.desk.enforcement.models import Audit, Hold
from evenhand.desk.enforcement.services.holds import absorb
from evenhand.desk.fields import now_micros
from evenhand.desk.policies import queries as policies
from evenhand.desk.signals import services as signals
from evenhand.engine.model import Ref, Signal
from tests.desk.conftest import appealed, post, reported
from tests.desk.enforcement import licensing


@pytest.fixture
def platform(db):
    licensing.apply(rules_may='"hold"', hold_limit=0.2, hold_budget=0.5)
    return policies.current(fresh=True)


@pytest.fixture
def queue(fold):
    fold(
        reported(post("p1", author="ann")),
        reported(post("p2", author="bob"), policy="harassment"),
        appealed(post("p3", author="ann")),
    )


def items(program, asked):
    return sorted(row["item"]["id"] for row in program("GET", f"/queue?{asked}").json()["items"])


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["p1", "p2", "p3"]),
        ("policy=spam", ["p1"]),
        ("kind=review", ["p1", "p2"]),
        ("kind=appeal", ["p3"]),
        ("lane=normal", ["p1", "p2", "p3"]),
        ("lane=critical", []),
        ("item_type=post", ["p1", "p2", "p3"]),
        ("item_type=account", []),
        ("author=bob", ["p2"]),
        ("kind=review&author=ann", ["p1"]),
        ("queue=default&policy=spam", ["p1"]),
        ("queue=elsewhere", []),
        ("queue=f:policy%3Dspam", ["p1"]),
    ],
)
def test_the_queue_is_filtered_as_in_the_console(queue, of_ana, asked, found):
    assert items(of_ana, asked) == found


def test_a_part_of_it_is_worked_through_like_the_whole(queue, of_ana):
    assert of_ana("POST", "/queue/next?author=bob").json()["case"]["item"]["id"] == "p2"
    assert of_ana("POST", "/queue/next?policy=minors").json() == {"case": None}


def test_a_saved_view_is_a_part_for_whom_it_is_there(queue, ana, of_ana, of_ben):
    view = cases.save_view("Bob's", Part(author="bob"), ana)
    [told] = of_ana("GET", "/queue/views").json()["items"]
    assert (told["id"], told["name"], told["owner"], told["part"]) == (
        view.pk,
        "Bob's",
        ana.pseudonym,
        {"author": "bob"},
    )
    assert of_ben("GET", "/queue/views").json() == {"items": []}
    assert items(of_ana, f"view={view.pk}") == ["p2"]
    assert of_ben("GET", f"/queue?view={view.pk}").status_code == 400
    assert of_ana("GET", f"/queue?view={view.pk}&policy=spam").status_code == 400


@pytest.mark.parametrize("asked", ["lane=fast", "kind=second", "view=none", "view=0", "policy=", "colour=red"])
def test_what_is_no_part_is_refused(queue, of_ana, asked):
    assert of_ana("GET", f"/queue?{asked}").status_code == 400


def version(program, asked=""):
    cache.clear()
    return program("GET", f"/queue/version{asked}").json()["version"]


def test_the_queues_version_changes_with_what_waits_and_with_nothing_else(queue, fold, of_ana, of_ben):
    before = version(of_ana)
    of_ana("POST", "/queue/next")
    assert version(of_ana) == version(of_ben) == before
    fold(reported(post("p9")))
    later = version(of_ana)
    assert later != before
    case = Case.objects.get(item_id="p9")
    of_ana("POST", f"/cases/{case.pk}/decisions", {"version": 1, "kind": "dismiss"})
    assert version(of_ana) != later


def test_the_queues_version_tells_nothing_of_other_queues(queue, fold, of_ana):
    before = version(of_ana)
    fold(reported(post("p9"), policy="minors"))
    assert Case.objects.get(item_id="p9").queue == "minors"
    assert version(of_ana) == before


def test_the_queues_version_is_cheap(queue, of_ana, django_assert_max_num_queries):
    version(of_ana)
    with django_assert_max_num_queries(5):
        of_ana("GET", "/queue/version")


def signal(detector, **more):
    given = {
        "version": "1", "subject": Ref("post", "p1"), "event_id": "e" * 32, "at": now_micros(), "summary": "It says so",
        "policy": "spam", "probability": 0.9, "effect": "note", "evidence": {},
    }  # fmt: skip
    return Signal(detector=detector, **(given | more))


def detail(program):
    return program("GET", f"/cases/{Case.objects.get(item_id='p1').pk}").json()


def test_a_case_tells_its_signals_and_media_without_what_a_rule_read_of_the_report(queue, of_ana):
    signals.tell(
        [
            signal("rule:Flood", evidence={"asks": ["ban"], "why": {"features": {"Reporter": "r1"}}}),
            signal("media:logos", evidence={"medium": "m1", "url": "https://media.example/1.jpg", "matches": []}),
        ]
    )
    told = detail(of_ana)
    found = {one["detector"]: one["evidence"] for one in told["signals"]}
    assert found["rule:Flood"] == {"asks": ["ban"]}
    [match] = told["media"]
    assert (match["bank"], match["url"], match["evidence"]) == ("logos", "https://media.example/1.jpg", {"matches": []})
    assert told["content"]["data"] == {"text": "hello"}
    assert (told["author"], told["together"]) == ({"type": "account", "id": "ann"}, 1)


def test_no_reporter_is_named_anywhere(fold, of_ana):
    for n in range(12):
        fold(reported(post("p1"), f"reporter-number-{n}"))
    told = detail(of_ana)
    assert (told["reports"], told["reporters"]) == (12, 12)
    said = [told, of_ana("GET", "/queue").json(), of_ana("POST", "/queue/next").json()]
    assert "reporter-number" not in json.dumps(said)


def test_a_case_tells_what_hides_its_item_unless_that_is_an_audit(queue, of_ana):
    absorb([], [signal("rule:Flood", effect="hold", evidence={"hours": 24.0})])
    hold = Hold.objects.get()
    assert detail(of_ana)["hold"]["id"] == hold.pk
    Hold.objects.update(cause=Hold.Cause.LICENCE, name="spam")
    type(hold.decision).objects.filter(pk=hold.decision_id).update(key_name="licence:spam")
    audit = {"policy": "spam", "score": 0.9, "inclusion": 0.05, "drawn_at": timezone.now()}
    Audit.objects.update_or_create(case=hold.decision.case, defaults=audit)
    assert detail(of_ana)["hold"] is None
