"""POST /api/v1/items/async and /content: Coop's shapes."""

import pytest

from evenhand.engine.model import ItemSent, Ref
from tests.desk.intake.conftest import post


def errors(response):
    assert response.headers["Content-Type"].startswith("application/json")
    return response.json()["errors"]


@pytest.mark.parametrize("path", ["/v1/items/async/", "/v1/items/async"])
def test_a_batch_is_kept_and_answered_with_an_empty_202(api, path):
    response = api.post(path, {"items": [post("p1"), post("p2", author="u1", score="13")]})
    assert (response.status_code, response.content) == (202, b"")
    first, second = api.bodies
    assert isinstance(first, ItemSent)
    assert first.item.ref == Ref("post", "p1")
    assert second.item.creator == Ref("person", "u1")
    assert second.item.data["score"] == 13
    assert api.events[0].source == "platform"


def test_the_type_may_be_nested_and_the_variant_partial(api):
    nested = {"id": "p1", "type": {"id": "post", "version": "3", "schemaVariant": "partial"}, "data": {}}
    flat = {"id": "p2", "typeId": "post", "data": {}, "typeVersion": "3", "typeSchemaVariant": "partial"}
    assert api.post("/v1/items/async", {"items": [nested, flat]}).status_code == 202
    assert [body.item.partial for body in api.bodies] == [True, True]


def test_the_same_items_again_are_new_events(api):
    for _ in range(2):
        assert api.post("/v1/items/async", {"items": [post()]}).status_code == 202
    assert len(api.events) == 2


def test_one_bad_item_refuses_the_whole_batch_and_is_pointed_at(api):
    response = api.post("/v1/items/async/", {"items": [post("p1"), post("p2", score="many")]})
    assert response.status_code == 400
    [error] = errors(response)
    assert error["status"] == 400
    assert error["type"] == ["/errors/data-invalid-for-item-type", "/errors/invalid-user-input"]
    assert error["pointer"] == "/items/1"
    assert "data/score: This text is not a number." in error["detail"]
    assert error["requestId"] == response.headers["X-Request-Id"]
    assert api.events == []


@pytest.mark.parametrize(
    ("item", "pointer", "why"),
    [
        ({"typeId": "post", "data": {"title": ""}}, "/items/0/id", "`id` is missing"),
        ({"id": 5, "typeId": "post", "data": {"title": ""}}, "/items/0/id", "A string is needed, not a number."),
        ({"id": "p1", "data": {}}, "/items/0/typeId", "`typeId` is missing"),
        ({"id": "p1", "typeId": "post"}, "/items/0/data", "`data` is missing"),
        ({"id": "p1", "typeId": "post", "data": []}, "/items/0/data", "An object is needed, not an array."),
        ({"id": "p1", "typeId": "pots", "data": {}}, "/items/0", "not in the platform document"),
        ({"id": "p1", "type": {"id": "pots"}, "data": {}}, "/items/0", "type/id: Item type"),
        ({"id": "p1", "typeId": "post", "data": {}}, "/items/0", "data/title: The field"),
        ({"id": "x" * 513, "typeId": "post", "data": {"title": ""}}, "/items/0/id", "at most 512"),
        ({"id": "a\0b", "typeId": "post", "data": {"title": ""}}, "/items/0/id", "control character"),
        (
            {"id": "p1", "typeId": "post", "data": {}, "typeSchemaVariant": "odd"},
            "/items/0/typeSchemaVariant",
            "one of",
        ),
        ("p1", "/items/0", "An object is needed, not a string."),
    ],
)
def test_what_is_wrong_is_told_where_it_is(api, item, pointer, why):
    response = api.post("/v1/items/async", {"items": [item]})
    assert response.status_code == 400
    [error] = errors(response)
    assert error["pointer"] == pointer
    assert why in error["detail"]
    assert api.events == []


def test_every_mistake_is_in_one_answer(api):
    response = api.post("/v1/items/async", {"items": [{"id": 1, "typeId": 2, "data": {}}, {"id": "p"}]})
    assert [error["pointer"] for error in errors(response)] == [
        "/items/0/id", "/items/0/typeId", "/items/1/data", "/items/1/typeId",
    ]  # fmt: skip


@pytest.mark.parametrize(("count", "more"), [(60, "And 80 more."), (5_000, "And at least 900 more.")])
def test_a_hundred_mistakes_are_told_and_how_many_more_there_are(api, count, more):
    told = errors(api.post("/v1/items/async", {"items": [{}] * count}))
    assert [error["pointer"] for error in told[:2]] == ["/items/0/id", "/items/0/data"]
    assert (len(told), told[-1]["detail"]) == (101, more)
    assert "pointer" not in told[-1]


def test_mistakes_of_shape_and_of_meaning_are_told_together(api):
    items = [{"id": 1, "typeId": "post", "data": {"score": "many"}}, {"id": "p", "typeId": "pots", "data": {}}]
    told = errors(api.post("/v1/items/async", {"items": items}))
    assert [(error["pointer"], error["detail"].partition(":")[0]) for error in told] == [
        ("/items/0/id", "A string is needed, not a number."),
        ("/items/0", "data/title"),
        ("/items/0", "data/score"),
        ("/items/1", "typeId"),
    ]
    assert api.events == []


@pytest.mark.parametrize("wrong", [{"typeSchemaVariant": 5}, {"type": {"id": "post", "schemaVariant": "odd"}}])
def test_nothing_is_demanded_because_of_what_could_not_be_read(api, wrong):
    [error] = errors(api.post("/v1/items/async", {"items": [{"id": "p", "typeId": "post", "data": {}, **wrong}]}))
    assert "chemaVariant" in error["pointer"]


@pytest.mark.parametrize("count", [0, 10_000])
def test_a_batch_may_be_empty_or_large(api, count):
    body = b'{"items":[' + b",".join([b'{"id":"p","typeId":"post","data":{"title":""}}'] * count) + b"]}"
    assert api.post("/v1/items/async", body).status_code == 202


def test_a_batch_has_a_limit(api):
    response = api.post("/v1/items/async", {"items": [1] * 10_001})
    assert response.status_code == 400
    assert "at most 10,000" in errors(response)[0]["detail"]


def test_content_goes_by_the_name_of_its_type(api):
    body = {"contentType": "Post", "contentId": "c1", "content": {"title": "t"}, "userId": "u1"}
    response = api.post("/v1/content/", body)
    assert (response.status_code, response.content) == (202, b"")
    [sent] = api.bodies
    assert sent.item.ref == Ref("post", "c1")
    assert sent.item.creator == Ref("person", "u1")
    assert sent.item.data["author"] == {"id": "u1", "typeId": "person"}


def test_content_sent_synchronously_is_told_what_it_triggered(api):
    body = {"contentType": "Group", "contentId": "g1", "content": {"title": "t"}, "userId": "u1", "sync": True}
    response = api.post("/v1/content", body)
    assert response.status_code == 200
    assert response.json() == {"actionsTriggered": [], "derivedFields": {}}
    assert api.bodies[0].item.creator == Ref("person", "u1")


def test_content_that_names_its_author_itself_is_not_overruled(api):
    body = {"contentType": "Post", "contentId": "c1", "content": {"title": "t", "author": "u2"}, "userId": "u1"}
    assert api.post("/v1/content", body).status_code == 202
    assert api.bodies[0].item.creator == Ref("person", "u2")


def test_content_of_no_known_type_is_refused(api):
    response = api.post("/v1/content", {"contentType": "Pots", "contentId": "c1", "content": {}})
    assert (response.status_code, errors(response)[0]["pointer"]) == (400, "/contentType")
