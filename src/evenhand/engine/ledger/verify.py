"""The whole check of a ledger, in one pass from the first entry on; it names the first that is broken.

Fed by the desk from its database, or by a copy in a file: the same lines, the same check.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from evenhand.engine.ledger import checkpoints, entries
from evenhand.engine.ledger.checkpoints import Checkpoint
from evenhand.engine.ledger.entries import Body
from evenhand.engine.ledger.notes import VerifierKey
from evenhand.engine.ledger.tree import Coord, LedgerError, grow, leaf_hash, root_of


class BrokenError(LedgerError):
    """The first entry that does not hold, or the first of several where no single one can be named."""

    def __init__(self, seq: int, what: str) -> None:
        super().__init__(f"entry {seq}: {what}")
        self.seq, self.what = seq, what


class Opening(Struct, frozen=True):
    """What opens an entry's commitment: the salt, and the payload's bytes."""

    salt: bytes
    payload: bytes


class Entry(Struct, frozen=True, kw_only=True):
    """An entry as it was found, with what was kept beside it."""

    seq: int
    body: bytes
    columns: Mapping[str, Any] = {}
    """Copies of the body's fields, kept for searching."""
    nodes: Mapping[Coord, bytes | None] = {}
    """The stored hashes of the subtrees that this entry completed; None where one is missing."""
    opening: Opening | None = None
    unreadable: str = ""
    """Why a payload that is there cannot be opened."""


class Signed(Struct, frozen=True):
    """A checkpoint, standing right after the last entry that it covers."""

    note: str


class Summary(Struct, frozen=True, kw_only=True):
    """What was found whole."""

    size: int
    root: bytes
    checkpoints: int
    signed: int
    """How many entries, from the first on, the last checkpoint covers."""
    payloads: int
    erased: int

    @property
    def unsigned(self) -> range:
        """The numbers of the entries behind the last checkpoint."""
        return range(self.signed, self.size)


Line = Entry | Signed


class Start(Struct, frozen=True):
    """A place behind which everything is taken for granted: a checkpoint, and the stored peaks of its tree by level."""

    checkpoint: Checkpoint
    peaks: Mapping[int, bytes]


def verify(
    lines: Iterable[Line],
    keys: Sequence[VerifierKey],
    *,
    payloads: bool,
    held: Sequence[Checkpoint] = (),
    start: Start | None = None,
) -> Summary:
    """Check every entry, node, payload and checkpoint. `payloads` says whether the lines should hold them.

    `held` are checkpoints that somebody kept elsewhere, opened already: the ledger must still agree with them, which
    shows a tail that was cut off, or a history that was written anew. From `start` on only the lines behind it are
    needed: of what it covers, the root alone is checked. Raises BrokenError.
    """
    check = _Check(keys, held, payloads=payloads)
    if start is not None:
        check.begin(start)
    for line in lines:
        if isinstance(line, Entry):
            check.entry(line)
        else:
            check.checkpoint(line.note)
    return check.summary()


class _Check:
    def __init__(self, keys: Sequence[VerifierKey], held: Sequence[Checkpoint], *, payloads: bool) -> None:
        self.keys, self.payloads = keys, payloads
        self.held = {checkpoint.size: checkpoint.root for checkpoint in held}
        self.start = self.size = self.signed = self.checkpoints = self.opened = self.erased = 0
        self.peaks: dict[int, bytes] = {}
        self.missing: set[int] = set()

    def begin(self, start: Start) -> None:
        self.start = self.size = self.signed = start.checkpoint.size
        self.peaks = dict(start.peaks)
        if root_of(self.peaks) != start.checkpoint.root:
            raise BrokenError(0, f"the tree over the first {self.size} entries is not the one that was signed")

    def entry(self, entry: Entry) -> None:
        if entry.seq != self.size:
            raise BrokenError(self.size, f"it is missing; entry {entry.seq} comes in its place")
        self._nodes(entry)
        body = self._body(entry)
        if self.payloads:
            self._payload(entry, body)
            self._erasure(entry.seq, body)
        self.size += 1
        self._held()

    def _nodes(self, entry: Entry) -> None:
        for coord, computed in grow(self.peaks, entry.seq, leaf_hash(entry.body)):
            stored = entry.nodes.get(coord, computed)
            if stored == computed:
                continue
            if stored is None:
                raise BrokenError(entry.seq, f"the node at level {coord.level}, index {coord.idx} is missing")
            if coord.level == 0:
                raise BrokenError(entry.seq, "its body does not hash to its leaf: one of the two was changed")
            raise BrokenError(
                entry.seq, f"the node at level {coord.level}, index {coord.idx} is not what its parts hash to"
            )

    def _body(self, entry: Entry) -> Body:
        try:
            body = entries.parse(entry.body)
        except LedgerError as error:
            raise BrokenError(entry.seq, str(error)) from None
        if body.seq != entry.seq:
            raise BrokenError(entry.seq, f"its body says that it is entry {body.seq}")
        for name, value in entry.columns.items():
            if getattr(body, name) != value:
                raise BrokenError(entry.seq, f"its column {name} says {value!r}, its body {getattr(body, name)!r}")
        return body

    def _payload(self, entry: Entry, body: Body) -> None:
        if entry.unreadable:
            raise BrokenError(entry.seq, f"its payload cannot be opened: {entry.unreadable}")
        if body.commit is None:
            if entry.opening:
                raise BrokenError(entry.seq, "it has a payload to which its body does not commit")
            return
        if entry.opening is None:
            self.missing.add(entry.seq)
            return
        if entries.commitment(entry.opening.salt, entry.opening.payload) != body.commit:
            raise BrokenError(entry.seq, "its payload is not the one to which its body commits")
        self.opened += 1

    def _erasure(self, seq: int, body: Body) -> None:
        target = body.erases
        if target is None:
            return
        if target < self.start:
            return
        if target not in self.missing:
            raise BrokenError(
                min(target, seq), f"entry {seq} says that the payload of entry {target} was erased: it was not"
            )
        self.missing.discard(target)
        self.erased += 1

    def checkpoint(self, note: str) -> None:
        try:
            found = checkpoints.opened(note, self.keys)
        except LedgerError as error:
            raise BrokenError(max(self.size - 1, 0), f"the checkpoint after it does not hold: {error}") from None
        if found.size > self.size:
            raise BrokenError(self.size, f"it is missing: a checkpoint was signed over {found.size} entries")
        if found.size < self.size:
            raise BrokenError(found.size, f"a checkpoint over {found.size} entries stands after {self.size} of them")
        if found.root != root_of(self.peaks):
            raise BrokenError(
                self.signed, f"the entries {self.signed} to {self.size - 1} are not those that were signed"
            )
        self.signed = self.size
        self.checkpoints += 1

    def _held(self) -> None:
        if self.size in self.held and self.held[self.size] != root_of(self.peaks):
            raise BrokenError(
                self.signed, f"the first {self.size} entries are not those of the checkpoint that you hold"
            )

    def summary(self) -> Summary:
        if max(self.held, default=0) > self.size:
            raise BrokenError(self.size, f"it is missing: the checkpoint that you hold covers {max(self.held)} entries")
        if self.missing:
            raise BrokenError(min(self.missing), "its payload is missing, and no entry says that it was erased")
        return Summary(
            size=self.size,
            root=root_of(self.peaks),
            checkpoints=self.checkpoints,
            signed=self.signed,
            payloads=self.opened,
            erased=self.erased,
        )
