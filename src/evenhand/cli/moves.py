"""What a platform document would move in the queue, for `evenhand apply` to show before it asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from evenhand.desk.cases.queries.moves import Move, Moves
    from evenhand.engine.platform import Platform


def show(document: Platform) -> None:
    """Says nothing where the order stays as it is, or nothing waits."""
    from evenhand.desk.cases.queries import moves
    from evenhand.desk.policies import queries

    if not moves.concerns(queries.current(fresh=True).platform, document):
        return
    found = moves.moves(document)
    if found.open:
        click.echo("\n".join(lines(found)))


def lines(found: Moves) -> Iterator[str]:
    yield f"In the queue: of {found.open:,} cases, {found.changed:,} would change place and {found.lanes:,} lane."
    if found.left_out:
        yield f"  Not counted: {found.left_out:,} that were ranked by an earlier version of the desk."
    if found.biggest:
        yield "  The biggest moves:"
        yield from map(_line, found.biggest)
        arrived = [one for one in found.after if one.before > len(found.before)]
        yield f"  New among the first {len(found.after)}: {len(arrived)}" + (":" if arrived else ".")
        yield from map(_line, arrived)


def _line(one: Move) -> str:
    policy = one.policy or "no policy"
    return f"    case {one.case.pk} ({one.case.item_type}, {policy}): from place {one.before:,} to {one.after:,}"
