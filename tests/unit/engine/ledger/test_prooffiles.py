import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.ledger.checkpoints import Checkpoint
from evenhand.engine.ledger.notes import NoteError, verifier_key
from evenhand.engine.ledger.prooffiles import GrowthFile, ProofFile, parse, parse_growth
from evenhand.engine.ledger.proofs import ProofError, consistency, inclusion
from evenhand.engine.ledger.tree import leaf_hash, root
from tests.unit.engine.ledger.trees import stored

SEED = bytes(32)
KEY = verifier_key("desk.example/ledger", SEED)
BODIES = [f"entry {number}".encode() for number in range(21)]
STORE = stored([leaf_hash(body) for body in BODIES])[0]
NOTE = Checkpoint("desk.example/ledger", 21, root(21, STORE)).sign(SEED)


def proof_file(index, *, with_body=True):
    return ProofFile(index, tuple(inclusion(index, 21, STORE)), NOTE, BODIES[index] if with_body else None)


@given(st.integers(0, 20), st.booleans())
def test_a_file_is_read_as_it_was_written(index, with_body):
    file = proof_file(index, with_body=with_body)
    assert parse(str(file)) == file


@given(st.integers(0, 20))
def test_a_file_proves_its_own_entry_and_no_other(index):
    file = parse(str(proof_file(index)))
    assert file.check([KEY]).size == 21
    with pytest.raises(ProofError, match=f"entry {index} is not in the ledger"):
        file.check([KEY], BODIES[index - 1])


def test_it_is_laid_out_as_the_format_says():
    lines = str(proof_file(20)).split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", "extra ZW50cnkgMjA=", "index 20"]
    assert lines[5:8] == ["", "desk.example/ledger", "21"]


def test_without_the_entry_in_it_the_entry_is_asked_for():
    file = proof_file(3, with_body=False)
    assert file.check([KEY], BODIES[3]).size == 21
    with pytest.raises(ProofError, match="give the entry's body beside it"):
        file.check([KEY])


def test_a_checkpoint_by_a_stranger_proves_nothing():
    with pytest.raises(NoteError, match="not signed by any key that you trust"):
        proof_file(3).check([verifier_key("desk.example/ledger", b"s" * 32)])


@given(st.integers(0, 20), st.data())
def test_no_character_of_a_file_can_be_changed(index, data):
    text = str(proof_file(index))
    position = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters(exclude_categories=["Cs"]))
    changed = text[:position] + letter + text[position + 1 :]
    if changed == text:
        return
    with pytest.raises((NoteError, ProofError)):
        parse(changed).check([KEY])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no blank line before its checkpoint"),
        ("c2sp.org/tlog-proof@v2\nindex 1\n\n" + NOTE, "the first line of a proof file is"),
        ("c2sp.org/tlog-proof@v1\nindex 1\n", "no blank line before its checkpoint"),
        ("c2sp.org/tlog-proof@v1\n\n" + NOTE, "no line “index N”"),
        ("c2sp.org/tlog-proof@v1\nextra !\nindex 1\n\n" + NOTE, "the extra line is not base64"),
        ("c2sp.org/tlog-proof@v1\nindex 01\n\n" + NOTE, "the index is not a plain decimal number"),
        ("c2sp.org/tlog-proof@v1\nindex 1\nAAAA\n\n" + NOTE, "hash 1 of the proof has 3 bytes"),
        ("c2sp.org/tlog-proof@v1\nindex 1\n" + "AAAA\n" * 65 + "\n" + NOTE, "65 hashes"),
        ("c2sp.org/tlog-proof@v1\nindex 1\n\nnonsense", "no blank line between its text"),
        ("c" * 1_000_001, "1000000 is the limit"),
    ],
)
def test_a_malformed_proof_is_told_what_is_wrong(text, message):
    with pytest.raises(NoteError, match=message):
        parse(text)


@given(st.text().map(lambda text: "c2sp.org/tlog-proof@v1\n" + text) | st.text(alphabet="c\nindex 0A=—"))
def test_no_text_crashes_the_parsers(text):
    for read in (parse, parse_growth):
        with pytest.raises(NoteError):
            read(text)


def checkpoint(size):
    return Checkpoint("desk.example/ledger", size, root(size, STORE))


def growth_file(old):
    return GrowthFile(old, tuple(consistency(old, 21, STORE)), NOTE)


@given(st.integers(0, 21))
def test_growth_is_proved_to_who_holds_the_older_checkpoint(old):
    file = parse_growth(str(growth_file(old)))
    assert file == growth_file(old)
    assert file.check([KEY], checkpoint(old)) == checkpoint(21)


@given(st.integers(1, 20))
def test_growth_from_another_history_is_not_proved(old):
    with pytest.raises(ProofError, match="the two ledgers differ"):
        growth_file(old).check([KEY], Checkpoint("desk.example/ledger", old, bytes(32)))


def test_growth_is_proved_from_one_size_only():
    with pytest.raises(ProofError, match="begins at 9 entries; the checkpoint that you hold covers 8"):
        growth_file(9).check([KEY], checkpoint(8))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("old 1\n", "no blank line before its checkpoint"),
        ("new 1\n\n" + NOTE, "the first line of a proof of growth is “old N”, not 'new 1'"),
        ("old -1\n\n" + NOTE, "the old size is not a plain decimal number"),
        ("old 1\n?\n\n" + NOTE, "hash 1 of the proof is not base64"),
    ],
)
def test_a_malformed_proof_of_growth_is_told_what_is_wrong(text, message):
    with pytest.raises(NoteError, match=message):
        parse_growth(text)
