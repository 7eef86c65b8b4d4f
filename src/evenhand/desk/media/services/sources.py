"""Lists of others: connected to a bank, changed, switched off and on, and agreed to when they withdraw much."""

from __future__ import annotations

import re
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.fields import now_micros
from evenhand.desk.media.errors import Invalid, NoSuch
from evenhand.desk.media.models import Source
from evenhand.desk.media.services.banks import lock_bank

FILE: Final = "file"
"""Kind of what is imported by hand."""
CHANGEABLE: Final = ("config", "every_seconds", "stale_after_seconds")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SHORTEST = 60
_SECRETS = re.compile(r"(?i)password|passwd|secret|token|credential|api_?key|[_-]key$|^key$")
_POINTERS = ("_env", "_file")


def make_source(name: str, *, bank: str, kind: str, actor: str, **more: Any) -> Source:
    """`more`: config, every_seconds, stale_after_seconds. Secrets are named in the config (`password_env`,
    `password_file`), never written there. Raises Invalid, NoSuch."""
    check_name(name)
    with transaction.atomic():
        kept = lock_bank(bank)
        if Source.objects.filter(name=name, removed_at__isnull=True).exists():
            raise Invalid(f"There is a list {name} already.")
        source = Source(name=name, kind=kind, bank=kept, made_at=timezone.now())
        if kind == FILE:
            source.every_seconds = source.stale_after_seconds = 0
        changed = _apply(source, more)
        source.next_at = timezone.now() if source.every_seconds else None
        source.save()
        payload = {"bank": bank, "kind": kind, "changed": sorted(changed)}
        record(Act.LIST_MADE, actor=actor, obj=f"list:{name}", payload=payload)
    return source


def check_name(name: str) -> None:
    """Raises Invalid."""
    if not _NAME.fullmatch(name):
        raise Invalid(f"“{name[:60]}” is no name for a list: letters, digits, dots, - and _, at most 64.")


def change_source(name: str, *, actor: str, enabled: bool | None = None, **changes: Any) -> Source:
    """Raises Invalid, NoSuch."""
    with transaction.atomic():
        source = lock_source(name)
        changed: dict[str, Any] = dict.fromkeys(_apply(source, changes), True)
        if enabled is not None and enabled != (source.disabled_at is None):
            source.disabled_at = None if enabled else timezone.now()
            changed["enabled"] = enabled
        live = source.disabled_at is None and source.every_seconds
        source.next_at = (source.next_at or timezone.now()) if live else None
        source.save()
        if changed:
            record(Act.LIST_CHANGED, actor=actor, obj=f"list:{name}", payload=changed)
    return source


def ask_now(name: str) -> None:
    """Synchronise at the next turn. Raises NoSuch."""
    found = Source.objects.filter(name=name, disabled_at__isnull=True, removed_at__isnull=True).exclude(kind=FILE)
    if not found.update(next_at=now_micros()):
        raise NoSuch(f"There is no list {name[:64]} that can be synchronised: it is unknown, off, or a file.")


def lock_source(name: str) -> Source:
    """In the caller's transaction. Raises NoSuch."""
    live = Source.objects.filter(removed_at__isnull=True)
    source = live.select_for_update(of=("self",)).select_related("bank").filter(name=name).first()
    if source is None:
        known = ", ".join(live.order_by("name").values_list("name", flat=True)[:20])
        raise NoSuch(f"There is no list {name[:64]}. There {f'are: {known}' if known else 'are none yet'}.")
    return source


def _apply(source: Source, changes: dict[str, Any]) -> list[str]:
    if unknown := changes.keys() - set(CHANGEABLE):
        raise Invalid(f"A list has no {', '.join(sorted(unknown))}.")
    changed = [name for name, value in changes.items() if value is not None and getattr(source, name) != value]
    for name in changed:
        setattr(source, name, changes[name])
    if source.every_seconds and source.every_seconds < _SHORTEST:
        raise Invalid(
            f"Between two looks at a list are {_SHORTEST} seconds or more, not {source.every_seconds}; 0 is only when"
            " somebody says so."
        )
    if source.stale_after_seconds < 0:
        raise Invalid("The time after which a list is stale is in seconds, and not less than 0 (never).")
    written = [key for key in source.config if _SECRETS.search(key) and not key.endswith(_POINTERS)]
    if written:
        name = written[0][:60]
        raise Invalid(
            f"Secrets are not kept here. Write {name} to a file that only the desk may read, and name the file:"
            f" {name}_file=/run/secrets/{name}; or name an environment variable of the desk: {name}_env."
        )
    return changed
