"""What comes at somebody: answers, items that name them, their threads; each once, and only what is so now."""

import importlib

import pytest
from django.apps import apps
from msgspec import structs

from evenhand.desk.fields import now_micros
from evenhand.desk.intake.models import Pointer
from evenhand.desk.intake.queries import incoming
from evenhand.desk.intake.queries.incoming import Reported
from evenhand.desk.intake.reading.pointers import MOST, pointers
from evenhand.engine.model import Item, Ref
from tests.desk.conftest import post, reported, sent

TIA = Ref("account", "tia")


def naming(id_: str, *who: str, author: str = "ann", **more) -> Item:
    item = post(id_, "words", author=author, **more)
    return structs.replace(item, data={**item.data, "mentions": [{"typeId": "account", "id": one} for one in who]})


def found(since: int = 0) -> dict[str, str]:
    return {one.ref.id: one.how for one in incoming.incoming(TIA, incoming.made_by(TIA), since)}


def test_pointers_are_what_it_answers_and_whom_it_names_and_nothing_that_has_a_place():
    item = naming("p1", "tia", "ann", "bo", "bo", parent=Ref("post", "t1"), thread=Ref("post", "t0"))
    nested = structs.replace(item, data={**item.data, "deep": {"a": {"typeId": "account", "id": "cy"}, "b": [1, "x"]}})
    assert pointers(nested) == [
        ("parent", Ref("post", "t1")),
        ("mentions", Ref("account", "tia")),
        ("mentions", Ref("account", "bo")),
        ("deep", Ref("account", "cy")),
    ]


@pytest.mark.parametrize("value", [{"typeId": 1, "id": "x"}, {"id": "x"}, [["a"]], {}, [], "text", None, [{"b": 1}]])
def test_data_of_any_other_shape_points_nowhere(value):
    assert pointers(structs.replace(post("p1"), data={"other": value})) == []


def test_who_names_hundreds_points_at_the_first_fifty():
    assert len(pointers(naming("p1", *(f"u{number}" for number in range(300))))) == MOST


def test_answers_mentions_and_threads_come_at_them_and_their_own_words_do_not(fold):
    fold(
        sent(post("t1", "my boat", author="tia")),
        sent(post("reply", "awful", parent=Ref("post", "t1"))),
        sent(naming("named", "tia")),
        sent(post("inside", "in their thread", thread=Ref("post", "t1"))),
        sent(post("own", "thanks", author="tia", parent=Ref("post", "t1"))),
        sent(post("elsewhere", "words", parent=Ref("post", "x"))),
        sent(naming("both", "tia", parent=Ref("post", "t1"))),
    )
    assert found() == {"reply": "parent", "named": "mentions", "inside": "thread", "both": "parent"}
    assert found(since=now_micros()) == {}


def test_what_is_changed_points_where_it_points_now(fold):
    fold(sent(naming("p1", "tia")))
    fold(sent(naming("p1", "bo")))
    assert found() == {}
    assert [(one.field, one.to_id) for one in Pointer.objects.all()] == [("mentions", "bo")]
    fold(sent(naming("p1", "cy", "tia")), sent(naming("p1", "bo", "tia")))
    assert sorted(one.to_id for one in Pointer.objects.all()) == ["bo", "tia"]
    assert found() == {"p1": "mentions"}


def test_at_whom_an_item_goes(fold):
    fold(sent(post("t1", "my boat", author="tia")))
    answer = naming("p1", "bo", parent=Ref("post", "t1"))
    assert incoming.targets(answer) == [TIA, Ref("account", "bo")]
    assert incoming.targets(post("p2", "words")) == []


def test_reports_about_them_are_counted_with_how_many_made_them(fold):
    fold(*(reported(post(f"t{n}", "my boat", author="tia"), reporter=f"r{n % 2}") for n in range(3)))
    assert incoming.reported(incoming.made_by(TIA)) == Reported(3, 2)
    assert incoming.reported([]) == Reported(0, 0)


def test_items_from_before_are_found_after_the_migration(fold):
    fold(sent(naming("p1", "tia", parent=Ref("post", "t1"))))
    kept = list(Pointer.objects.order_by("pk").values_list("field", "to_id"))
    Pointer.objects.all().delete()
    importlib.import_module("evenhand.desk.intake.migrations.0006_pointers").fill(apps, None)
    assert list(Pointer.objects.order_by("pk").values_list("field", "to_id")) == kept
