"""What stands together with a case: the most typical item, some that differ most, the outliers; and how their like were
decided before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from evenhand.desk.cases.queries import Case, clusters
from evenhand.desk.cases.services import clustering
from evenhand.desk.enforcement.queries import batches
from evenhand.desk.enforcement.queries.batches import Like
from evenhand.desk.enforcement.services import TYPED_ABOVE
from evenhand.desk.intake.queries import items
from evenhand.desk.intake.queries.items import Known
from evenhand.desk.policies.queries import Snapshot
from evenhand.desk.web.pages.diff import Piece, diff
from evenhand.desk.web.pages.timeline import way_title
from evenhand.engine.model import Ref
from evenhand.engine.triage import samples

MOST_COMPARED = 60
"""Members that are looked through for what is shown: of a larger cluster the newest."""
Role = Literal["typical", "other", "outlier"]


class Member(Struct, frozen=True):
    """A case of the cluster, with what its item says otherwise than the typical one."""

    case: int
    role: Role
    author: str
    pieces: list[Piece]
    media: int
    this: bool
    """It is the case of the page."""


class Proposal(Struct, frozen=True):
    """How people decided the most of its like. `all`: nobody decided one of them otherwise."""

    count: int
    total: int
    title: str

    @property
    def all(self) -> bool:
        return self.count == self.total


class ClusterPart(Struct, frozen=True):
    cases: int
    authors: int
    since: datetime | None
    upto: int
    """The newest of its cases that the page knows of."""
    members: list[Member]
    compared: int
    proposal: Proposal | None
    typed: bool
    """So many that their number has to be typed."""

    @property
    def several(self) -> bool:
        return self.cases > 1


def cluster_part(case: Case, snapshot: Snapshot) -> ClusterPart | None:
    """None for a case that stands alone, and whose like nobody has decided."""
    if case.cluster_id is None or case.state != Case.State.OPEN:
        return None
    size = clusters.size(case)
    like = batches.like(case.cluster_id)
    if size.cases < 2 and like is None:  # noqa: PLR2004 (one is no cluster)
        return None
    some = clusters.newest_first(case, MOST_COMPARED) if size.cases > 1 else []
    return ClusterPart(
        cases=size.cases,
        authors=size.authors,
        since=size.since,
        upto=clusters.newest(case),
        members=_members(some, case) if some else [],
        compared=len(some),
        proposal=proposal(like, snapshot) if like else None,
        typed=size.cases > TYPED_ABOVE,
    )


def proposal(like: Like, snapshot: Snapshot) -> Proposal:
    return Proposal(
        like.count, like.total, way_title(like.kind, [one for one, _ in like.actions], like.policy, snapshot)
    )


def _members(some: Sequence[Case], case: Case) -> list[Member]:
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
    return [_member(*cases[name], role, typical, case) for name, role in roles]


def _member(one: Case, known: Known, role: Role, typical: str, case: Case) -> Member:
    text = known.item.text
    return Member(
        case=one.pk,
        role=role,
        author=one.author_id,
        pieces=[Piece("same", text)] if role == "typical" else diff(typical, text),
        media=len(known.item.media),
        this=one.pk == case.pk,
    )
