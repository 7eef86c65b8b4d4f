"""Puts together where checkpoints are published: the connectors of the configured places."""

from __future__ import annotations

from pathlib import Path

from evenhand.connectors.checkpoints import Address, Folder
from evenhand.desk.audit import services as audit
from evenhand.desk.audit.queries import publications
from evenhand.runtime import config


def publish() -> int:
    """Bring the last checkpoint to every configured place that is due."""
    return audit.publish(places())


def places() -> list[audit.Place]:
    settings = config.current()
    found: list[audit.Place] = []
    if name := publications.folder():
        found.append(Folder(name, Path(settings.checkpoint_dir).expanduser()))
    if name := publications.address():
        found.append(Address(name, settings.checkpoint_url, allow_private=settings.allow_private))
    return found
