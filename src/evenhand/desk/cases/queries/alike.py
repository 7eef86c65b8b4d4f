"""What is shown of cases that stand together: the most typical item, some that differ most, the outliers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from evenhand.desk.cases.models import Case
from evenhand.desk.cases.services import clustering
from evenhand.desk.intake.queries import items
from evenhand.desk.intake.queries.items import Known
from evenhand.engine.model import Ref
from evenhand.engine.text.diff import Piece, diff
from evenhand.engine.triage import samples

MOST_COMPARED = 60
"""Members that are looked through for what is shown: of a larger cluster the newest."""
Role = Literal["typical", "other", "outlier"]


class Shown(Struct, frozen=True):
    """A case, its item, and what that says otherwise than the typical one."""

    case: Case
    known: Known
    role: Role
    pieces: list[Piece]


def shown(some: Sequence[Case]) -> list[Shown]:
    """The typical one first; empty when none of their items can be compared."""
    refs = {Ref(one.item_type, one.item_id): one for one in some}
    known = items.known(list(refs))
    said = clustering.said([one.item for one in known.values()])
    named = {str(refs[ref].pk): sample for ref, sample in said.items()}
    if not named:
        return []
    chosen = samples.choose(named)
    cases = {str(one.pk): (one, known[ref]) for ref, one in refs.items() if ref in known}
    typical = cases[chosen.medoid][1].item.text
    roles: list[tuple[str, Role]] = [(chosen.medoid, "typical")]
    roles += [(name, "other") for name in chosen.diverse]
    roles += [(name, "outlier") for name in chosen.outliers]
    return [_shown(*cases[name], role, typical) for name, role in roles]


def _shown(case: Case, known: Known, role: Role, typical: str) -> Shown:
    text = known.item.text
    return Shown(case, known, role, [Piece("same", text)] if role == "typical" else diff(typical, text))
