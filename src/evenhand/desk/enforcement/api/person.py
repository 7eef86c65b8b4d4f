"""Who acts behind a key of scope `moderate`, which cases they see, and how they are refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from evenhand.desk.accounts import queries as accounts
from evenhand.desk.accounts.permissions import Permission, allowed
from evenhand.desk.accounts.queries import User
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.queries import Case, history, looks
from evenhand.desk.cases.queries.sight import sight
from evenhand.desk.enforcement.queries import listing
from evenhand.desk.enforcement.queries.listing import Decision, SecondLook
from evenhand.desk.enforcement.services import CannotUndo, Conflict, Invalid, NeedsConfirmation, NeedsTyping
from evenhand.desk.intake.api.operations import Call
from evenhand.desk.intake.api.refusals import ASKS_BACK, HELD, INVALID, NOT_FOUND, NOT_YOURS, Refused
from evenhand.desk.intake.reading.nesting import json_value
from evenhand.desk.intake.reading.problems import Problem, Unfit

_MOST_DIGITS = 18
_UID = re.compile(r"[0-9a-f]{32}")


def deciding(call: Call) -> User:
    """The person, asked anew in each request: who left or lost the role is refused at once. Raises Refused."""
    user = accounts.behind(call.key)
    if user is None:
        raise Refused(NOT_YOURS, f'The person behind the key "{call.source}" may not come in any more.')
    if not allowed(user, Permission.DECIDE):
        raise Refused(NOT_YOURS, f"{user.pseudonym} has no role that decides cases.")
    return user


def sees(user: User, case: Case) -> bool:
    return sight(user).sees(case)


def number(given: str) -> int:
    """The number that a path names; 0, which nothing has, when it is none."""
    return int(given) if given.isascii() and given.isdecimal() and len(given) <= _MOST_DIGITS else 0


def is_uid(given: str) -> bool:
    return _UID.fullmatch(given) is not None


def seen(call: Call, user: User) -> Case:
    """The case of the path. Raises Refused, also when it is not for this person: its number tells nothing."""
    given = call.path["id"]
    case = history.case(number(given))
    if case is None or not sees(user, case):
        raise Refused(NOT_FOUND, f"There is no case {given[:_MOST_DIGITS]}, or it is in a queue that is not theirs.")
    return case


def seen_decision(call: Call, user: User) -> Decision | SecondLook:
    """The decision of the path. Raises Refused, also when its case is not for this person."""
    given = call.path["id"]
    found = listing.decision(given) if is_uid(given) else None
    if found is None or (found.case is not None and not sees(user, found.case)):
        raise Refused(NOT_FOUND, "There is no such decision, or its case is in a queue that is not theirs.")
    return found


def close_looks(case: Case, user: User) -> None:
    """What was opened for the case is not looked at any more."""
    for view in looks.open_views(case.pk, user):
        cases.close_media(view, user)


def plain(value: Any, at: str) -> Any:
    """JSON that can be kept. Raises Refused."""
    try:
        return json_value(value)
    except Unfit as wrong:
        raise Refused(INVALID, problems=[Problem(at, wrong.reason)]) from None


@contextmanager
def told() -> Iterator[None]:
    """What the services refuse, in the API's own shape."""
    try:
        yield
    except NeedsConfirmation as why:
        raise Refused(ASKS_BACK, str(why)) from None
    except NeedsTyping as why:
        said = f"This decides {why.count} cases at once. Send it with `confirm: {why.count}` when a person wants that."
        raise Refused(ASKS_BACK, said) from None
    except Conflict as conflict:
        when = f" ({conflict.when:%Y-%m-%d %H:%M:%S} UTC)" if conflict.when else ""
        raise Refused(HELD, f"{conflict}{when}") from None
    except Invalid as wrong:
        raise Refused(INVALID, problems=[Problem("", problem) for problem in wrong.problems]) from None
    except cases.Barred as barred:
        raise Refused(NOT_YOURS, str(barred)) from None
    except cases.NoSuchCase as none:
        raise Refused(NOT_FOUND, str(none)) from None
    except (cases.CaseError, CannotUndo) as why:
        raise Refused(HELD, str(why)) from None
