"""What a condition looked at is told: counters, labels, lists, phrases, patterns, chance."""

import pytest

from evenhand.engine.rules import RuleSet, load_sources
from evenhand.engine.rules.explain import explain
from evenhand.engine.rules.replay import micros
from tests.unit.engine.rules.explain.looked import Looked, label
from tests.unit.engine.rules.explain.project import AT, listed, rules

NOW = micros(AT)
SECOND = 1_000_000
EVENT = {"id": "u1", "text": "A cheap offer: B0AT tickets", "words": ["cheap", "b0at"]}
FIELDS = """\
User: Entity[str] = EntityJson(type='User', path='$.id')
Text: str = JsonData(path='$.text')
Words: List[str] = JsonData(path='$.words')
"""


def sources(condition, state=None, lists=None, before="", services=None):
    program = rules(f"{FIELDS}{before}R = Rule(when_all=[{condition}])\n").program
    told = explain(
        RuleSet(program, lists or {}), "R", "post", EVENT, at=AT, action_id=1, state=state, services=services
    )
    return told.conditions[0].sources


def test_a_counter_is_told_with_its_key_its_window_and_what_it_came_to():
    state = Looked(counts=[NOW - 10 * SECOND, NOW - 5 * SECOND, NOW - 3600 * SECOND])
    (source,) = sources("Count(counter='posts', key=User, window_seconds=600) > 5", state)
    assert (source.kind, source.at, source.key, source.found) == ("counter", "posts, 10 minutes", "User u1", 3)
    assert source.told == "3 events counted as “posts” for User u1 within 10 minutes."


def test_an_event_that_was_counted_before_is_not_counted_twice():
    state = Looked(counts=[NOW - SECOND, NOW])
    (source,) = sources("IncrementWindow(key=Text, window_seconds=60, when_all=[True]) > 5", state)
    assert source.found == 2


def test_an_event_that_a_counter_does_not_count_is_not_counted():
    state = Looked(counts=[NOW - SECOND])
    (source,) = sources("IncrementWindow(key='k', window_seconds=60, when_all=[Text == '']) > 5", state)
    assert source.told == "1 event under the key “k” within 1 minute."


@pytest.mark.parametrize(
    ("condition", "state", "told"),
    [
        (
            "CountDistinct(counter='to', key=User, value=Text, window_seconds=3600) > 3",
            Looked(values=4),
            "4 different values of Text counted as “to” for User u1 within 1 hour.",
        ),
        (
            "Rate(counter='posts', key=User, window_seconds=120) > 3",
            Looked(counts=[NOW - SECOND]),
            "1 event in 1 minute counted as “posts” for User u1 within 2 minutes.",
        ),
        ("FirstSeen(counter='ip', key=User)", Looked(), "User u1 comes as “ip” for the first time."),
        (
            "SecondsSinceFirstSeen(counter='ip', key=User) > 5",
            Looked(seen=NOW - 90 * SECOND),
            "User u1 came as “ip” for the first time 1 minute 30 seconds before.",
        ),
    ],
)
def test_other_counters_are_told_in_their_own_words(condition, state, told):
    assert [one.told for one in sources(condition, state)] == [told]


def test_a_label_is_told_with_who_set_it_and_when():
    state = Looked(labels={("User", "u1"): {"odd": label(manual=True, expires=NOW + SECOND)}})
    (source,) = sources("HasLabel(entity=User, label='odd')", state)
    assert (source.kind, source.at, source.key, source.found) == ("label", "odd", "User u1", "added")
    assert source.told == (
        "The label “odd” of User u1 was added by a person on 2026-02-25 06:13 UTC, and expires on 2026-03-01 12:00 UTC."
    )


def test_a_label_that_is_not_there_is_told_so():
    (source,) = sources("HasLabel(entity=User, label='odd')", Looked())
    assert source.told == "User u1 has never had the label “odd”."


def test_a_list_is_told_with_the_phrase_that_is_on_it():
    (source,) = sources("CensorizedListContains(list='boats', phrases=Words) != None", lists=listed(boats=["boat"]))
    assert (source.kind, source.at, source.found) == ("list", "boats", "b0at")
    assert source.told == "“b0at” is on the list boats."


def test_a_phrase_is_told_with_what_stands_around_it():
    (source,) = sources("TextContains(text=Text, phrase='OFFER')")
    assert (source.kind, source.at, source.found) == ("phrase", "OFFER", "A cheap offer: B0AT tickets")


def test_a_pattern_is_told_with_the_text_that_matched():
    (source,) = sources(r"RegexMatch(pattern='b\\d[a-z]+', target=Text, case_insensitive=True)")
    assert (source.kind, source.found) == ("pattern", "B0AT")


def test_a_pattern_whose_match_takes_too_long_to_find_is_told_without_it():
    before = "Long = 'a' * 5000 + 'b'\n"
    (source,) = sources("RegexMatch(pattern='(a|aa)+c|b$', target=Long)", before=before)
    assert source.told == "The pattern matches in Long."


def test_a_function_that_others_put_in_the_place_of_ours_is_not_spoken_for():
    def TextContains(text: str) -> bool:
        return bool(text)

    project = load_sources({"main.sml": f"{FIELDS}R = Rule(when_all=[TextContains(text=Text)])"}, udfs=[TextContains])
    told = explain(project, "R", "post", EVENT, at=AT)
    assert told.conditions[0].sources == ()
    assert told.conditions[0].value == "true"
