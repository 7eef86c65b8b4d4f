"""One order for all open cases: when the half-life or the document changes, stored ranks stay comparable."""

import math
from itertools import pairwise

import msgspec
import pytest

from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.models import Entry
from evenhand.desk.cases import jobs
from evenhand.desk.cases.models import Case
from evenhand.desk.cases.queries import moves, stale
from evenhand.desk.cases.services import ordering
from evenhand.desk.cases.services.again import open_again
from evenhand.desk.fields import now_micros
from evenhand.desk.intake import services as intake
from evenhand.desk.intake.models import ViewFit
from evenhand.desk.intake.queries import views
from evenhand.desk.policies import services as policy_services
from evenhand.desk.policies.models import PlatformVersion
from evenhand.engine.triage.exposure import HalfLife
from tests.desk.conftest import post, reported, sent

MINUTE = 60 * 1_000_000
HOUR = 60 * MINUTE
FITTED = HalfLife(8 * HOUR, 7 * HOUR, 9 * HOUR, 400)


@pytest.fixture
def waiting(fold):
    """Cases of all ages, some of them critical."""
    now = now_micros()
    for number in range(12):
        made = now - number * 3 * HOUR
        policy = "minors" if number % 5 == 0 else "spam"
        fold(reported(post(f"p{number}", created_at=made, views=10 * number), f"r{number}", policy))


def ranks():
    return dict(Case.objects.filter(kind="review").values_list("item_id", "rank"))


def test_when_the_half_life_changes_every_stored_rank_is_as_if_ranked_under_it(waiting, platform):
    ordering.put_in_force(FITTED)
    switched = ranks()
    while jobs.refresh():
        pass
    assert ranks() == pytest.approx(switched, rel=1e-9)


def test_what_is_folded_afterwards_stands_among_the_others_by_what_waiting_costs(waiting, fold):
    ordering.put_in_force(FITTED)
    now = now_micros()
    fold(
        reported(post("old", created_at=now - 20 * HOUR, views=10_000)), reported(post("new", created_at=now, views=0))
    )
    while jobs.refresh():
        pass
    cases = Case.objects.filter(lane=2).order_by("-rank")
    costs = [cost(case, now) for case in cases]
    assert all(first >= second - 1e-6 for first, second in pairwise(costs))


def cost(case, now):
    """log2 of the harm for each second now, from the terms that its page shows."""
    value = {term["name"]: term["value"] for term in case.why["terms"]}
    left = math.log2(value["reach"]) - (now - value["reach_at"]) / (value["half_life"] * MINUTE)
    return math.log2(value["probability"] * value["harm"] / value["handling"]) + left


def test_a_case_tells_how_many_items_its_half_life_was_fitted_to(waiting):
    ordering.put_in_force(FITTED)
    while jobs.refresh():
        pass
    case = Case.objects.filter(lane=2).first()
    [term] = [term for term in case.why["terms"] if term["name"] == "half_life"]
    assert (term["value"], term["source"]) == (480, "fitted on 400 items")


def test_the_change_is_in_the_ledger_with_its_interval(waiting):
    ordering.put_in_force(FITTED)
    entry = Entry.objects.get(act=Act.HALF_LIFE_FITTED)
    assert entry.actor == "system:order"


def test_it_is_fitted_once_a_day_to_what_the_platform_told_of_views(fold):
    made = now_micros() - 40 * HOUR
    for number in range(60):
        ref = f"p{number}"
        fold(sent(post(ref, created_at=made, views=500), made + 4 * HOUR))
        fold(sent(post(ref, created_at=made, views=1_000), made + 16 * HOUR))
    assert ordering.refit()
    found = views.half_life()
    assert (found.items, found.value > 2 * HOUR) == (60, True)
    assert not ordering.refit()
    ViewFit.objects.update(fitted_at=now_micros() - 48 * HOUR)
    assert not ordering.refit(), "the same counts say the same"
    assert ViewFit.objects.filter(in_force=True).count() == 1
    assert ViewFit.objects.count() == 2


def test_on_few_items_the_published_half_life_stays(fold):
    made = now_micros() - 40 * HOUR
    fold(sent(post("p1", created_at=made, views=500), made + 4 * HOUR))
    fold(sent(post("p1", created_at=made, views=1_000), made + 16 * HOUR))
    assert not ordering.refit()
    assert views.half_life().items == 0


def heavier(platform, policy, harm):
    new = msgspec.convert(msgspec.to_builtins(platform.platform), type(platform.platform))
    changed = tuple(msgspec.structs.replace(one, harm=harm) if one.id == policy else one for one in new.policies)
    return msgspec.structs.replace(new, policies=changed)


def test_a_new_document_ranks_all_open_cases_anew(waiting, platform):
    assert not moves.concerns(platform.platform, platform.platform)
    before = ranks()
    document = heavier(platform, "spam", 50.0)
    policy_services.apply(document, actor="system:test")
    assert stale.refs(100) == [], "somebody may still rank under the one before it"
    PlatformVersion.objects.update(applied_at=now_micros() - MINUTE)
    Case.objects.update(changed_at=now_micros() - HOUR)
    assert jobs.refresh() == 12
    assert jobs.refresh() == 0
    after = ranks()
    assert all(after[item] >= before[item] for item in before)
    assert any(after[item] > before[item] + 1 for item in before)


def test_what_would_move_is_what_moves(waiting, fold, platform):
    fold(reported(post("q1", created_at=now_micros(), views=90)))
    document = heavier(platform, "spam", 0.01)
    foreseen = moves.moves(document)
    assert foreseen.open == 13
    policy_services.apply(document, actor="system:test")
    PlatformVersion.objects.update(applied_at=now_micros() - MINUTE)
    Case.objects.update(changed_at=now_micros() - HOUR)
    jobs.refresh()
    order = list(Case.objects.order_by("lane", "-rank", "id").values_list("pk", flat=True))
    assert [one.case.pk for one in foreseen.after] == order[: moves.PAGE]


def test_cases_that_were_ranked_before_the_desk_kept_a_basis_are_left_out_and_counted(waiting, platform):
    Case.objects.filter(item_id="p3").update(why={})
    found = moves.moves(platform.platform)
    assert (found.open, found.left_out, found.changed) == (11, 1, 0)


def test_appeals_keep_their_place_in_time(waiting, platform):
    old = now_micros() - 10 * HOUR
    case = Case.objects.create(
        kind="appeal", item_type="post", item_id="a", rank=old / (80 * MINUTE), opened_at=old, changed_at=old
    )
    ordering.put_in_force(FITTED)
    case.refresh_from_db()
    assert case.rank == pytest.approx(old / (8 * HOUR))


def test_a_second_look_stands_where_the_case_stands_that_it_looks_at(waiting):
    first = Case.objects.get(item_id="p4")
    look = open_again(first, but=())
    ordering.put_in_force(FITTED)
    first.refresh_from_db()
    look.refresh_from_db()
    assert (look.lane, look.rank) == (first.lane, first.rank)


def test_who_ranks_knows_the_fit_in_force(db):
    assert ordering.model().fitted_on == 0
    intake.keep_fit(FITTED, in_force=True)
    assert (ordering.model().half_life, ordering.model().fitted_on) == (8 * HOUR, 400)
