"""Turns what any version of the API says into events' bodies, under one platform document, gathering every problem."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from msgspec import UNSET, Struct

from evenhand.desk.fields import to_micros
from evenhand.desk.intake.api import bodies, documents
from evenhand.desk.intake.api.bodies import Misfit
from evenhand.desk.intake.api.documents import Document
from evenhand.desk.intake.api.refusals import INVALID, Refused
from evenhand.desk.intake.reading.items import Names, Raw
from evenhand.desk.intake.reading.problems import Problem, Unfit
from evenhand.desk.intake.reading.values import identifier, moment, text
from evenhand.engine.model import Item, ItemKind, Micros, Ref

T = TypeVar("T")
G = TypeVar("G")
B = TypeVar("B")


class Draft:
    """One thing being read. Its methods note in `problems` what is wrong; what they give is of use only without any."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []

    def item(self, raw: Raw, kind: ItemKind | None = None) -> Item | None:
        item = self.document.reader.item(raw, self.problems)
        if item is not None and kind is not None and item.kind != kind:
            at = f"{raw.at}/{raw.names.type}"
            self.problem(at, f'Item type "{item.ref.type}" is of kind {item.kind}; one of kind {kind} is needed.')
            return None
        return item

    def ref(self, type_id: str, id_: str, at: str, names: Names, kind: ItemKind | None = None) -> Ref | None:
        ref = self.document.reader.ref(type_id, id_, self.problems, at=at, names=names)
        if ref is not None and kind is not None and (found := self.kind(ref)) != kind:
            reason = f'Item type "{type_id}" is of kind {found}; one of kind {kind} is needed.'
            self.problem(f"{at}/{names.type}", reason)
            return None
        return ref

    def kind(self, ref: Ref) -> ItemKind:
        return self.document.snapshot.item_types[ref.type].kind

    def policy(self, policy_id: str | None, at: str) -> str | None:
        known = self.document.snapshot.policies
        if policy_id is not None and policy_id not in known:
            reason = f'Policy "{policy_id[:128]}" is not in the platform document.'
            self.problems.append(Problem(at, reason, next(iter(known), UNSET), "unknown"))
        return policy_id

    def action(self, action_id: str, at: str) -> str:
        known = self.document.snapshot.actions
        if action_id not in known:
            reason = f'Action "{action_id[:128]}" is not in the platform document.'
            self.problems.append(Problem(at, reason, next(iter(known), UNSET), "unknown"))
        return action_id

    def moment(self, written: str, at: str) -> Micros:
        try:
            read = moment(written)
        except Unfit as error:
            self.problem(at, error.reason, error.example)
            return 0
        if read is None:
            self.problem(at, "It is empty.", "2026-01-31T12:00:00Z")
            return 0
        return to_micros(read)

    def id(self, given: str, at: str) -> str:
        try:
            return identifier(given)
        except Unfit as error:
            self.problem(at, error.reason, error.example)
            return ""

    def text(self, written: str, at: str) -> str:
        try:
            return text(written)
        except Unfit as error:
            self.problem(at, error.reason)
            return ""

    def problem(self, at: str, reason: str, example: object = UNSET) -> None:
        self.problems.append(Problem(at, reason, example))


class Read(Struct, Generic[B], frozen=True):
    """One thing as read: its body, or else its problems."""

    body: B | None
    problems: list[Problem]


def understood(body: bytes, shape: type[T], read: Callable[[T], list[Read[B]]]) -> tuple[T, list[B]]:
    """The body as this shape, and what `read` makes of it. Raises Refused, with all that is wrong with either."""
    try:
        given = bodies.decode(body, shape)
    except Misfit as misfit:
        further = [] if misfit.rest is None else told(read(misfit.rest))
        raise Refused(INVALID, problems=misfit.and_of_rest(further)) from None
    return given, whole(read(given))


def read(given: Sequence[G], make: Callable[[Draft, G, int], B | None]) -> list[Read[B]]:
    """Each thing under the document in force; all again under a newer one before any is refused."""
    document = documents.current()
    found = [_one(document, thing, n, make) for n, thing in enumerate(given)]
    if any(one.problems for one in found) and (newest := documents.newer(document)):
        return [_one(newest, thing, n, make) for n, thing in enumerate(given)]
    return found


def whole(found: Sequence[Read[B]]) -> list[B]:
    """The bodies, when every one of them could be read. Raises Refused with all problems of all."""
    if problems := told(found):
        raise Refused(INVALID, problems=problems)
    return [one.body for one in found if one.body is not None]


def told(found: Sequence[Read[B]]) -> list[Problem]:
    return [problem for one in found for problem in one.problems]


def _one(document: Document, thing: G, n: int, make: Callable[[Draft, G, int], B | None]) -> Read[B]:
    draft = Draft(document)
    body = make(draft, thing, n)
    assert draft.problems or body is not None
    return Read(None if draft.problems else body, draft.problems)
