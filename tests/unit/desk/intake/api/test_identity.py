"""Ids of events: the same for the same, and for nothing else."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from evenhand.desk.intake.api import identity
from evenhand.desk.intake.api.v2.structs import ItemIn

parts = st.lists(st.text(), max_size=4)


@given(parts, parts)
def test_other_parts_make_another_id(first, second):
    assert (identity.derived(*first) == identity.derived(*second)) is (first == second)


@given(parts)
def test_an_id_is_a_uuid_of_our_own_making(some):
    event_id = identity.derived(*some)
    assert len(event_id) == 32
    assert identity.as_uuid(event_id) == str(UUID(event_id))
    assert UUID(event_id).version == 8
    assert UUID(event_id).variant == "specified in RFC 4122"


def test_the_order_of_keys_makes_no_other_content():
    naming = identity.by_content("platform")
    first, second = ItemIn("post", "p1", {"a": 1, "b": 2}), ItemIn("post", "p1", {"b": 2, "a": 1})
    assert naming(0, first) == naming(7, second)
    assert naming(0, first) != identity.by_content("other")(0, first)


def test_an_index_is_part_of_a_keys_name():
    naming = identity.by_key("platform", "k")
    one = ItemIn("post", "p1")
    assert naming(0, one) == identity.by_key("platform", "k")(0, ItemIn("post", "p2"))
    assert naming(0, one) != naming(1, one)
    assert identity.random(0, one) != identity.random(0, one)
