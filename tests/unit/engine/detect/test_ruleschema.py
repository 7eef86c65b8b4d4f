"""Schemas of the desk's events: they have every path that rules see, and no misspelt one."""

import pytest

from evenhand.engine.detect.ruleschema import schemas
from evenhand.engine.detect.ruleview import view
from evenhand.engine.model import AppealMade, Event, Item, ItemSent, Media, Ref, Reporter, ReportMade
from evenhand.engine.platform import Field, ItemType
from evenhand.engine.rules import RuleError, jsonpath, load_sources
from evenhand.engine.rules.schema import find
from evenhand.engine.rules.types import NEVER

POST = ItemType(
    id="post",
    name="Post",
    kind="content",
    fields=(
        Field("text", "STRING"),
        Field("author", "RELATED_ITEM", role="creator"),
        Field("pictures", "IMAGE", container="ARRAY"),
        Field("scores", "NUMBER", container="MAP"),
    ),
)
ITEM = Item(
    ref=Ref("post", "p1"),
    kind="content",
    data={
        "text": "hello",
        "author": {"id": "ann", "typeId": "member", "name": "Ann"},
        "pictures": ["https://quayside.example/1.png"],
        "scores": {"odd": 0.5},
    },
    text="hello",
    creator=Ref("member", "ann"),
    thread=Ref("topic", "t"),
    parent=Ref("post", "p0"),
    links=("https://quayside.example",),
    media=(Media("image", "https://quayside.example/1.png", "pictures"),),
    created_at=1,
    views=7,
)
BODIES = [
    ItemSent(item=ITEM),
    ReportMade(
        item=ITEM,
        report_id="r",
        reporter=Reporter("user", "ben", "member"),
        reported_at=1,
        policy="spam",
        reason="x",
    ),
    AppealMade(item=ITEM, appeal_id="a", appealed_at=1, by=Ref("member", "ann"), reason="x"),
]
SCHEMAS = schemas([POST])


def paths(value, path="$"):
    match value:
        case dict():
            yield from (one for name, inner in value.items() for one in paths(inner, f"{path}.{name}"))
        case list():
            yield from (one for index, inner in enumerate(value) for one in paths(inner, f"{path}[{index}]"))
        case _:
            yield path


@pytest.mark.parametrize("body", BODIES, ids=["sent", "reported", "appealed"])
def test_whatever_rules_see_of_an_event_has_its_place_in_the_schema_of_its_action(body):
    action, data = view(Event(id="0" * 32, at=1, source="s", body=body))
    told = list(paths(data))
    assert len(told) > 15
    assert [one for one in told if find({action: SCHEMAS[action]}, jsonpath.parse(one)).type == NEVER] == []


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("$.txet", "text"),
        ("$.author.idd", "id"),
        ("$.evenhand.item.txt", "text"),
        ("$.evenhand.athor.id", "author"),
        ("$.evenhand.item.links[0].url", ""),
        ("$.text.size", ""),
    ],
)
def test_a_path_that_no_event_has_is_a_warning_and_a_mistake_in_strict_files(path, meant):
    source = f"Value: Optional[str] = JsonData(path='{path}')\nRead = Value == 'a'\n"
    (warning,) = load_sources({"main.sml": source}, expected=SCHEMAS).warnings
    assert (warning.line, warning.severity) == (1, "warning")
    assert meant in warning.hint
    assert "event_schemas" in warning.hint
    with pytest.raises(RuleError, match="error: no event has the field"):
        load_sources({"main.sml": f"# strict\n{source}"}, expected=SCHEMAS)


def test_schemas_of_the_author_go_before_those_of_the_desk():
    source = "Value: str = JsonData(path='$.extra')\n"
    schema = {"post": {"type": "object", "properties": {"extra": {"type": "string"}}}}
    assert load_sources({"main.sml": source}, {"event_schemas": schema}, expected=SCHEMAS).warnings == ()


def test_fields_of_every_action_and_of_every_container_are_known():
    paths = ["$.pictures[0]", "$.scores.odd", "$.evenhand.report.reporter.kind", "$.evenhand.appeal.by.id", "$..id"]
    lines = [f"V{at}: Any = JsonData(path='{path}')" for at, path in enumerate(paths)]
    lines = [
        line.replace(": Any", ": Optional[str]" if "scores" not in line else ": Optional[float]") for line in lines
    ]
    assert load_sources({"main.sml": "\n".join(lines)}, expected=SCHEMAS).warnings == ()


def test_warnings_of_rules_that_loaded_can_be_read():
    source = "# strict\nUnused = Rule(when_all=[True])\n"
    assert [one.severity for one in load_sources({"main.sml": source}).warnings] == ["warning"] * len(
        load_sources({"main.sml": source}).warnings
    )
    assert load_sources({"main.sml": source}).warnings
