"""Making a case into a package for somebody outside: in the ledger before it leaves, and never kept."""

from __future__ import annotations

from collections.abc import Mapping
from secrets import token_hex
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from msgspec import Struct

from evenhand.desk.accounts.permissions import actor
from evenhand.desk.accounts.queries import User
from evenhand.desk.audit import keys
from evenhand.desk.audit import queries as ledger
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import checkpoint, record
from evenhand.desk.referral.models import Package
from evenhand.desk.referral.services.errors import CannotPackage
from evenhand.engine.ledger import packages
from evenhand.engine.ledger.packages import Manifest
from evenhand.engine.ledger.tree import LedgerError

MOST_NAME: Final = 120
MOST_REASON: Final = 1_000
MOST_PROOFS: Final = 500
"""Entries of the ledger on the case, the newest."""


class For(Struct, frozen=True):
    """Who is to get it, and why."""

    recipient: str
    name: str
    reason: str


def make(case_id: int, by: User, whom: For, files: Mapping[str, bytes]) -> tuple[Package, bytes]:
    """The package as a zip, with a proof of each ledger entry on the case and of the entry which says that it was made.

    Raises CannotPackage. What is in the ledger then is true all the same: the package was made, and not handed out.
    """
    whom = For(whom.recipient, " ".join(_clean(whom.name).split()), _clean(whom.reason).strip())
    _complete(whom)
    try:
        checkpoint(now=True)
        inside = {**files, **_proofs(case_id)}
        package, manifest, seq = _record(case_id, by, whom, inside)
        checkpoint(now=True)
        sealed = str(ledger.proof_file(seq)).encode()
    except LedgerError as error:
        raise CannotPackage(_("The ledger cannot vouch for a package now: %(error)s") % {"error": error}) from error
    return package, packages.pack({**inside, packages.MANIFEST: manifest, packages.SEAL: sealed})


def _clean(text: str) -> str:
    return text.replace("\x00", "\ufffd")


def _complete(whom: For) -> None:
    if whom.recipient not in Package.Recipient.values:
        raise CannotPackage(_("Say for whom it is: counsel, police or another platform."))
    if not 0 < len(whom.name) <= MOST_NAME:
        raise CannotPackage(_("Say who gets it, in at most %(most)s characters.") % {"most": MOST_NAME})
    if not 0 < len(whom.reason) <= MOST_REASON:
        raise CannotPackage(_("Say why, in at most %(most)s characters.") % {"most": MOST_REASON})


def _proofs(case_id: int) -> dict[str, bytes]:
    """Of what the last checkpoint covers."""
    signed = ledger.state().signed
    found = ledger.page(obj=f"case:{case_id}", limit=MOST_PROOFS).rows
    return {
        f"{packages.PROOFS}{row.seq}.tlog-proof": str(ledger.proof_file(row.seq)).encode()
        for row in found
        if row.seq < signed
    }


def _record(case_id: int, by: User, whom: For, files: Mapping[str, bytes]) -> tuple[Package, bytes, int]:
    now = timezone.now()
    manifest = packages.manifest_bytes(
        Manifest(
            format=packages.FORMAT,
            case=case_id,
            made_at=now.isoformat(),
            made_by=by.pseudonym,
            recipient={"kind": whom.recipient, "name": whom.name},
            reason=whom.reason,
            nonce=token_hex(16),
            ledger=str(keys.verifier()),
            files={name: packages.digest(content) for name, content in files.items()},
        )
    )
    digest = packages.digest(manifest)
    with transaction.atomic():
        package = Package.objects.create(
            case_id=case_id, made_by=by, made_at=now, recipient=whom.recipient, name=whom.name, reason=whom.reason,
            manifest=digest,
        )  # fmt: skip
        seq = record(
            Act.PACKAGE_MADE,
            actor=actor(by),
            obj=f"{packages.OBJECT}{digest}",
            payload={
                "case": case_id, "recipient": whom.recipient, "name": whom.name, "reason": whom.reason,
                "files": len(files),
            },
        )  # fmt: skip
    return package, manifest, seq
