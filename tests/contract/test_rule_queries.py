"""A query finds on every database what the rule language says of each event, whatever the expression."""

from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.desk.fields import from_micros
from evenhand.engine.rules import load_sources
from evenhand.engine.rules.query import to_sql
from tests.support import postgres, stored

MANY = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def rows(request):
    if request.param == "sqlite":
        with stored.rows("sqlite") as found:
            yield found
        return
    server = request.getfixturevalue("postgres_server")
    with postgres.database(server, f"evenhand_{uuid4().hex}") as url, stored.rows("postgresql", url) as found:
        yield found


def said_by_rules(expression):
    """The events for which the rules themselves say so, each by itself: a project without SQL and without queries."""
    names = [f"{name}: {value}" for name, value in stored.SCHEMA.names.items()]
    project = load_sources({"main.sml": "\n".join([*names, f"Answer = Rule(when_all=[{expression}])"])})
    return {
        one.action_id
        for one in stored.events()
        if project.run(one.action_name, one.data, at=from_micros(one.at)).features["Answer"] is True
    }


texts = st.sampled_from([*stored.TEXTS, "pam", "offer", "fine", "kelvin", "ss", "ﬁ"])
numbers = (
    st.sampled_from([*(one for one in stored.NUMBERS if abs(one) < 2**63), 4, 100, -1, 1e18])
    | st.integers(-5, 15)
    | st.floats(-4, 4)
)
strings = st.sampled_from(
    ["Text", "Plain", "Any", "ForceString(s=Bio)", "ForceString(s=First)", "ForceString(s=Author)"]
)
optional = st.sampled_from(["Author", "Bio", "First", "Odd", "Thread"])
PATTERNS = ["spam", "sp?am$", "(?:free|no) +offer", "^.{3}$", "straße|ſ", "[0-9]+", "off(er)?|日本"]


@st.composite
def conditions(draw, depth=3):
    if depth and draw(st.integers(0, 2)):
        inner = conditions(depth=depth - 1)
        word = draw(st.sampled_from(["not", "and", "or"]))
        return f"not ({draw(inner)})" if word == "not" else f"(({draw(inner)}) {word} ({draw(inner)}))"
    return draw(st.one_of(*LEAVES))


def filled(template, **parts):
    return st.fixed_dictionaries(parts).map(lambda given: template.format(**given))


quoted = texts.map(repr)
number = numbers.map(repr)
some_texts = st.lists(texts, min_size=1, max_size=4).map(repr)
LEAVES = [
    filled("{name} {op} {text}", name=strings | optional, op=st.sampled_from(["==", "!="]), text=quoted),
    filled("{text} {op} {name}", name=strings, op=st.sampled_from(["==", "!="]), text=quoted),
    filled("{name} {op} {some}", name=strings | optional, op=st.sampled_from(["in", "not in"]), some=some_texts),
    filled("{name} {op} None", name=strings | optional | st.sampled_from(["Num", "Exact", "User", "Flag"]),
           op=st.sampled_from(["==", "!="])),
    filled("{name} {op} {number}", name=st.sampled_from(["Num", "Whole", "Real", "Views"]),
           op=st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), number=number),
    filled("{number} {op} {name}", name=st.sampled_from(["Num", "Whole", "Real", "Views"]),
           op=st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), number=number),
    filled("(Exact != None and Exact {op} {number})", op=st.sampled_from(["<", "<=", ">", ">="]), number=number),
    filled("{name} in [{one}, {other}]", name=st.sampled_from(["Num", "Whole", "Views"]),
           one=st.integers(-3, 12).map(str), other=st.sampled_from(["0", "3", str(2**53 + 1)])),
    filled("{text} {op} {name}", name=strings, op=st.sampled_from(["in", "not in"]), text=quoted),
    filled("TextContains(text={name}, phrase={text})", name=strings, text=quoted),
    filled("StringContains(s={name}, phrase={text}, substrings={a}, case_sensitive={b})", name=strings, text=quoted,
           a=st.sampled_from(["True", "False"]), b=st.sampled_from(["True", "False"])),
    filled("StringStartsWith(s={name}, start={text})", name=strings, text=quoted),
    filled("StringEndsWith(s={name}, end={text})", name=strings, text=quoted),
    filled("RegexMatch(pattern={pattern}, target={name}, case_insensitive={a})", name=strings,
           pattern=st.sampled_from(PATTERNS).map(repr), a=st.sampled_from(["True", "False"])),
    filled("{name}", name=st.sampled_from(["Flag", "Truthy", "True", "False"])),
    filled("{name} == {other}", name=st.sampled_from(["Flag", "Truthy"]), other=st.sampled_from(["True", "False"])),
    filled("ActionName {op} {name}", op=st.sampled_from(["==", "!="]), name=st.sampled_from(["'post'", "Text"])),
    filled("User {op} {text}", op=st.sampled_from(["==", "!="]), text=quoted),
    filled("StringLength(s={name}) > {number}", name=strings, number=st.integers(0, 8).map(str)),
]  # fmt: skip


@MANY
@given(expression=conditions())
def test_a_query_finds_what_the_rules_say_of_each_event(rows, expression):
    query = to_sql(expression, dialect=rows.dialect, schema=stored.SCHEMA)
    assert rows.found(query) == said_by_rules(expression)


def found(rows, expression):
    query = to_sql(expression, dialect=rows.dialect, schema=stored.SCHEMA)
    kept = rows.found(query)
    return {one.action_id: one for one in rows.stored if one.action_id in kept}, rows.candidates(query)


def test_events_are_found_by_what_rules_did_then(rows):
    labelled, candidates = found(rows, "DidAddLabel(label_name='spam', entity_type='User')")
    assert labelled
    assert {one.labels.count("User/u/1/spam/1") for one in labelled.values()} == {1}
    assert set(labelled) == candidates
    taken_off, _ = found(rows, "DidRemoveLabel(label_name='spam')")
    assert {one.labels.count("User/u/spam/0") for one in taken_off.values()} == {1}
    judged, candidates = found(rows, "DidDeclareVerdict(verdict='look at')")
    assert {one.verdicts for one in judged.values()} == {("look at",)}
    assert set(judged) == candidates


def test_a_range_of_time_is_found_by_the_database_alone(rows):
    some, candidates = found(rows, "After(time='2026-01-03') and Before(time='2026-01-05T12:00:00Z')")
    assert set(some) == set(range(20, 45))
    assert candidates == set(some)


@pytest.mark.parametrize("expression", ["not (Num in [0, 9007199254740993])", "Whole < 4611686018427387904"])
def test_large_whole_numbers_are_told_apart(rows, expression):
    assert set(found(rows, expression)[0]) == said_by_rules(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "Plain == 'spam'",
        "Author == 'ann' and Views > 2",
        "TextContains(text=Plain, phrase='offer')",
        "Plain in ['spam', 'post']",
        "RegexMatch(pattern='offer+s?', target=Plain)",
        "JsonData(path='$.num', coerce_type=False) > 5",
        "Flag and not (Whole < 3)",
        "First != None",
    ],
)
def test_the_database_leaves_out_most_of_what_does_not_match(rows, expression):
    some, candidates = found(rows, expression)
    assert some
    assert len(candidates) < len(rows.stored) / 2


@pytest.mark.parametrize("text", ["'; DROP TABLE e; --", "%s %(a)s {} ?", "\\", '"', "' OR '1'='1"])
def test_the_text_of_a_query_comes_into_no_statement(rows, text):
    plain = to_sql("Text == 'x' or Odd == 'x'", dialect=rows.dialect, schema=stored.SCHEMA)
    query = to_sql(f"Text == {text!r} or Odd == {text!r}", dialect=rows.dialect, schema=stored.SCHEMA)
    assert query.where == plain.where
    assert text in query.parameters
    assert rows.found(query) == set()
