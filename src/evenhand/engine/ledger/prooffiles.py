"""Proofs as files that stand on their own: of one entry (C2SP tlog-proof@v1), of growth (as C2SP witnesses get it).

An entry's body travels in its file's `extra` line, so that nothing but the verifier's key is needed to check it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

from msgspec import Struct

from evenhand.engine.ledger import checkpoints
from evenhand.engine.ledger.checkpoints import Checkpoint
from evenhand.engine.ledger.notes import NoteError, VerifierKey, decoded
from evenhand.engine.ledger.proofs import MAX_STEPS, ProofError, check_consistency, check_inclusion
from evenhand.engine.ledger.tree import HASH_BYTES, leaf_hash

FIRST_LINE = "c2sp.org/tlog-proof@v1"
MAX_CHARS = 1_000_000
_EXTRA, _INDEX, _OLD = "extra ", "index ", "old "


class ProofFile(Struct, frozen=True):
    """`body` is the entry itself, None where the file does not carry it; `note` the signed checkpoint."""

    index: int
    proof: tuple[bytes, ...]
    note: str
    body: bytes | None = None

    def __str__(self) -> str:
        extra = [] if self.body is None else [f"{_EXTRA}{b64encode(self.body).decode()}"]
        lines = [FIRST_LINE, *extra, f"{_INDEX}{self.index}", *_lines(self.proof)]
        return "".join(f"{line}\n" for line in lines) + f"\n{self.note}"

    def check(self, keys: Sequence[VerifierKey], body: bytes | None = None) -> Checkpoint:
        """The checkpoint under which `body` (or the body in the file) is entry number `index`.

        Raises NoteError: not signed by one of the keys. ProofError: the entry is not there.
        """
        checkpoint = checkpoints.opened(self.note, keys)
        entry = self.body if body is None else body
        if entry is None:
            raise ProofError("the file does not carry the entry that it proves; give the entry's body beside it")
        check_inclusion(self.index, checkpoint.size, leaf_hash(entry), self.proof, checkpoint.root)
        return checkpoint


class GrowthFile(Struct, frozen=True):
    """That the ledger of the checkpoint in `note` begins with the first `old` entries as they were signed before."""

    old: int
    proof: tuple[bytes, ...]
    note: str

    def __str__(self) -> str:
        return "".join(f"{line}\n" for line in [f"{_OLD}{self.old}", *_lines(self.proof)]) + f"\n{self.note}"

    def check(self, keys: Sequence[VerifierKey], held: Checkpoint) -> Checkpoint:
        """The later checkpoint, when the ledger only grew since the one that was `held`.

        Raises NoteError: not signed by one of the keys. ProofError: it did not only grow.
        """
        checkpoint = checkpoints.opened(self.note, keys)
        if held.size != self.old:
            raise ProofError(f"the proof begins at {self.old} entries; the checkpoint that you hold covers {held.size}")
        check_consistency(self.old, checkpoint.size, self.proof, held.root, checkpoint.root)
        return checkpoint


def parse_growth(text: str) -> GrowthFile:
    """Read a proof of growth. Nothing is verified. Raises NoteError: where it is not what the format says."""
    lines, note = _parts(text)
    if not lines[0].startswith(_OLD):
        raise NoteError(f"the first line of a proof of growth is “old N”, not {lines[0][:40]!r}")
    return GrowthFile(checkpoints.number(lines[0].removeprefix(_OLD), "the old size"), _steps(lines[1:]), note)


def parse(text: str) -> ProofFile:
    """Read a proof of one entry. Nothing is verified. Raises NoteError: where it is not what the format says."""
    lines, note = _parts(text)
    if lines[0] != FIRST_LINE:
        raise NoteError(f"the first line of a proof file is {FIRST_LINE}, not {lines[0][:40]!r}")
    body, rest = _extra(lines[1:])
    if not rest or not rest[0].startswith(_INDEX):
        raise NoteError("the proof file has no line “index N”")
    return ProofFile(checkpoints.number(rest[0].removeprefix(_INDEX), "the index"), _steps(rest[1:]), note, body)


def _parts(text: str) -> tuple[list[str], str]:
    """The lines of the proof, and the checkpoint below them."""
    if len(text) > MAX_CHARS:
        raise NoteError(f"the proof file has {len(text)} characters; {MAX_CHARS} is the limit")
    head, blank, note = text.partition("\n\n")
    if not blank:
        raise NoteError("the proof file has no blank line before its checkpoint: its end was cut off")
    checkpoints.parse(note)
    return head.split("\n"), note


def _extra(lines: Sequence[str]) -> tuple[bytes | None, Sequence[str]]:
    if not lines or not lines[0].startswith(_EXTRA):
        return None, lines
    return decoded(lines[0].removeprefix(_EXTRA), "the extra line"), lines[1:]


def _lines(proof: Sequence[bytes]) -> list[str]:
    return [b64encode(step).decode() for step in proof]


def _steps(lines: Sequence[str]) -> tuple[bytes, ...]:
    if len(lines) > MAX_STEPS:
        raise NoteError(f"the proof has {len(lines)} hashes; {MAX_STEPS} are enough for any ledger")
    steps = tuple(decoded(line, f"hash {place} of the proof") for place, line in enumerate(lines, 1))
    for place, step in enumerate(steps, 1):
        if len(step) != HASH_BYTES:
            raise NoteError(f"hash {place} of the proof has {len(step)} bytes instead of {HASH_BYTES}")
    return steps
