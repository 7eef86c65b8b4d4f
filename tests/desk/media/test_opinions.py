"""An opinion that the list's owner refuses waits for a person: it is not sent again as it is, and can be mended."""

import pytest
from django.db import transaction

from evenhand.desk.media import services
from evenhand.desk.media.models import Entry, Feedback, Source
from evenhand.desk.media.services import feedback
from evenhand.engine.media.listing import ListFailed
from tests.desk.media.conftest import Shelf, listed, page, take_in

REASONS = {"pdq": ("Example: not harmful", "Example: other")}


class Strict(Shelf):
    """Takes one reason, as NCMEC takes its own."""

    def feedback(self, entry, opinion, reason):
        if reason != "Example: not harmful":
            raise ListFailed(f"It takes no “{reason}”.", final=True)
        super().feedback(entry, opinion, reason)


@pytest.fixture
def entry(source):
    take_in(source, listed("a"))
    return Entry.objects.get().pk


def give(entry: int, opinion: str, reason: str, by) -> Feedback:
    with transaction.atomic():
        return services.give_feedback(entry, opinion, reason=reason, by=by)


def test_a_refused_opinion_is_not_sent_again_as_it_is(entry, ana):
    give(entry, "down", "", ana)
    assert feedback.send(lambda *_: Strict()) == 0
    told = Feedback.objects.get()
    assert (told.state, told.due_at, told.error) == ("refused", None, "It takes no “”.")


def test_a_refused_opinion_is_said_in_another_way_and_sent(entry, ana):
    give(entry, "down", "", ana)
    shelf = Strict()
    feedback.send(lambda *_: shelf)
    give(entry, "down", "Example: not harmful", ana)
    assert feedback.send(lambda *_: shelf) == 1
    assert shelf.told == [("a", "down", "Example: not harmful")]
    assert Feedback.objects.get().state == "sent"


def test_an_opinion_that_waits_for_a_list_that_is_away_can_be_said_anew(entry, ana):
    give(entry, "down", "first", ana)
    give(entry, "down", "second", ana)
    shelf = Shelf()
    feedback.send(lambda *_: shelf)
    assert shelf.told == [("a", "down", "second")]


def test_what_a_person_says_anew_while_it_is_sent_is_sent_too(entry, ana):
    give(entry, "down", "first", ana)

    class Slow(Shelf):
        def feedback(self, entry_, opinion, reason):
            super().feedback(entry_, opinion, reason)
            if reason == "first":
                give(entry, "down", "second", ana)

    shelf = Slow()
    feedback.send(lambda *_: shelf)
    feedback.send(lambda *_: shelf)
    assert [reason for _key, _opinion, reason in shelf.told] == ["first", "second"]


def test_a_refused_opinion_can_be_dropped(entry, ana):
    told = give(entry, "down", "", ana)
    feedback.send(lambda *_: Strict())
    assert services.drop_feedback([told.pk]) == 1


def test_the_reasons_that_an_owner_takes_are_learned_and_no_other_is_given(source, ana):
    services.sync(source.name, Shelf(page(listed("a"), reasons=REASONS)))
    assert Source.objects.get().reasons == {"pdq": list(REASONS["pdq"])}
    entry = Entry.objects.get().pk
    for wrong in ("", "A boat."):
        with pytest.raises(services.Invalid, match="It takes: Example: not harmful, Example: other"):
            give(entry, "down", wrong, ana)
    assert not Feedback.objects.exists()
    assert give(entry, "down", "example: NOT harmful", ana).state == "confirmed"
    assert give(entry, "up", "", ana).state == "confirmed", "to agree needs none"
