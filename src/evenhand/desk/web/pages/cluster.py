"""What stands together with a case: the most typical item, some that differ most, the outliers; and how their like were
decided before."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from evenhand.desk.cases.queries import Case, alike, clusters
from evenhand.desk.cases.queries.alike import Role, Shown
from evenhand.desk.enforcement.queries import batches
from evenhand.desk.enforcement.queries.batches import Like
from evenhand.desk.enforcement.services import TYPED_ABOVE
from evenhand.desk.policies.queries import Snapshot
from evenhand.desk.web.pages.timeline import way_title
from evenhand.engine.text.diff import Piece


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
    some = clusters.newest_first(case, alike.MOST_COMPARED) if size.cases > 1 else []
    return ClusterPart(
        cases=size.cases,
        authors=size.authors,
        since=size.since,
        upto=clusters.newest(case),
        members=[_member(one, case) for one in alike.shown(some)],
        compared=len(some),
        proposal=proposal(like, snapshot) if like else None,
        typed=size.cases > TYPED_ABOVE,
    )


def proposal(like: Like, snapshot: Snapshot) -> Proposal:
    return Proposal(
        like.count, like.total, way_title(like.kind, [one for one, _ in like.actions], like.policy, snapshot)
    )


def _member(one: Shown, case: Case) -> Member:
    return Member(
        case=one.case.pk,
        role=one.role,
        author=one.case.author_id,
        pieces=one.pieces,
        media=len(one.known.item.media),
        this=one.case.pk == case.pk,
    )
