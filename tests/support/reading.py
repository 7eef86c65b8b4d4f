"""A small platform for tests of reading: posts, users, groups."""

from typing import Any

from evenhand.desk.intake.reading.items import Names, Raw, Reader
from evenhand.desk.intake.reading.problems import Problem
from evenhand.engine.model import Item
from evenhand.engine.platform import Field, ItemType

POST = ItemType(
    id="post",
    name="Post",
    kind="content",
    fields=(
        Field("title", "STRING", required=True),
        Field("author", "USER_ID", role="creator"),
        Field("group", "RELATED_ITEM", role="thread"),
        Field("answers", "RELATED_ITEM", role="parent"),
        Field("number", "ID"),
        Field("posted", "DATETIME", role="created_at"),
        Field("gone", "BOOLEAN", role="deleted"),
        Field("seen", "NUMBER", role="views"),
        Field("body", "STRING"),
        Field("tags", "STRING", container="ARRAY"),
        Field("captions", "STRING", container="MAP"),
        Field("link", "URL"),
        Field("picture", "IMAGE"),
        Field("attachments", "MEDIA", container="ARRAY"),
        Field("place", "GEOHASH"),
        Field("ip", "IP_ADDRESS", role="ip"),
        Field("mail", "EMAIL_ADDRESS", role="email"),
        Field("rule", "POLICY_ID"),
        Field("mentions", "USER_ID", container="ARRAY"),
        Field("scores", "NUMBER", container="MAP"),
        Field("clip", "VIDEO"),
        Field("voice", "AUDIO"),
    ),
)
USER = ItemType(id="user", name="User", kind="user", fields=(Field("handle", "STRING", role="name"),))
GROUP = ItemType(id="group", name="Group", kind="thread", fields=(Field("title", "STRING", role="name"),))
TYPES = {one.id: one for one in (POST, USER, GROUP)}
READER = Reader(TYPES, version=7)
NAMES = Names("typeId", "id", "data")


def attempt(data: dict[str, Any], *, type_id: str = "post", id_: str = "p1", partial: bool = False):
    problems: list[Problem] = []
    raw = Raw(type=type_id, id=id_, data=data, at="/items/3", names=NAMES, partial=partial)
    return READER.item(raw, problems), problems


def read(data: dict[str, Any], **more: Any) -> Item:
    item, problems = attempt({"title": "t", **data}, **more)
    assert problems == []
    assert item is not None
    return item


def problem(data: dict[str, Any], **more: Any) -> Problem:
    item, problems = attempt({"title": "t", **data}, **more)
    assert item is None
    assert len(problems) == 1
    return problems[0]
