"""API keys: made and shown once, revoked, and when each was last used."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from evenhand.desk.accounts.key_cache import CACHE
from evenhand.desk.accounts.models import ApiKey, User
from evenhand.desk.accounts.services.impatient import TooBusy, brief_write
from evenhand.desk.accounts.services.refused import Refused
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record

MODERATE = "moderate"
SCOPES = ("ingest", "report", "act", "read", MODERATE)
"""What a key may do: send items and events; send reports and appeals; ask for actions; read; decide for a person."""
TOUCH_SECONDS = 60
_PREFIX_LENGTH = 12
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def digest(raw: str) -> str:
    """What is kept of a key. It has 256 random bits: a slow hash would add nothing."""
    return hashlib.sha256(raw.encode()).hexdigest()


def parse_scopes(text: str) -> list[str]:
    """ "ingest,report" in the order of SCOPES. Raises Refused: an unknown scope, or none."""
    return _scopes(part.strip() for part in text.split(",") if part.strip())


@transaction.atomic
def create_key(name: str, scopes: Iterable[str], *, by: str, acts_as: User | None = None) -> str:
    """The key itself, which the desk cannot show again. A name is never used twice: events carry it for ever.

    `acts_as`: whose decisions a key of scope `moderate` makes.
    Raises Refused: a name that is not one or is taken, an unknown scope, no scope, `moderate` without a person who is
    active, a person without `moderate`.
    """
    if not _NAME.fullmatch(name):
        raise Refused(
            _("“%(name)s” cannot be a key's name: up to 64 letters, digits, dots, dashes.") % {"name": name}, "name"
        )
    if ApiKey.objects.filter(name=name).exists():
        raise Refused(_("There is, or was, a key named “%(name)s”. Choose another name.") % {"name": name}, "name")
    wanted = _scopes(scopes)
    _stands_for(wanted, acts_as)
    raw = f"evh_{secrets.token_urlsafe(32)}"
    ApiKey.objects.create(
        name=name,
        prefix=raw[:_PREFIX_LENGTH],
        digest=digest(raw),
        scopes=wanted,
        acts_as=acts_as,
        created_at=timezone.now(),
        created_by=by,
    )
    told = {"acts_as": f"user:{acts_as.pseudonym}"} if acts_as else {}
    payload = {"scopes": wanted, "prefix": raw[:_PREFIX_LENGTH], **told}
    record(Act.KEY_CREATED, actor=by, obj=f"key:{name}", payload=payload)
    transaction.on_commit(CACHE.clear)
    return raw


def create_program(name: str, *, person: User) -> str:
    """A key that decides in the name of this very person, in whose session a second factor was given: it outlives the
    session. Raises Refused."""
    if not person.second_factor:
        raise Refused(_("A key that decides in your name is made only after your second factor."))
    return create_key(name, [MODERATE], by=f"user:{person.pseudonym}", acts_as=person)


def end_program(name: str, *, person: User) -> bool:
    """One's own opens nothing from now on; False when it was revoked before. Raises Refused: it is not theirs."""
    if not ApiKey.objects.filter(name=name, acts_as=person).exists():
        raise Refused(_("You have no key named “%(name)s”.") % {"name": name}, "name")
    return revoke_key(name, by=f"user:{person.pseudonym}")


@transaction.atomic
def revoke_key(name: str, *, by: str) -> bool:
    """It opens nothing from now on (other processes: within 2 s). False when it was revoked before.

    Raises Refused: no such key.
    """
    found = ApiKey.objects.select_for_update().filter(name=name).first()
    if found is None:
        raise Refused(_("There is no key named “%(name)s”.") % {"name": name}, "name")
    if found.revoked_at is not None:
        return False
    found.revoked_at = timezone.now()
    found.save(update_fields=["revoked_at"])
    record(Act.KEY_REVOKED, actor=by, obj=f"key:{name}")
    transaction.on_commit(CACHE.clear)
    return True


def touch_key(name: str) -> bool:
    """Note that the key is in use. False when the database was too busy for something that matters so little."""
    now = timezone.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - timedelta(seconds=TOUCH_SECONDS))
    try:
        with brief_write():
            ApiKey.objects.filter(stale, name=name).update(last_used_at=now)
    except TooBusy:
        return False
    return True


def _stands_for(scopes: Iterable[str], person: User | None) -> None:
    """Raises Refused: a program would decide in nobody's name, or a name is given for nothing."""
    if MODERATE in scopes and person is None:
        raise Refused(_("A key of scope moderate decides for a person: say for whom, on the command line."), "scopes")
    if MODERATE not in scopes and person is not None:
        raise Refused(_("Only a key of scope moderate acts as a person."), "scopes")
    if person is not None and not person.is_active:
        raise Refused(_("%(name)s may not come in any more.") % {"name": person.pseudonym}, "scopes")


def _scopes(scopes: Iterable[str]) -> list[str]:
    given = set(scopes)
    if unknown := sorted(given - set(SCOPES)):
        raise Refused(
            _("There is no scope “%(scope)s”. Scopes: %(scopes)s.")
            % {"scope": "”, “".join(unknown), "scopes": ", ".join(SCOPES)},
            "scopes",
        )
    if not given:
        raise Refused(_("A key needs a scope: one or more of %(scopes)s.") % {"scopes": ", ".join(SCOPES)}, "scopes")
    return [scope for scope in SCOPES if scope in given]
