"""What people decide says how right lists are; holds; what owners of lists are told."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement import services as enforcement
from evenhand.desk.enforcement.models import Hold
from evenhand.desk.media import services
from evenhand.desk.media.models import Entry, Feedback, Match
from evenhand.desk.media.queries import browsing
from evenhand.desk.media.queries.sources import banks, called
from evenhand.desk.media.services import feedback, judging
from evenhand.desk.signals.queries import of_items
from evenhand.engine.media.listing import ListFailed, Withdrawn
from evenhand.engine.model import Hash, Ref
from tests.desk.conftest import event, post, sent
from tests.desk.media.conftest import ACTOR, Shelf, hash_of, hashed, listed, pdq, take_in

MD5 = Hash("md5", (b"m" * 16).hex())


@pytest.fixture
def case(source, fold):
    take_in(source, listed("a"))
    fold(sent(post("1")), event(hashed("1", pdq(hash_of("a")))))
    return Case.objects.get()


def decide(case, by, kind, policy="spam"):
    actions = [enforcement.Chosen("remove")] if kind == "act" else []
    return enforcement.decide(
        case.pk, version=case.version, by=by, kind=kind, policy=policy if actions else None, actions=actions,
        confirmed=True,
    )  # fmt: skip


def record() -> tuple[int, int, int, int]:
    entry, source = Entry.objects.get(), called("example-list")
    return entry.upheld, entry.dismissed, source.upheld, source.dismissed


def test_a_decision_counts_once_for_the_entry_and_its_list_and_an_undo_takes_it_back(case, ana):
    decision = decide(case, ana, "act")
    assert record() == (1, 0, 1, 0)
    enforcement.undo(decision.uid, ana)
    assert record() == (0, 0, 0, 0)
    decide(Case.objects.get(), ana, "dismiss")
    assert record() == (0, 1, 0, 1)


def test_a_lists_record_counts_a_medium_once_however_many_of_its_hashes_match(source, fold, ana):
    md5, sha1 = Hash("md5", (b"m" * 16).hex()), Hash("sha1", (b"s" * 20).hex())
    take_in(source, listed("a", pdq=hash_of("a"), md5=b"m" * 16, sha1=b"s" * 20), listed("b"))
    fold(sent(post("1")), event(hashed("1", pdq(hash_of("a")), md5, sha1)), event(hashed("1", pdq(hash_of("b")))))
    decision = decide(Case.objects.get(), ana, "dismiss")
    assert (called("example-list").upheld, called("example-list").dismissed) == (0, 2)
    assert [one.accuracy.decided for one in banks()] == [2]
    assert browsing.outcomes(Entry.objects.get(kind="md5")) == (0, 1)
    enforcement.undo(decision.uid, ana)
    assert called("example-list").dismissed == 0


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["", "upheld", "dismissed"])), max_size=12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
def test_whatever_is_decided_and_taken_back_the_record_is_that_of_media(five_matches, changes):
    with transaction.atomic():
        for number, outcome in changes:
            judging._count(Match.objects.select_related("entry__source").get(pk=five_matches[number]), outcome)
        for column in ("upheld", "dismissed"):
            decided = Match.objects.filter(outcome=column).values("item_id", "field", "entry__key").distinct().count()
            assert getattr(called("example-list"), column) == decided
            assert sum(Entry.objects.values_list(column, flat=True)) == Match.objects.filter(outcome=column).count()
        transaction.set_rollback(True)


@pytest.fixture
def five_matches(source, fold):
    """Of two media of one list, by two hashes each, and the first again on another item."""
    take_in(source, listed("a", pdq=hash_of("a"), md5=b"m" * 16), listed("b", pdq=hash_of("b"), md5=b"n" * 16))
    fold(
        event(hashed("1", pdq(hash_of("a")), MD5)),
        event(hashed("1", pdq(hash_of("b")), Hash("md5", (b"n" * 16).hex()))),
        event(hashed("2", pdq(hash_of("a")))),
    )
    return list(Match.objects.values_list("pk", flat=True))


def test_an_action_under_another_policy_says_nothing_of_the_match(case, ana):
    decide(case, ana, "act", policy="harassment")
    assert record() == (0, 0, 0, 0)


def test_a_list_that_was_wrong_makes_its_next_match_less_likely(case, ana, fold):
    decide(case, ana, "dismiss")
    fold(sent(post("2")), event(hashed("2", pdq(hash_of("a")))))
    first, second = (of_items([Ref("post", id_)])[Ref("post", id_)][0].probability for id_ in "12")
    assert second < first


def test_an_opinion_is_proposed_and_leaves_only_when_a_person_confirms_it(case, ana):
    decide(case, ana, "dismiss")
    [told] = Feedback.objects.all()
    assert (told.opinion, told.state) == ("down", "proposed")
    shelf = Shelf()
    assert feedback.send(lambda *_: shelf) == 0
    services.confirm_feedback(told.pk, reason="Not what it says.", by=ana)
    assert feedback.send(lambda *_: shelf) == 1
    assert shelf.told == [("a", "down", "Not what it says.")]
    assert feedback.send(lambda *_: shelf) == 0


@pytest.mark.django_db(transaction=True)
def test_an_opinion_of_a_persons_own_is_given_once_with_its_entry_in_the_ledger(case, ana):
    """In no transaction of the test's own: the service needs one, as it has in the running desk."""
    entry = Entry.objects.get().pk
    services.give_feedback(entry, "down", reason="A harbour.", by=ana)
    assert Feedback.objects.get().state == "confirmed"
    with pytest.raises(services.Invalid, match="on its way to the list's owner already"):
        services.give_feedback(entry, "down", reason="A harbour.", by=ana)
    shelf = Shelf()
    assert feedback.send(lambda *_: shelf) == 1
    with pytest.raises(services.Invalid, match="told this already"):
        services.give_feedback(entry, "down", reason="A harbour.", by=ana)


def test_an_opinion_that_does_not_arrive_is_sent_again_later_and_says_why(case, ana):
    decide(case, ana, "act")

    class Deaf(Shelf):
        def feedback(self, *_):
            raise ListFailed("It does not answer.")

    told = services.confirm_feedback(Feedback.objects.get().pk, reason="", by=ana)
    assert feedback.send(lambda *_: Deaf()) == 0
    told.refresh_from_db()
    assert (told.state, told.error, told.tries) == ("confirmed", "It does not answer.", 1)


def test_one_list_alone_never_holds_by_a_perceptual_match(holding, source, fold):
    services.change_bank("KNOWN", hold="always", actor=ACTOR)
    take_in(source, listed("a"))
    fold(sent(post("1")), event(hashed("1", pdq(hash_of("a")))))
    assert not Hold.objects.exists()


def test_two_lists_that_agree_hold_and_a_withdrawal_of_one_lets_go(holding, source, other_list, fold):
    services.change_bank("KNOWN", hold="confirmed", actor=ACTOR)
    take_in(source, listed("a"))
    take_in(other_list, listed("b", pdq=hash_of("a")))
    fold(sent(post("1")), event(hashed("1", pdq(hash_of("a")))))
    held = Hold.objects.get()
    assert (held.cause, held.name, held.ended_at) == ("media", "KNOWN", None)
    take_in(other_list, Withdrawn(key="b"))
    held.refresh_from_db()
    assert held.end == "withdrawn"
    assert Match.objects.filter(withdrawn_at__isnull=True).count() == 1


def test_the_same_file_is_held_by_licence_of_the_bank(holding, source, fold):
    services.change_bank("KNOWN", hold="always", hold_hours=5, actor=ACTOR)
    take_in(source, listed("a", md5=b"m" * 16))
    fold(sent(post("1")), event(hashed("1", MD5)))
    held = Hold.objects.get()
    assert (held.until - held.decision.decided_at).total_seconds() == 5 * 3600


def test_flat_pictures_are_not_held_however_many_lists_agree(holding, source, other_list, fold):
    services.change_bank("KNOWN", hold="always", actor=ACTOR)
    take_in(source, listed("a"))
    take_in(other_list, listed("b", pdq=hash_of("a")))
    fold(sent(post("1")), event(hashed("1", pdq(hash_of("a")), flat=True)))
    assert Match.objects.count() == 2
    assert not Hold.objects.exists()


def test_without_the_policys_licence_nothing_is_held(source, fold):
    services.change_bank("KNOWN", hold="always", actor=ACTOR)
    take_in(source, listed("a", md5=b"m" * 16))
    fold(sent(post("1")), event(hashed("1", MD5)))
    assert not Hold.objects.exists()
