"""The way in: from sources to results, as values and as JSON."""

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest

from evenhand.engine import rules
from evenhand.engine.rules import ruleset as module
from evenhand.engine.rules.state import MemoryState

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOURCE = """\
Name = GetActionName()
User: Entity[str] = EntityJson(type='User', path='$.user')
Age: int = JsonData(path='$.age')
Young = Rule(when_all=[Age < 5], description=f'{User} is {Age} days old')
WhenRules(rules_any=[Young], then=[LabelAdd(entity=User, label='young'), DeclareVerdict(verdict='slow')])
"""


@pytest.fixture(scope="module")
def young():
    return rules.load_sources({"main.sml": SOURCE})


def test_an_event_comes_to_a_result(young):
    result = young.run("post", {"user": "ü", "age": 3}, at=AT, action_id=9)
    assert result.features == {
        "Name": "post", "User": "ü", "Age": 3, "Young": True, "__action_id": 9,
        "__timestamp": "2026-03-01T12:00:00+00:00", "__error_count": 0,
        "__entity_label_mutations": ["User/ü/young/1"], "__verdicts": ["slow"],
    }  # fmt: skip
    assert [one.description for one in result.fired] == ["ü is 3 days old"]


def test_json_comes_to_json(young):
    body = {"action_name": "post", "action_id": 9, "timestamp": "2026-03-01T12:00:00Z", "data": {"user": "ü", "age": 3}}
    answer = msgspec.json.decode(young.run_json(msgspec.json.encode(body)))
    result = young.run("post", {"user": "ü", "age": 3}, at=AT, action_id=9)
    assert answer == msgspec.json.decode(msgspec.json.encode(result))
    assert answer["features"] == result.features
    assert answer["effects"][0]["kind"] == "label_add"
    assert answer["fired"] == [{"rule": "Young", "description": "ü is 3 days old"}]


def test_errors_are_told_in_json_too(young):
    answer = msgspec.json.decode(young.run_json(b'{"action_name":"x","timestamp":"2026-03-01T12:00:00Z","data":{}}'))
    assert [one["feature"] for one in answer["errors"]] == ["User", "Age"]
    assert answer["features"]["Young"] is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"action_name":"x","data":{}}',
        b'{"action_name":1,"timestamp":"2026-03-01T12:00:00Z","data":{}}',
        b'{"action_name":"x","timestamp":"soon","data":{}}',
        b'{"action_name":"x","timestamp":"2026-03-01T12:00:00Z","data":[]}',
    ],
)
def test_what_is_no_action_is_refused(young, body):
    with pytest.raises((msgspec.DecodeError, msgspec.ValidationError)):
        young.run_json(body)


def test_a_time_without_a_zone_is_utc(young):
    without = young.run("post", {}, at=datetime(2026, 3, 1, 12))  # noqa: DTZ001 - what is being tested
    assert without.features["__timestamp"] == "2026-03-01T12:00:00+00:00"


def test_a_time_in_another_zone_is_the_same_moment():
    source = "Since = TimeSince(timestamp='2026-03-01T11:00:00Z')\n"
    ruleset = rules.load_sources({"main.sml": source})
    for at in (AT, AT.astimezone(timezone(timedelta(hours=9)))):
        assert ruleset.run("x", {}, at=at).features["Since"] == 3600.0


def test_every_problem_is_told():
    with pytest.raises(rules.RuleError) as refused:
        rules.load_sources({"main.sml": "A = B\nC: int = JsonData(path='$.c')\nD = C + 'x'\n"})
    found = [(one.file, one.line, one.column) for one in refused.value.problems]
    assert found == [("main.sml", 1, 5), ("main.sml", 3, 5)]
    assert all(one.message for one in refused.value.problems)


def test_word_lists_come_with_the_configuration():
    source = "W: List[str] = JsonData(path='$.w')\nHit = ListContains(list='bad', phrases=W)\n"
    ruleset = rules.load_sources({"main.sml": source}, config={"lists": {"bad": ["Grumblet"]}})
    assert ruleset.run("x", {"w": ["a", "grumblet"]}, at=AT).features["Hit"] == "grumblet"


def test_a_word_list_with_nothing_in_it_to_look_for_is_a_problem():
    with pytest.raises(rules.RuleError) as refused:
        rules.load_sources({"main.sml": "A = 1\n"}, config={"lists": {"bad": ["ok", "\u200b"]}})
    assert refused.value.problems[0].file == "lists/bad"


def test_a_function_may_take_the_place_of_one_that_is_built_in():
    def TextContains(text: str, phrase: str) -> bool:
        return True

    source = "T: str = JsonData(path='$.t')\n" + "".join(
        f"X{n} = TextContains(text=T, phrase='p{n}')\n" for n in range(9)
    )
    result = rules.load_sources({"main.sml": source}, udfs=[TextContains]).run("x", {"t": ""}, at=AT)
    assert result.features["X8"] is True


def test_names_of_actions_that_the_rules_do_not_speak_of_share_one_function():
    ruleset = rules.load_sources({"main.sml": "X = GetActionName() == 'post'\nY = GetActionName()\n"})
    for number in range(1000):
        assert ruleset.run(f"made up {number}", {}, at=AT).features["Y"] == f"made up {number}"
    assert ruleset.run("post", {}, at=AT).features["X"] is True
    assert len(ruleset._compiled) == 2


def test_functions_for_actions_are_bounded(monkeypatch):
    monkeypatch.setattr(module, "MOST_FUNCTIONS", 3)
    names = [f"a{n}" for n in range(9)]
    ruleset = rules.load_sources({"main.sml": f"X = GetActionName() in {names!r}\n"})
    assert all(ruleset.run(name, {}, at=AT).features["X"] for name in names)
    assert len(ruleset._compiled) <= 4


def test_what_the_quick_way_did_not_expect_is_told_by_the_plain_one():
    """A pattern on half a surrogate pair: an engine of patterns cannot take it."""
    source = "T: str = JsonData(path='$.t')\nX = RegexMatch(pattern='a.*b', target=T)\nY = StringLength(s=T)\n"
    result = rules.load_sources({"main.sml": source}).run("x", {"t": "a\ud800"}, at=AT)
    assert (result.features["X"], result.features["Y"]) in ((None, 2), (False, 2))


def test_a_result_is_not_changed_by_the_next():
    source = "L: List[str] = JsonData(path='$.l')\nM = ['a', 'b'] == L\nN = ConcatStringLists(lists=[['a'], L])\n"
    ruleset = rules.load_sources({"main.sml": source})
    first = ruleset.run("x", {"l": ["a", "b"]}, at=AT)
    first.features["N"].append("changed")
    assert ruleset.run("x", {"l": ["a", "b"]}, at=AT).features["N"] == ["a", "a", "b"]


def test_counters_go_on_from_event_to_event():
    source = "U: str = JsonData(path='$.u')\nN = IncrementWindow(key=U, window_seconds=60, when_all=[U != ''])\n"
    ruleset, state = rules.load_sources({"main.sml": source}), MemoryState()
    counts = [
        ruleset.run("x", {"u": "a"}, at=AT + timedelta(seconds=20 * n), action_id=n, state=state).features["N"]
        for n in range(6)
    ]
    assert counts == [1, 2, 3, 3, 3, 3]


def test_without_state_a_counter_is_an_error():
    source = "U: str = JsonData(path='$.u')\nN = IncrementWindow(key=U, window_seconds=60, when_all=[U != ''])\n"
    result = rules.load_sources({"main.sml": source}).run("x", {"u": "a"}, at=AT)
    assert result.features["N"] is None
    assert "state" in result.errors[0].message


@pytest.mark.parametrize("at", ["2026-01-01T00:00:00Z", None, 0])
def test_a_time_that_is_no_datetime_is_refused_in_a_sentence(young, at):
    with pytest.raises(TypeError, match=r"^at is a datetime: the time of the event, not \w+\.$"):
        young.run("post", {}, at=at)


@pytest.mark.parametrize("source", [b"A = 1", None, 3])
def test_a_source_that_is_no_text_is_refused_in_a_sentence(source):
    with pytest.raises(TypeError, match=r"^the source of 'main.sml' is a str, the text of the file, not \w+\.$"):
        rules.load_sources({"main.sml": source})
