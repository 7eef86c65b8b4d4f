"""Hash lists as CSV: every line says something, or why it says nothing."""

from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.media.hashcsv import joined, read
from evenhand.engine.media.listing import Listed, Withdrawn

MD5 = "ab" * 16


def rows(*lines: str, **more: str):
    return [found for _, found in read(lines, **more)]


def test_columns_stand_in_any_order_when_the_first_line_names_them():
    [found] = rows("\ufeffdeleted,value,type,source_id", f"no,{MD5},md5,m1")
    assert found == Listed(key="m1", hashes={"md5": bytes.fromhex(MD5)})


def test_bare_hashes_are_known_by_their_length_or_by_what_is_said():
    assert [next(iter(found.hashes)) for found in rows(MD5, "ab" * 20, "ab" * 32)] == ["md5", "sha1", "pdq"]
    [found] = rows("ab" * 32, kind="sha256")
    assert found.hashes == {"sha256": b"\xab" * 32}


def test_what_is_deleted_is_withdrawn():
    [found] = rows("value,source_id,deleted", f"{MD5},m1,TRUE")
    assert isinstance(found, Withdrawn)
    assert found.key == "m1"


def test_each_mistake_is_told_in_a_sentence():
    lines = ("type,value,added_at,deleted", "md5,xx,,", "pdq,ab,,", f"md5,{MD5},yesterday,", f"md5,{MD5},,perhaps")
    assert [str(found).partition(":")[0][:24] for found in rows(*lines)] == [
        "“xx” is no md5 hash", "A hash of kind pdq has 3", "`added_at` is a date in ", "`deleted` is true or fal",
    ]  # fmt: skip


def test_hashes_of_one_medium_come_together_wherever_they_stand():
    lines = ("type,value,source_id", f"md5,{MD5},m1", f"md5,{'cd' * 16},m2", f"sha1,{'ab' * 20},m1")
    first, second = joined(found for found in rows(*lines) if not isinstance(found, str))
    assert (set(first.hashes), set(second.hashes)) == ({"md5", "sha1"}, {"md5"})


@given(st.lists(st.text(max_size=60), max_size=8))
def test_whatever_the_file_holds_there_is_a_row_or_a_sentence(lines):
    try:
        found = rows(*lines)
    except ValueError as told:
        found = [str(told)]
    assert all(isinstance(one, Listed | Withdrawn) or one.endswith(".") for one in found)
