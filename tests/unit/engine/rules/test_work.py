"""No event takes more work than one may: what there is no room for is FAILED, told once, and the same each time."""

from datetime import UTC, datetime

import pytest

from evenhand.engine.rules import interpret, load_sources
from evenhand.engine.rules.run import EXHAUSTED, Context

AT = datetime(2026, 3, 1, tzinfo=UTC)
MANY = 80
SOURCE = "\n".join(
    [
        "Text: str = JsonData(path='$.text')",
        "Words: List[str] = JsonData(path='$.words')",
        "First = Rule(when_all=[StringLength(s=Text) > 0], description='it has a text')",
        "WhenRules(rules_any=[First], then=[LabelAdd(entity=Entity(type='User', id='u'), label='seen')])",
        *(f"C{n} = StringClean(s=Text, form='NFC')\nL{n} = ListSort(list=Words)" for n in range(MANY)),
        "Last = Rule(when_all=[StringLength(s=C79) > 0, ListLength(list=L79) > 0])",
        "WhenRules(rules_any=[Last], then=[DeclareVerdict(verdict='done')])",
    ]
)
RULES = load_sources({"main.sml": SOURCE})
BACKTRACKING = "Text: str = JsonData(path='$.text')\n" + "\n".join(
    rf"R{n} = RegexMatch(target=Text, pattern=r'{'a' * (n + 1)}?(a+)+\1$')" for n in range(60)
)


def run(text="hello", words=("a", "b")):
    return RULES.run("post", {"text": text, "words": list(words)}, at=AT)


def test_an_ordinary_event_and_a_long_one_have_all_their_values():
    for text in ("hello", "a longer text. " * 500):
        result = run(text)
        assert not result.errors
        assert [one.rule for one in result.fired] == ["First", "Last"]


@pytest.mark.parametrize("given", [{"text": "é" * 100_000}, {"words": ["x" * 50_000] * 40}, {"words": ["x"] * 100_000}])
def test_what_there_is_no_room_for_is_failed_and_told_once_and_all_else_goes_on(given):
    result = run(**given)
    assert [one.message for one in result.errors] == [EXHAUSTED]
    assert [one.rule for one in result.fired] == ["First"]
    assert result.labels == ("User/u/seen/1",)
    values = [result.features[f"{kind}{n}"] for n in range(MANY) for kind in "CL"]
    assert values[0] is not None
    assert None in values
    assert result.features[result.errors[0].feature] is None
    assert run(**given) == result


def test_the_interpreter_stops_where_it_says_it_does():
    data = {"text": "é" * 100_000, "words": ["a"]}
    context = Context("post", 0, data, AT, 0, None, None, {}, [])
    assert interpret.run(RULES.program, RULES.order, context) == RULES.run("post", data, at=AT)


PADDED = """
Text: str = JsonData(path='$.text')
Found = ListFind(list='words', s=Text)
Hosts = ExtractDomains(s=Text)
Links = StringExtractURLs(s=Text)
"""


@pytest.mark.parametrize("length", [200_000, 900_000, 1_100_000, 6_000_000])
def test_a_text_is_looked_through_to_its_end_or_what_looks_is_failed(length):
    rules = load_sources({"main.sml": PADDED}, {"lists": {"words": ["spam"]}})
    text = "x " * (length // 2) + "spam https://shop.example/"
    result = rules.run("post", {"text": text}, at=AT)
    found = {"Found": ["spam"], "Hosts": ["shop.example"], "Links": ["https://shop.example/"]}
    missed = {name for name, right in found.items() if result.features[name] != right}
    assert all(result.features[name] is None for name in missed)
    assert [one.message for one in result.errors] == ([EXHAUSTED] if missed else [])
    assert bool(missed) == (length > 700_000)


def test_texts_that_cost_nothing_by_themselves_never_use_it_up():
    assert not run(text="é" * 1000, words=["x" * 1000] * 5).errors


def test_patterns_that_are_stopped_use_it_up_soon():
    result = load_sources({"main.sml": BACKTRACKING}).run("post", {"text": "a" * 900 + "b"}, at=AT)
    told = [one.message for one in result.errors]
    assert told.count(EXHAUSTED) == 1
    assert 5 <= len(told) <= 12


def test_a_host_may_give_more():
    data = {"text": "é" * 100_000, "words": ["a"]}
    context = Context("post", 0, data, AT, 0, None, None, {}, [], most_work=10**10)
    assert not interpret.run(RULES.program, RULES.order, context).errors
