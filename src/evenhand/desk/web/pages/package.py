"""What goes into a package: facts of one case and its subject, in words without live links; nothing of anybody else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
from django.template.loader import render_to_string
from django.utils import timezone, translation
from msgspec import Struct

from evenhand.desk.accounts.queries import User
from evenhand.desk.audit import keys
from evenhand.desk.cases.queries import Case, history
from evenhand.desk.fields import from_micros
from evenhand.desk.media.queries import alike
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies.queries import Snapshot
from evenhand.desk.referral.queries import packages
from evenhand.desk.referral.queries.packages import Package
from evenhand.desk.referral.services import For
from evenhand.desk.web.pages.around import Surroundings, surroundings
from evenhand.desk.web.pages.reports import policy_name
from evenhand.desk.web.pages.timeline import Moment
from evenhand.engine.ledger.packages import digest
from evenhand.engine.model import Item, Media, Ref
from evenhand.engine.text.defang import defang
from evenhand.engine.triage.clusters import Medium as Seen

STYLE = Path(__file__).parent.parent / "static/web/package.css"
TELLS = ("case", "decision", "appeal", "look", "version")
"""Moments of the timeline that are told; notes are the desk's own."""
SOURCES = {
    "case": "this desk",
    "decision": "a decision at this desk; its entries are under proofs/",
    "appeal": "the appeal, as it was received",
    "look": "this desk's record of who opened media",
    "version": "what the platform sent",
}
LEFT_OUT = (
    "media: only what they hash to",
    "who reported, and in which words",
    "other people's items, notes of moderators, second opinions",
    "evidence and words of signals",
)


class PackagePage(Struct, frozen=True):
    case: Case
    made: list[Package]


def package_page(case: Case) -> PackagePage:
    return PackagePage(case, packages.of_case(case.pk))


def files(case: Case, user: User, whom: For) -> dict[str, bytes]:
    """By name, without manifest and proofs. In English, whoever makes it."""
    with translation.override("en"):
        facts = _facts(case, user, whom)
        page = render_to_string("web/package/case.html", {"facts": facts, "left_out": LEFT_OUT})
    return {
        "case.json": json.dumps(facts, ensure_ascii=False, indent=1).encode(),
        "case.html": page.encode(),
        "package.css": STYLE.read_bytes(),
    }


def _facts(case: Case, user: User, whom: For) -> dict[str, Any]:
    snapshot = policies.current()
    ref, author = Ref(case.item_type, case.item_id), Ref(case.author_type, case.author_id)
    around = surroundings(ref, user, snapshot, author=author, but=case.pk)
    item = around.content.known.item if around.content.known else None
    policy = snapshot.policies.get(case.policy or "")
    pointers = not (policy and policy.child_safety) or whom.recipient == Package.Recipient.POLICE
    return {
        "made": {
            "at": _moment(timezone.now()), "by": user.pseudonym, "desk": keys.origin(),
            "for": {"kind": whom.recipient, "name": whom.name}, "why": whom.reason,
        },
        "case": _case(case, snapshot),
        "subject": _subject(around),
        "item": _item(ref, item, snapshot, pointers=pointers),
        "reports": [
            {"policy": policy_name(one.policy, snapshot), "reports": one.reports, "reporters": one.reporters}
            for one in history.report_groups(case.again_id or case.pk)
        ],
        "signals": [
            {
                "at": _moment(from_micros(one.signal.at)), "detector": one.signal.detector,
                "version": str(one.signal.version), "policy": one.policy, "probability": one.signal.probability,
            }
            for one in around.findings
        ],
        "timeline": [_told(one) for one in reversed(around.moments) if _is_told(one, around)],
        "left_out": list(LEFT_OUT),
    }  # fmt: skip


def _case(case: Case, snapshot: Snapshot) -> dict[str, Any]:
    policy = snapshot.policies.get(case.policy or "")
    return {
        "number": case.pk,
        "kind": "appeal" if case.kind == Case.Kind.APPEAL else "review",
        "state": case.state,
        "outcome": case.outcome,
        "opened_at": _moment(case.opened_at),
        "closed_at": _moment(case.closed_at),
        "platform": snapshot.platform.name,
        "policy": {"id": policy.id, "name": policy.name, "text": defang(policy.text)} if policy else None,
        "document_version": snapshot.version,
    }


def _subject(around: Surroundings) -> dict[str, Any] | None:
    author = around.author
    if author is None:
        return None
    return {
        "type": author.ref.type,
        "id": author.ref.id,
        "name": defang(author.name),
        "joined_at": _moment(author.joined),
        "decided_before": author.record.decided,
        "upheld_before": author.record.upheld,
    }


def _item(ref: Ref, item: Item | None, snapshot: Snapshot, *, pointers: bool) -> dict[str, Any]:
    type_ = snapshot.item_types.get(ref.type)
    told: dict[str, Any] = {"type": ref.type, "type_name": type_.name if type_ else ref.type, "id": ref.id}
    if item is None:
        return told
    words = [field.name for field in type_.fields if field.type == "STRING"] if type_ else []
    hashes = alike.hashes([ref]).get(ref, {})
    return told | {
        "created_at": _moment(from_micros(item.created_at)) if item.created_at else None,
        "deleted_on_platform": item.deleted,
        "texts": [_text(name, item.data[name]) for name in words if isinstance(item.data.get(name), str)],
        "fields_sha256": digest(msgspec.json.encode(item.data, order="sorted")),
        "fields_hashed_as": "JSON without spaces, keys sorted, in UTF-8",
        "media": [_medium(one, hashes.get(one.url), pointers=pointers) for one in item.media],
    }


def _text(name: str, text: str) -> dict[str, Any]:
    shown = defang(text)
    return {"field": name, "text": shown, "sha256": digest(text.encode()), "defanged": shown != text}


def _medium(medium: Media, seen: Seen | None, *, pointers: bool) -> dict[str, Any]:
    """Never its bytes; its address only where that may be told."""
    exact = dict(one.partition(":")[::2] for one in seen.exact) if seen else {}
    found = exact | ({"pdq": seen.pdq} if seen and seen.pdq else {})
    return {
        "kind": medium.kind,
        "field": medium.field,
        "address": defang(medium.url) if pointers else None,
        "address_sha256": digest(medium.url.encode()),
        "hashes_found_by_the_desk": found,
        "hashes_sent_by_the_platform": dict(medium.hashes),
    }


def _is_told(moment: Moment, around: Surroundings) -> bool:
    """On this item; an appeal only as its author's own."""
    by_other = moment.kind == "appeal" and around.author is not None and moment.who != around.author.ref.id
    return moment.kind in TELLS and moment.about is None and not by_other


def _told(moment: Moment) -> dict[str, Any]:
    return {
        "at": _moment(moment.at),
        "what": moment.title,
        "who": moment.who,
        "text": defang(moment.text),
        "taken_back": moment.struck,
        "source": SOURCES[moment.kind],
    }


def _moment(at: Any) -> str | None:
    return at.isoformat() if at else None
