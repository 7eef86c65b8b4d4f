import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from evenhand.engine.ledger.copies import FORMAT, CopyError, header, line, read
from evenhand.engine.ledger.verify import BrokenError, Entry, verify
from tests.unit.engine.ledger.ledgers import KEY, ledger

SIZE = 20


def copy(*, payloads=True):
    lines = ledger(SIZE, signed_at=(7, 20), erased=(2,))
    kept = [found if payloads or not isinstance(found, Entry) else replace(found, opening=None) for found in lines]
    return [header(str(KEY), payloads=payloads), *map(line, kept)]


def checked(lines):
    first, found = read(lines)
    return verify(found, [KEY], payloads=first.payloads)


@pytest.mark.parametrize("payloads", [True, False])
def test_a_copy_verifies_like_the_ledger_itself(payloads):
    summary = checked(copy(payloads=payloads))
    assert (summary.size, summary.checkpoints, summary.signed) == (SIZE, 2, SIZE)
    assert (summary.payloads, summary.erased) == ((19, 1) if payloads else (0, 0))


def test_a_copy_is_json_lines_that_carry_the_very_bytes():
    lines = [json.loads(text) for text in copy()]
    assert lines[0] == {"kind": "ledger", "format": FORMAT, "vkey": str(KEY), "payloads": True}
    assert lines[1]["body"].encode() == ledger(SIZE, erased=(2,))[0].body
    assert lines[1]["payload"] == '{"reason":"0"}'
    assert "payload" not in lines[3]
    assert lines[8]["kind"] == "checkpoint"


@given(st.data())
def test_no_character_of_a_copy_can_be_changed_unseen(data):
    lines = copy()
    number = data.draw(st.integers(1, len(lines) - 1))
    position = data.draw(st.integers(0, len(lines[number]) - 1))
    letter = chr(data.draw(st.integers(32, 126)))
    changed = lines[number][:position] + letter + lines[number][position + 1 :]
    if changed == lines[number] or not _differs(changed, lines[number]):
        return
    lines[number] = changed
    with pytest.raises((BrokenError, CopyError)):
        checked(lines)


def _differs(changed, text):
    try:
        return json.loads(changed) != json.loads(text)
    except ValueError:
        return True


def test_a_changed_entry_of_a_copy_is_named():
    lines = copy()
    lines[6] = lines[6].replace("otter", "stoat")
    with pytest.raises(BrokenError, match="entry 5: its body does not hash to its leaf"):
        checked(lines)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "line 1: "),
        (["nonsense"], "line 1: "),
        ([copy()[1]], "line 1: a copy begins with a line of kind “ledger”"),
        ([copy()[0].replace("@v1", "@v9")], "line 1: the format is 'evenhand-ledger@v9'"),
        ([copy()[0], copy()[0]], "line 2: a second line of kind “ledger”"),
        ([copy()[0], '{"kind":"guess"}'], "line 2: Invalid value 'guess'"),
        ([copy()[0], copy()[1], copy()[2][:50]], "line 3: "),
        ([copy()[0], '{"kind":"entry","seq":0,"body":"","leaf":"?"}'], "line 2: leaf is not base64"),
        ([copy()[0], '{"kind":"entry","seq":0,"body":"","leaf":"AAAA"}'], "line 2: leaf has 3 bytes instead of 32"),
        ([copy()[0], copy()[1].replace('"salt"', '"pepper"')], "line 2: .*unknown field"),
        ([copy()[0], copy()[1].replace(',"payload":"{\\"reason\\":\\"0\\"}"', "")], "salt and payload come together"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(lines, message):
    with pytest.raises(CopyError, match=message):
        checked(lines)


@given(st.lists(st.text() | st.text(alphabet='{"}kindentry:,[]0'), max_size=3))
def test_no_text_crashes_the_reader(lines):
    with pytest.raises((CopyError, BrokenError)):
        checked([copy()[0], "{", *lines])
    with pytest.raises(CopyError):
        checked(lines)


def test_a_payload_that_cannot_be_opened_is_not_left_out_in_silence():
    found = replace(ledger(1)[0], opening=None, unreadable="the seal is broken")
    with pytest.raises(CopyError, match="entry 0: its payload cannot be opened: the seal is broken"):
        line(found)
