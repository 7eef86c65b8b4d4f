"""From the desk's message to the body of a webhook: Coop's shape key by key, and for all others the same and more.

Keys are sorted, so that the same message has the same bytes in every attempt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

Message = Mapping[str, Any]
Shape = dict[str, Any]
_json = msgspec.json.Encoder(order="sorted")


def render(kind: str, message: Message, signature: str) -> bytes:
    """The body of a message of this kind (action, appeal, ignore, page, digest, test), as this signature has it.

    Raises KeyError: no such kind, or the message lacks what its kind needs.
    """
    coop, more = _SHAPES[kind]
    body = coop(message) if signature == "coop" else {"type": kind} | coop(message) | more(message)
    return _json.encode(body)


def _action(message: Message) -> Shape:
    action = message["action"]
    body = {
        "action": {"id": action["id"]},
        "custom": {**action["custom"], **action["parameters"]},
        "item": message["item"],
        "policies": message["policies"],
        "rules": [],
    }
    if message["note"]:
        body["actorNote"] = message["note"]
    return _by_person(body, message) if message["byPerson"] else body


def _by_person(body: Shape, message: Message) -> Shape:
    """What Coop adds when a moderator decided. It sends an address; ours is made of the pseudonym and leads nowhere."""
    reason = message["decision"]["reason"]
    history = [{"reporter": reporter} for reporter in message["reporters"]]
    custom = {"reason": reason, "reportHistory": history} if reason else {"reportHistory": history}
    body |= {
        "actorEmail": f"{message['actor']}@evenhand.invalid",
        "custom": custom | body["custom"],
        "userStrikeCount": 0,
    }
    if reason:
        body["decisionReason"] = reason
    if message["creator"]:
        body["creator"] = message["creator"]
    return body


def _more_of_action(message: Message) -> Shape:
    decision = message["decision"]
    more = {
        "id": message["id"],
        "parameters": message["action"]["parameters"],
        "decision": {
            "id": decision["id"],
            "kind": decision["kind"],
            "decidedAt": _iso(decision["decidedAt"]),
            "policyVersion": decision["policyVersion"],
            "actor": message["actor"],
        },
        "statementOfReasons": {
            "explanation": decision["reason"],
            "policies": [{"id": policy["id"], "name": policy["name"]} for policy in message["policies"]],
            "policyVersion": decision["policyVersion"],
            "afterReports": bool(message["reporters"]),
            "automatedDecision": not message["byPerson"],
        },
    }
    if told := message.get("told"):
        more["statementOfReasons"]["message"] = told
    if message["undoes"]:
        more["undoes"] = message["undoes"]
    if hold := message.get("hold"):
        more["hold"] = {"until": _iso(hold["until"]), "statements": hold["statements"]}
    return more


def _appeal(message: Message) -> Shape:
    kept = ("appealDecision", "appealId", "appealedBy", "item")
    return {"custom": {}} | {key: message[key] for key in kept}


def _more_of_appeal(message: Message) -> Shape:
    return {
        "decision": {"id": message["decision"]},
        "decisionReason": message["decisionReason"],
        "statementOfReasons": {"explanation": message["decisionReason"], "automatedDecision": False},
    }


def _ignore(message: Message) -> Shape:
    return {"id": message["item"]["id"], "typeId": message["item"]["typeId"], "data": message["data"]}


def _more_of_ignore(message: Message) -> Shape:
    return {"decision": {"id": message["decision"]}}


def _test(_message: Message) -> Shape:
    return {"type": "test", "note": "The desk tries this destination. Nothing was decided; answer with 2xx."}


def _page(message: Message) -> Shape:
    """To a person, not to a platform: words and a link, never what the case is about."""
    return {key: message[key] for key in ("title", "text", "link", "urgent")}


def _nothing(_message: Message) -> Shape:
    return {}


def _iso(micros: int) -> str:
    return datetime.fromtimestamp(micros / 1_000_000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


_SHAPES: Mapping[str, tuple[Callable[[Message], Shape], Callable[[Message], Shape]]] = {
    "action": (_action, _more_of_action),
    "appeal": (_appeal, _more_of_appeal),
    "ignore": (_ignore, _more_of_ignore),
    "test": (_test, _nothing),
    "page": (_page, _nothing),
    "digest": (_page, _nothing),
}
"""Kind → (Coop's shape, what is told beyond it)."""
