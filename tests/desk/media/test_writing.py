"""Each service that writes, in no transaction of the test's own, as the running desk calls it: it needs no other, and
when its entry cannot be written into the ledger, nothing of it is kept."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone

from evenhand.desk.audit.models import Entry as LedgerEntry
from evenhand.desk.audit.services import recording
from evenhand.desk.enforcement.models import Decision
from evenhand.desk.media import services
from evenhand.desk.media.models import Feedback, Look, Match, Source
from evenhand.engine.media.listing import Withdrawn
from evenhand.engine.model import ItemSent, Media
from tests.desk.conftest import event, post, sent
from tests.desk.media.conftest import ACTOR, Shelf, hash_of, hashed, listed, page, pdq, take_in

PICTURE = Media(kind="image", url="https://m.example/1.png", field="image")
RECORDED: dict[str, Callable[[SimpleNamespace], object]] = {
    "add_entry": lambda _: services.add_entry("KNOWN", {"pdq": hash_of("new")}, actor=ACTOR),
    "change_bank": lambda _: services.change_bank("KNOWN", note="n", actor=ACTOR),
    "change_entry": lambda at: services.change_entry(at.own, review="rejected", actor=ACTOR),
    "change_source": lambda _: services.change_source("example-list", enabled=False, actor=ACTOR),
    "confirm_feedback": lambda at: services.confirm_feedback(at.opinion, reason="r", by=at.ana),
    "consent": lambda _: services.consent("example-list", actor=ACTOR),
    "exported": lambda _: list(services.exported("KNOWN", actor=ACTOR)),
    "give_feedback": lambda at: services.give_feedback(at.entry, "up", reason="r", by=at.ana),
    "make_bank": lambda _: services.make_bank("NEW", policy="spam", actor=ACTOR),
    "make_source": lambda _: services.make_source("new", bank="KNOWN", kind="example", actor=ACTOR),
    "remove_source": lambda _: services.remove_source("example-list", actor=ACTOR, typed="example-list"),
    "rename_source": lambda _: services.rename_source("example-list", "renamed", actor=ACTOR),
    "retire_bank": lambda _: services.retire_bank("KNOWN", actor=ACTOR),
    "withdraw_entry": lambda at: services.withdraw_entry(at.own, actor=ACTOR, reason="r"),
}
BY_PARTS = {
    "finish_removals": lambda _: services.finish_removals(),
    "sync": lambda _: services.sync("example-list", Shelf(page(listed("b"), Withdrawn(key="a")))),
}
"""Each part in a transaction of its own: what came before stays."""
UNRECORDED = {
    "ask_now": lambda _: services.ask_now("example-list"),
    "drop_feedback": lambda at: services.drop_feedback([at.opinion]),
    "recount": lambda _: services.recount(),
    "retry": lambda at: services.retry(at.look),
    "retry_all": lambda _: services.retry_all(),
}
WITHIN = {
    "absorb": lambda at: services.absorb([event(ItemSent(item=post("2", media=(PICTURE,))))], []),
    "judged": lambda at: services.judged(at.decision),
    "upsert": lambda at: services.upsert(at.source, [listed("b")]),
}
"""In the transaction of whoever calls them."""
READING = {"guard", "rests_on"}


@pytest.fixture
def at(source, fold, ana):
    take_in(source, listed("a"))
    [own] = services.add_entry("KNOWN", {"pdq": hash_of("own")}, actor=ACTOR)
    fold(sent(post("1", media=(PICTURE,))), event(hashed("1", pdq(hash_of("a")))), event(hashed("1", pdq(own.value))))
    match = Match.objects.get(entry__source=source)
    opinion = Feedback.objects.create(entry=match.entry, opinion="down", match=match, proposed_at=timezone.now())
    Source.objects.update(asks={"withdraw": 1, "of": 1, "since": 0})
    Look.objects.update(due_at=None)
    source.refresh_from_db()
    decision = Decision(kind="act", item_type="post", item_id="1", case=match.case, policy="spam", decided_by=ana)
    match.case.outcome, match.case.state, match.case.closed_at = "upheld", "closed", timezone.now()
    match.case.save()
    return SimpleNamespace(
        ana=ana, source=source, entry=match.entry_id, own=own.pk, opinion=opinion.pk, look=Look.objects.get().pk,
        decision=decision,
    )  # fmt: skip


def kept() -> dict[str, list[tuple[object, ...]]]:
    """All that this room keeps."""
    return {model.__name__: list(model.objects.order_by("pk").values_list()) for model in
            apps.get_app_config("media").get_models()}  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", [*RECORDED])
def test_a_service_writes_all_of_it_with_its_entry_in_the_ledger_or_nothing(at, name, monkeypatch):
    before, recorded = kept(), LedgerEntry.objects.count()
    with monkeypatch.context() as patch:
        patch.setattr(recording, "_insert", _no_room)
        with pytest.raises(OSError, match="No room"):
            RECORDED[name](at)
    assert kept() == before
    RECORDED[name](at)
    assert LedgerEntry.objects.count() > recorded
    assert (kept() == before) == (name == "exported")


def _no_room(*_: object) -> None:
    raise OSError("No room.")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", [*BY_PARTS, *UNRECORDED])
def test_a_service_needs_no_transaction_of_its_callers(at, name):
    if name == "finish_removals":
        services.remove_source("example-list", actor=ACTOR, typed="example-list")
    if name == "recount":
        apps.get_model("media", "Tally").objects.update(count=7)
    before = kept()
    {**BY_PARTS, **UNRECORDED}[name](at)
    assert kept() != before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", [*WITHIN])
def test_what_is_called_within_a_transaction_is_undone_with_it(at, name):
    before = kept()
    with transaction.atomic():
        WITHIN[name](at)
        assert kept() != before
        transaction.set_rollback(True)
    assert kept() == before


def test_each_service_has_its_test_here():
    named = {name for name in services.__all__ if name.islower()}
    assert named == {*RECORDED, *BY_PARTS, *UNRECORDED, *WITHIN, *READING}
