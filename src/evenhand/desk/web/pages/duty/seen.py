"""What was seen, and what limits there are, with the names of policies."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from evenhand.desk.duty.queries import sparing
from evenhand.desk.duty.queries.sparing import Seen
from evenhand.desk.policies import queries as policies
from evenhand.desk.web.pages.reports import policy_name
from evenhand.engine.platform import Policy


class Line(Struct, frozen=True):
    """One kind of harm, with the policy that limits it."""

    name: str
    seen: Seen
    limit: Policy | None

    @property
    def looks(self) -> int:
        return int(self.limit.looks_a_day) if self.limit else 0

    @property
    def clear(self) -> int:
        return int(self.limit.clear_seconds_a_day) if self.limit else 0


def table(found: Sequence[Seen]) -> list[Line]:
    snapshot = policies.current()
    return [Line(policy_name(one.kind or None, snapshot), one, snapshot.policies.get(one.kind)) for one in found]


def limits() -> list[Policy]:
    """The policies that set any."""
    return [one for one in policies.current().policies.values() if sparing.limits(one)]
