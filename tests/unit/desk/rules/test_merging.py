"""Two people's changes to the same text: both stay, or it is told that they cannot."""

from hypothesis import given
from hypothesis import strategies as st

from evenhand.desk.rules.merging import merged, together

texts = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "\n", "d"]), max_size=12).map("".join)


@given(texts, texts)
def test_what_only_one_changed_is_taken_over(before, after):
    assert merged(before, after, before) == after
    assert merged(before, before, after) == after


@given(texts, texts)
def test_the_same_change_twice_is_made_once(before, after):
    assert merged(before, after, after) == after


@given(texts, texts, texts)
def test_it_does_not_matter_whose_changes_come_first(before, mine, theirs):
    assert merged(before, mine, theirs) == merged(before, theirs, mine)


@given(st.lists(st.integers(0, 9), min_size=8, max_size=8, unique=True), st.integers(0, 2), st.integers(5, 7))
def test_changes_far_apart_both_stay(lines, first, second):
    before = [f"{one}\n" for one in lines]
    mine, theirs, both = list(before), list(before), list(before)
    mine[first] = both[first] = "mine\n"
    theirs[second] = both[second] = "theirs\n"
    assert merged("".join(before), "".join(mine), "".join(theirs)) == "".join(both)


def test_changes_of_one_line_or_of_neighbours_are_left_to_people():
    assert merged("a\nb\nc\n", "x\nb\nc\n", "y\nb\nc\n") is None
    assert merged("a\nb\nc\n", "x\nb\nc\n", "a\ny\nc\n") is None
    assert merged("a\n", "m\na\n", "t\na\n") is None


def test_files_that_came_or_went_are_told_apart():
    found = together({"a": "1", "b": "1", "c": "1"}, {"a": "2", "b": "1", "new": "m"}, {"a": "1", "c": "2", "b": "1"})
    assert found.texts == {"a": "2", "b": "1", "new": "m", "c": "2"}
    assert found.clashes == ["c"]


def test_two_new_files_of_one_path_clash():
    assert together({}, {"a": "mine"}, {"a": "theirs"}).clashes == ["a"]
    assert together({}, {"a": "same"}, {"a": "same"}).clashes == []
