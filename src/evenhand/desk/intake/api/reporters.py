"""Who reports: a user of the platform, a rule, a partner, a trusted flagger, or nobody known."""

from __future__ import annotations

from evenhand.desk.intake.api.drafts import Draft
from evenhand.desk.intake.reading.items import Names
from evenhand.engine.model import Reporter, ReporterKind


def reporter(
    draft: Draft, kind: ReporterKind | None, type_id: str | None, id_: str | None, *, at: str, names: Names
) -> Reporter | None:
    """A user is named by type and id, which are checked; the others by an id of their own. Without a kind: a user."""
    match kind:
        case None | "user":
            return _user(draft, type_id, id_, at, names)
        case "anonymous":
            return Reporter(kind)
    if not id_:
        draft.problem(f"{at}/{names.id}", f"A reporter of kind {kind} needs its id.", "rule-1")
        return None
    return Reporter(kind, id=draft.id(id_, f"{at}/{names.id}"))


def _user(draft: Draft, type_id: str | None, id_: str | None, at: str, names: Names) -> Reporter | None:
    if not type_id:
        draft.problem(f"{at}/{names.type}", f"A user who reports needs `{names.type}`.", "user")
    if not id_:
        draft.problem(f"{at}/{names.id}", f"A user who reports needs `{names.id}`.", "user-1")
    if not type_id or not id_:
        return None
    ref = draft.ref(type_id, id_, at, names, "user")
    return None if ref is None else Reporter("user", id=ref.id, type=ref.type)
