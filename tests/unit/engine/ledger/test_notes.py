from base64 import b64decode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.ledger.notes import NoteError, VerifierKey, opened, parse, parse_key, sign, verifier_key

NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_SEED = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
NEUMANN_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
NEUMANN_NOTE = NEUMANN_TEXT + (
    "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
"""The example of the note format's first implementation."""

SEED = bytes(range(32))
NAME = "desk.example/ledger"
KEY = verifier_key(NAME, SEED)
NOTE = sign("one\ntwo\n", NAME, SEED)

lines = st.text(st.characters(min_codepoint=32, exclude_characters="\x7f", exclude_categories=["Cs"]))
texts = st.lists(lines, min_size=1).map(lambda parts: "\n".join(parts) + "\n")


def test_the_known_example_opens_with_its_key():
    assert opened(NEUMANN_NOTE, [parse_key(NEUMANN)]) == NEUMANN_TEXT


def test_the_known_example_is_signed_byte_for_byte():
    seed = b64decode(NEUMANN_SEED)[1:]
    assert sign(NEUMANN_TEXT, "PeterNeumann", seed) == NEUMANN_NOTE
    assert str(verifier_key("PeterNeumann", seed)) == NEUMANN


@given(texts, st.binary(min_size=32, max_size=32))
def test_what_is_signed_opens_with_the_key_and_with_no_other(text, seed):
    note = sign(text, NAME, seed)
    key = parse_key(str(verifier_key(NAME, seed)))
    assert opened(note, [key]) == text
    other = VerifierKey(NAME, Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw())
    if other != key:
        with pytest.raises(NoteError, match="not signed by any key that you trust"):
            opened(note, [other])


@given(st.integers(0, len(NOTE) - 1), st.characters(exclude_categories=["Cs"]))
def test_no_character_of_a_note_can_be_changed(position, letter):
    changed = NOTE[:position] + letter + NOTE[position + 1 :]
    if changed == NOTE:
        return
    with pytest.raises(NoteError):
        opened(changed, [KEY])


@given(st.integers(0, len(NOTE) - 1))
def test_a_note_that_was_cut_off_does_not_open(length):
    with pytest.raises(NoteError):
        opened(NOTE[:length], [KEY])


def test_signatures_of_strangers_are_passed_over():
    stranger = sign("one\ntwo\n", "witness.example", bytes(32)).rpartition("\n\n")[2]
    assert opened(NOTE + stranger, [KEY]) == "one\ntwo\n"


def test_a_false_signature_of_a_trusted_key_spoils_the_note():
    false = sign("another\n", NAME, SEED).rpartition("\n\n")[2]
    with pytest.raises(NoteError, match=f"the signature of {NAME} is false"):
        opened(NOTE + false, [KEY])


def test_the_text_may_hold_blank_lines():
    assert opened(sign("one\n\ntwo\n", NAME, SEED), [KEY]) == "one\n\ntwo\n"


@pytest.mark.parametrize(
    ("note", "message"),
    [
        ("", "no blank line"),
        ("text\n", "no blank line"),
        ("text\n\n— a AAAAAAA=", "does not end with a newline"),
        ("text\n\n- a AAAAAAA=\n", "signature 1 is not"),
        ("text\n\n— a b c\n", "signature 1 is not"),
        ("text\n\n— a+b AAAAAAA=\n", "no spaces, plus signs"),
        ("text\n\n— a AAAA%AA=\n", "signature 1 is not base64"),
        ("text\n\n— a ÄAAAAAA=\n", "signature 1 is not base64"),
        ("text\n\n— a AAAAAAB=\n", "canonical form"),
        ("text\n\n— a AAAA\n", "holds only a key id"),
        ("a\tb\n\n— a AAAAAAA=\n", "control character at position 1"),
        ("text\n\n" + "— a AAAAAAA=\n" * 65, "65 signatures"),
        ("t" * 100_001, "100000 is the limit"),
    ],
)
def test_a_malformed_note_is_told_what_is_wrong(note, message):
    with pytest.raises(NoteError, match=message):
        parse(note)


@pytest.mark.parametrize(
    ("vkey", "message"),
    [
        ("", "three parts"),
        ("PeterNeumann+c74f20a3", "three parts"),
        ("Peter Neumann+c74f20a3+AR", "no spaces"),
        ("+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "no spaces"),
        ("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "8 hex digits"),
        ("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq", "not base64"),
        ("PeterNeumann+c74f20a3+AhpcAgAA", "not Ed25519"),
        ("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "does not belong to the key id"),
        ("PeterNewmann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "does not belong to the key id"),
    ],
)
def test_a_malformed_key_is_told_what_is_wrong(vkey, message):
    with pytest.raises(NoteError, match=message):
        parse_key(vkey)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "tab\t", "wide\u3000space", "\x00"])
def test_a_name_that_notes_cannot_carry_is_refused(name):
    with pytest.raises(NoteError, match="a key's name has no spaces"):
        verifier_key(name, SEED)


@pytest.mark.parametrize("text", ["", "no newline", "nul\x00\n", "half \ud800\n"])
def test_a_text_that_cannot_be_signed_is_refused(text):
    with pytest.raises(NoteError, match="the text of a note"):
        sign(text, NAME, SEED)


@given(st.text() | st.text(alphabet="—\n a+=A/\x00"))
def test_no_text_crashes_the_parsers(text):
    for read in (parse, parse_key):
        try:
            read(text)
        except NoteError as error:
            assert str(error)  # noqa: PT017 - any other exception fails the test by itself
