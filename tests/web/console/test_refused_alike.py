"""Two doors, one house: what the console refuses a person, the API refuses their program, and the other way round."""

from datetime import timedelta
from functools import partial
from typing import NamedTuple

import pytest
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from evenhand.desk.audit.models import Entry
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.models import Case, CaseBar, MediaView
from evenhand.desk.cases.queries import clusters
from evenhand.desk.enforcement.models import Batch, Decision, Delivery, Hold
from evenhand.desk.enforcement.services import batches, decide, decide_many
from evenhand.desk.enforcement.services.holds import absorb
from evenhand.desk.fields import now_micros
from evenhand.desk.policies import queries as policies
from evenhand.engine.model import Ref, Signal
from tests.desk.conftest import post, reported
from tests.desk.enforcement import licensing
from tests.support.program import Program

TEXT = "The council met last night behind closed doors and sold our park to Brindok, tell everybody"
OTHER = "Lanterns of gold, made by hand from river glass, only this week and only for those who write to me first"
VERBS = ("lease", "next", "decide", "cluster", "split", "hold", "release", "undo", "undo batch")
DOORS = ("console", "api")


@pytest.fixture
def platform(db):
    """Spam may be held by rules, and who looked at one medium of it today is handed no more."""
    licensing.apply(rules_may='"hold"', looks_a_day=1)
    return policies.current(fresh=True)


class World(NamedTuple):
    """A row of three cases, the first of them with a hold; what Ben decided, alone and on a cluster."""

    row: Case
    last: int
    version: str
    decision: Decision
    batch: Batch


@pytest.fixture
def world(fold, ben, monkeypatch):
    monkeypatch.setattr(batches, "AT_ONCE", 60.0)
    fold(reported(post("done")), *(reported(post(f"k{n}", OTHER, f"k{n}"), f"k{n}") for n in range(2)))
    dismissed = {"version": 1, "by": ben, "kind": "dismiss", "policy": None}
    decision = decide(Case.objects.get(item_id="done").pk, **dismissed)
    batch = decide_many(Case.objects.get(item_id__startswith="k", behind=False).pk, upto=10**9, **dismissed)
    fold(*(reported(post(f"c{n}", TEXT, f"author{n}"), f"r{n}") for n in range(3)))
    row = Case.objects.get(state="open", behind=False)
    signal = Signal(
        detector="rule:Flood", version="1", subject=Ref("post", row.item_id), event_id="e" * 32, at=now_micros(),
        summary="many links", policy="spam", probability=0.9, effect="hold", evidence={"hours": 24.0},
    )  # fmt: skip
    absorb([], [signal])
    assert Hold.objects.filter(ended_at__isnull=True).count() == 1
    newest = clusters.newest(row)
    return World(row, newest, f"{row.pk}-{row.version}-{newest}", decision, batch)


def through_console(client, verb, world):
    row = world.row.pk
    form = {"version": world.row.version, "do": "dismiss", "policy": "spam"}
    path, given = {
        "lease": (f"/cases/{row}/take/", {}),
        "next": ("/queue/start/", {}),
        "decide": (f"/cases/{row}/decide/", form),
        "cluster": (f"/cases/{row}/decide/", {**form, "together": "yes", "upto": world.last}),
        "split": (f"/cases/{row}/part/", {"but": [world.last]}),
        "hold": (f"/cases/{world.last}/hold/", {"version": 1, "policy": "spam", "hours": "6"}),
        "release": (f"/cases/{row}/release/", {}),
        "undo": (f"/decisions/{world.decision.uid}/undo/", {}),
        "undo batch": (f"/batches/{world.batch.uid}/undo/", {}),
    }[verb]
    return client.post(path, given)


def through_api(program, verb, world):
    row, cluster = world.row.pk, f"/clusters/{world.row.cluster_id}"
    hold = Hold.objects.latest("pk").pk
    said = {"version": world.row.version, "kind": "dismiss"}
    method, path, given = {
        "lease": ("PUT", f"/cases/{row}/lease", None),
        "next": ("POST", "/queue/next", None),
        "decide": ("POST", f"/cases/{row}/decisions", said),
        "cluster": ("POST", f"{cluster}/decisions", {**said, "version": world.version}),
        "split": ("POST", f"{cluster}/split", {"version": world.version, "cases": [world.last]}),
        "hold": ("POST", f"/cases/{world.last}/hold", {"version": 1, "policy": "spam", "hours": 6}),
        "release": ("POST", f"/holds/{hold}/release", None),
        "undo": ("POST", f"/decisions/{world.decision.uid}/undo", None),
        "undo batch": ("POST", f"/batches/{world.batch.uid}/undo", None),
    }[verb]
    return program(method, path, given)


def happened(verb, world, user):
    by = {"actor__startswith": f"user:{user.pseudonym}"}
    return {
        "lease": lambda: Case.objects.filter(holder=user).exists(),
        "next": lambda: Case.objects.filter(holder=user).exists(),
        "decide": lambda: Decision.objects.filter(decided_by=user).exists(),
        "cluster": lambda: Batch.objects.filter(by=user).exists(),
        "split": lambda: Case.objects.get(pk=world.last).cluster_id != world.row.cluster_id,
        "hold": lambda: Hold.objects.filter(cause="person").exists(),
        "release": lambda: Entry.objects.filter(act="released", **by).exists(),
        "undo": lambda: Entry.objects.filter(act="undo", obj=f"decision:{world.decision.uid}", **by).exists(),
        "undo batch": lambda: Batch.objects.get(pk=world.batch.pk).undone_at is not None,
    }[verb]()


def nothing(_world, _user, _ben):
    """As it is."""


def left(_world, user, _ben):
    type(user).objects.filter(pk=user.pk).update(is_active=False)


def of_another_role(_world, _user, _ben):
    Case.objects.update(queue="minors", policy="minors")


def barred(_world, user, _ben):
    CaseBar.objects.bulk_create([CaseBar(case=case, user=user) for case in Case.objects.all()])


def held(world, _user, ben):
    cases.take(world.row.pk, ben)


def decided(world, _user, ben):
    decide_many(world.row.pk, version=1, by=ben, kind="dismiss", policy=None, upto=world.last)


def another_version(_world, _user, _ben):
    Case.objects.filter(state="open").update(version=F("version") + 1)


def seen_enough(world, user, _ben):
    now = timezone.now()
    MediaView.objects.create(
        case=world.row, viewer=user, item_type="post", item_id="c0", field="images", url="u", filter="grey+blur",
        opened_at=now - timedelta(seconds=9), heard_at=now, closed_at=now, ending="closed",
    )  # fmt: skip


class Scene(NamedTuple):
    name: str
    prepare: object
    allowed: set[str]
    """The verbs that are carried out all the same."""
    roles: tuple[str, ...] = ("moderator",)


SCENES = (
    Scene("nothing in the way", nothing, set(VERBS)),
    Scene("a role that decides nothing", nothing, set(), ("legal",)),
    Scene("a role that sees no content", nothing, set(), ("admin", "auditor")),
    Scene("somebody who left", left, set()),
    Scene("a queue of another role", of_another_role, set()),
    Scene("child safety without a second factor", of_another_role, set(), ("moderator", "child_safety")),
    Scene("somebody who decided first", barred, {"release"}),
    Scene("somebody else holds it", held, {"release", "undo", "undo batch"}),
    Scene("somebody else decided it", decided, {"undo", "undo batch"}),
    Scene("it was changed since it was read", another_version, set(VERBS) - {"decide", "cluster", "hold"}),
    Scene("they have seen enough of it today", seen_enough, set(VERBS) - {"next"}),
)


@pytest.fixture(params=DOORS)
def enter(request, signed_in):
    """`enter(user)` gives what acts for them: `act(verb, world)`."""

    def enter(user):
        if request.param == "console":
            return partial(through_console, signed_in(user))
        return partial(through_api, Program("of-eve", user))

    return enter


def each_undone(names):
    """What one did does not stand in another's way: it is rolled back."""
    for name in names:
        with transaction.atomic():
            yield name
            transaction.set_rollback(True)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_both_doors_refuse_the_same(scene, enter, world, person, ben):
    user = person("eve", *scene.roles)
    act = enter(user)
    scene.prepare(world, user, ben)
    for verb in each_undone(VERBS):
        answer = act(verb, world)
        assert answer.status_code < 500, (verb, answer.content)
        assert happened(verb, world, user) == (verb in scene.allowed), (verb, answer.status_code, answer.content)


@pytest.mark.parametrize("door", DOORS)
def test_what_takes_two_people_asks_back_waits_and_is_not_consented_to_alone(door, world, person, signed_in):
    user = person("eve")
    desk, program = signed_in(user), Program("of-eve", user)

    def terminate(*, confirmed):
        said = {"version": 1, "kind": "act", "policy": "spam", "actions": [{"action": "terminate"}]}
        if door == "api":
            return program("POST", f"/cases/{world.row.pk}/decisions", {**said, "confirmed": confirmed})
        form = {"version": 1, "do": "act:terminate", "policy": "spam", **({"confirmed": "yes"} if confirmed else {})}
        return desk.post(f"/cases/{world.row.pk}/decide/", form)

    terminate(confirmed=False)
    assert not Decision.objects.filter(decided_by=user).exists()
    terminate(confirmed=True)
    made = Decision.objects.get(decided_by=user, kind="act")
    assert (made.needs_second, Delivery.objects.get(decision=made).state) == (True, "waiting")
    if door == "api":
        assert program("POST", f"/decisions/{made.uid}/second").status_code == 404
    else:
        desk.post(f"/decisions/{made.uid}/second/")
    made.refresh_from_db()
    assert (made.seconded_at, Delivery.objects.get(decision=made).state) == (None, "waiting")
