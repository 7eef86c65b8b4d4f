from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.ledger import notes
from evenhand.engine.ledger.checkpoints import Checkpoint, opened, parse, parse_text
from evenhand.engine.ledger.notes import NoteError, verifier_key

SEED = bytes(32)
ORIGIN = "desk.example/ledger"
KEY = verifier_key(ORIGIN, SEED)
ROOT = b64encode(bytes(32)).decode()


@given(st.integers(0, 10**18 - 1), st.binary(min_size=32, max_size=32))
def test_what_was_signed_is_what_is_opened(size, root):
    checkpoint = Checkpoint(ORIGIN, size, root)
    note = checkpoint.sign(SEED)
    assert opened(note, [KEY]) == parse(note) == checkpoint
    assert note.startswith(f"{ORIGIN}\n{size}\n{b64encode(root).decode()}\n\n— {ORIGIN} ")


def test_further_lines_are_signed_and_kept():
    checkpoint = Checkpoint(ORIGIN, 3, bytes(32), ("a line", "another"))
    assert opened(checkpoint.sign(SEED), [KEY]).extensions == ("a line", "another")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{ORIGIN}\n1\n", "three lines"),
        (f"\n1\n{ROOT}\n", "three lines"),
        (f"{ORIGIN}\n01\n{ROOT}\n", "not a plain decimal number: '01'"),
        (f"{ORIGIN}\n-1\n{ROOT}\n", "not a plain decimal number"),
        (f"{ORIGIN}\n١\n{ROOT}\n", "not a plain decimal number"),
        (f"{ORIGIN}\n{'9' * 40}\n{ROOT}\n", "not a plain decimal number"),
        (f"{ORIGIN}\n1\nAAAA\n", "3 bytes instead of 32"),
        (f"{ORIGIN}\n1\nroot!\n", "is not base64"),
        (f"{ORIGIN}\n1\n{ROOT}\n\nmore\n", "no empty one"),
    ],
)
def test_a_malformed_checkpoint_is_told_what_is_wrong(text, message):
    with pytest.raises(NoteError, match=message):
        parse_text(text)


def test_a_note_of_ours_about_another_ledger_is_not_our_checkpoint():
    note = notes.sign(Checkpoint("other.example/ledger", 1, bytes(32)).text, ORIGIN, SEED)
    with pytest.raises(NoteError, match=r"checkpoint of the ledger other\.example/ledger"):
        opened(note, [KEY])


def test_a_checkpoint_of_a_nameless_ledger_is_not_signed():
    with pytest.raises(NoteError, match="three lines"):
        Checkpoint("", 1, bytes(32)).sign(SEED)


@given(st.text() | st.text(alphabet="—\n a+=A/01"))
def test_no_text_crashes_the_parser(text):
    for read in (parse, parse_text):
        try:
            read(text)
        except NoteError as error:
            assert str(error)  # noqa: PT017 - any other exception fails the test by itself
