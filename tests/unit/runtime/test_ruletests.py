"""Tests beside rules as YAML: what is read, what is refused, and where."""

from datetime import UTC, datetime, timedelta

import pytest

from evenhand.engine.rules.problem import RuleError
from evenhand.engine.rules.values import Entity
from evenhand.runtime import ruletests

SMALLEST = """\
A test:
  given: {action_name: post, data: {text: hello}}
  then: {fired: []}
"""
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def one(text):
    (case,) = ruletests.read("tests/a.yaml", text)
    return case


def refused(text):
    with pytest.raises(RuleError) as error:
        ruletests.read("tests/a.yaml", text)
    return error.value.problems


def given(more, then="{fired: []}"):
    event = "    action_name: post\n    at: 2026-03-01T12:00:00Z\n    data: {text: hello}\n"
    return f"A test:\n  given:\n{event}{more}  then: {then}\n"


def test_the_smallest_test_has_a_name_a_place_and_a_time_of_its_own():
    case = one(SMALLEST)
    assert (case.name, case.file, case.line) == ("A test", "tests/a.yaml", 1)
    assert (case.event.action_name, case.event.data) == ("post", {"text": "hello"})
    assert case.event.at == ruletests.DEFAULT_AT
    assert case.then.fired == ()
    assert case.then.labels is None


def test_an_empty_file_has_no_tests():
    assert ruletests.read("tests/a.yaml", "# nothing yet\n") == []


def test_a_time_without_a_zone_is_in_utc():
    assert one(given("").replace("00Z", "00")).event.at == AT


def test_an_earlier_event_is_like_the_last_one_but_for_what_it_says():
    (earlier,) = one(given("    earlier:\n      - {ago: 3h, action_name: profile}\n")).earlier
    assert (earlier.action_name, earlier.data, earlier.at) == ("profile", {"text": "hello"}, AT - timedelta(hours=3))


def test_an_event_that_came_several_times_is_written_once():
    more = '    earlier:\n      - {times: 3, every: 10m, data: {text: "number {n}", to: [{id: "u{n}"}]}}\n'
    earlier = one(given(more)).earlier
    assert [event.at for event in earlier] == [AT - timedelta(minutes=minutes) for minutes in (30, 20, 10)]
    assert [event.data for event in earlier] == [{"text": f"number {n}", "to": [{"id": f"u{n}"}]} for n in (1, 2, 3)]


def test_ago_says_when_the_last_of_several_was():
    earlier = one(given("    earlier:\n      - {times: 2, every: 1m, ago: 1d}\n")).earlier
    assert [AT - event.at for event in earlier] == [timedelta(days=1, minutes=1), timedelta(days=1)]


def test_earlier_events_are_put_in_order():
    more = "    earlier:\n      - {ago: 1m}\n      - {at: 2026-02-01T00:00:00Z}\n      - {ago: 2d}\n"
    times = [event.at for event in one(given(more)).earlier]
    assert times == sorted(times)


def test_labels_are_set_by_a_rule_a_day_ago_unless_they_say_otherwise():
    more = """\
    labels:
      User/ann/b: [seller]
      Post/1: [{label: seen, status: removed, by: person, ago: 2h, expires_after: 3h}]
"""
    plain, full = one(given(more)).marks
    assert plain == ruletests.Mark(Entity("User", "ann/b"), "seller", "added", False, AT - timedelta(days=1))
    since = AT - timedelta(hours=2)
    assert full == ruletests.Mark(Entity("Post", "1"), "seen", "removed", True, since, since + timedelta(hours=3))


def test_with_a_swap_the_test_is_there_twice_once_with_its_words_exchanged():
    text = """\
A quarrel:
  swap: {ferry: bridge}
  given:
    action_name: post
    data: {text: "Ferry, no bridge", ferry: x}
    earlier: [{data: {text: the ferry}}]
    labels: {User/ferry: [side]}
  then:
    fired: [OnBridges]
    labels: [User/ferry/side/0]
"""
    plain, other = ruletests.read("tests/a.yaml", text)
    assert (plain.name, other.name) == ("A quarrel", "A quarrel (ferry ↔ bridge)")
    assert other.event.data == {"text": "Bridge, no ferry", "ferry": "x"}
    assert other.earlier[0].data == {"text": "the bridge"}
    assert other.marks[0].entity.id == "bridge"
    assert other.then.labels == ("User/bridge/side/0",)
    assert other.then.fired == ("OnBridges",)
    assert plain.event.data["text"] == "Ferry, no bridge"


@pytest.mark.parametrize(
    ("text", "line", "column", "message", "hint"),
    [
        ("A test:\n  givn: {}\n  then: {fired: []}\n", 2, 3, "unknown key 'givn'", "did you mean 'given'?"),
        (given("    dta: {}\n"), 6, 5, "unknown key 'dta'", "did you mean 'data'?"),
        (given("", "{fierd: []}"), 6, 10, "unknown key 'fierd'", "did you mean 'fired'?"),
        (given("    earlier:\n      - {ago: 1s}\n      - {agoo: 1s}\n"), 8, 10, "unknown key 'agoo'", "'ago'"),
        (given("    labels:\n      User/a: [{lable: x}]\n"), 7, 17, "unknown key 'lable'", "'label'"),
        ("A test:\n  given: {action_name: post}\n  then: {fired: []}\n", 2, 3, "the key 'data' is missing", ""),
        ("A test:\n  then: {fired: []}\n", 1, 1, "the key 'given' is missing", ""),
        ("A test: 7\n", 1, 1, "expected a mapping, got a whole number", ""),
        (given("", "{fired: Spam}"), 6, 10, "expected a list, got a text", ""),
        (given("    earlier:\n      - {times: many}\n"), 7, 10, "expected a whole number, got a text", ""),
        (given("", "{}"), 6, 3, "this test cannot fail", "name what must follow"),
        (given("", "{not_fired: []}"), 6, 3, "this test cannot fail", ""),
        (given("", "{labels: [User/a/spam]}"), 6, 10, "no change of a label", "/1 for one that is added"),
        (given("").replace("2026-03-01T12:00:00Z", "noon"), 4, 5, "no time: write 2026-01-31T12:00:00Z", ""),
        (given("    earlier:\n      - {ago: soon}\n"), 7, 10, "'soon' is no length of time", ""),
        (given("    earlier:\n      - {every: 5}\n"), 7, 10, "expected a text, got a whole number", ""),
        (given("    earlier:\n      - {ago: 1s, at: 2026-01-01T00:00:00Z}\n"), 7, 10, "both given", "leave one out"),
        (given("    earlier:\n      - {at: 2027-01-01T00:00:00Z}\n"), 7, 10, "not earlier", ""),
        (given("    earlier:\n      - {times: 0}\n"), 7, 10, "at least 1", ""),
        (given("    earlier:\n      - {times: 200000}\n"), 7, 10, "at most 100,000", ""),
        (given("    labels: {ann: [seller]}\n"), 6, 14, "'ann' is no entity", "write Type/id"),
        ("A test: {}\nA test: {}\n", 2, 1, "given twice", ""),
        ("- a\n- b\n", 1, 1, "not a mapping", ""),
        ("A: [\n", 2, 1, "this is not YAML", ""),
    ],
)
def test_what_is_wrong_is_refused_at_its_place(text, line, column, message, hint):
    (problem,) = refused(text)
    assert message in problem.message
    assert hint in problem.hint
    assert (problem.file, problem.line, problem.column) == ("tests/a.yaml", line, column)


def test_all_mistakes_of_a_file_are_told_at_once():
    text = given("    dta: {}\n", "{fierd: []}") + "B:\n  given: {action_name: post, data: {}}\n  then: {}\n"
    assert [problem.line for problem in refused(text)] == [6, 7, 10]


def test_the_line_is_shown_with_a_caret():
    assert str(refused(given("    dta: {}\n"))[0]).splitlines()[1:3] == ["    6 |     dta: {}", "            ^"]


def write(folder, name, content):
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())


def test_tests_are_found_in_their_folder_and_by_their_name_anywhere(tmp_path):
    for name in ("tests/a.yaml", "tests/deep/b.yml", "spam/links_test.yaml"):
        write(tmp_path, name, SMALLEST)
    for name in ("config/c.yaml", ".git/tests/d.yaml", "tests/notes.txt"):
        write(tmp_path, name, "not: ours")
    assert [case.file for case in ruletests.read_folder(tmp_path)] == [
        "spam/links_test.yaml", "tests/a.yaml", "tests/deep/b.yml",
    ]  # fmt: skip


def test_a_folder_without_tests_has_none(tmp_path):
    assert ruletests.read_folder(tmp_path) == []


def test_mistakes_of_all_files_are_told_together(tmp_path):
    write(tmp_path, "tests/a.yaml", given("", "{}"))
    write(tmp_path, "tests/b.yaml", b"A test: \xff\n")
    with pytest.raises(RuleError) as error:
        ruletests.read_folder(tmp_path)
    assert [problem.file for problem in error.value.problems] == ["tests/a.yaml", "tests/b.yaml"]
    assert "0xff is not UTF-8" in error.value.problems[1].message


def test_names_in_a_test_have_their_places():
    text = """\
Pills are found:
  given:
    action_name: post
    data: {}
    labels: {User/ann: [hasty, {label: slow}]}
  then:
    fired: [Flood, 'Pills']
    features: {Sent: 1}
    not_labels: [User/ann/seller/1]
"""
    (case,) = ruletests.read("tests/a.yaml", text)
    lines = text.splitlines()
    assert set(case.places) == {"hasty", "slow", "Flood", "Pills", "Sent", "seller"}
    for name, at in case.places.items():
        assert at.source == lines[at.line - 1]
        assert at.source[at.column - 1 : at.column - 1 + at.width] == name
