"""What the pages on webhooks say is what happens: their examples are rendered, their receiver is run."""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from evenhand.connectors.webhooks import Sent, Webhooks, mint
from evenhand.connectors.webhooks.bodies import render
from evenhand.desk.enforcement.services.retry import Policy
from evenhand.engine.platform import Destination
from tests.support.ports import HOST, free_port, is_listening
from tests.support.processes import Child

DOCS = Path(__file__).parents[3] / "docs"
REFERENCE = (DOCS / "reference" / "webhooks.md").read_text("utf-8")
HOW_TO = (DOCS / "how-to" / "receive-webhooks.md").read_text("utf-8")
DECIDED_AT = 1_795_426_200_000_000
ACTION: dict[str, Any] = {
    "id": "5c1e…",
    "action": {"id": "remove", "name": "Remove", "parameters": {"days": 3}, "custom": {"team": "blue"}},
    "undoes": None,
    "item": {"id": "p1", "typeId": "post", "typeName": "Post"},
    "creator": {"id": "u1", "typeId": "user"},
    "policies": [{"id": "doxxing", "name": "Doxxing", "penalty": "HIGH"}],
    "decision": {
        "id": "0b6f…",
        "kind": "act",
        "decidedAt": DECIDED_AT,
        "policyVersion": 7,
        "reason": "names a private person",
    },
    "actor": "calm-otter-12",
    "byPerson": True,
    "reporters": [{"id": "u2", "typeId": "user"}],
    "note": "",
    "told": {
        "text": "What was decided: Remove. It breaks the rule “Doxxing”. You can object to this on the platform.",
        "language": "en",
        "template": "act-en",
    },
}
APPEAL = {
    "appealId": "ap1",
    "appealDecision": "ACCEPT",
    "appealedBy": {"id": "u1", "typeId": "user"},
    "item": {"id": "p1", "typeId": "post"},
    "decisionReason": "it quotes a public record",
    "decision": "9d2a…",
}
SHOWN = [
    ("action", ACTION, "v1a"),
    ("action", ACTION, "coop"),
    ("appeal", APPEAL, "v1a"),
    ("appeal", APPEAL, "coop"),
    ("test", {}, "v1a"),
]


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("number", range(len(SHOWN)))
def test_each_body_in_the_reference_is_what_is_sent(number: int) -> None:
    assert json.loads(blocks(REFERENCE, "json")[number]) == json.loads(render(*SHOWN[number]))


def test_every_body_in_the_reference_is_checked() -> None:
    assert len(blocks(REFERENCE, "json")) == len(SHOWN)


def test_the_pauses_in_the_reference_are_those_that_are_kept() -> None:
    units = {"s": 1, "min": 60, "h": 3600}
    line = re.search(r"ten attempts: ([^.]*?),\s+each up", REFERENCE)
    assert line is not None
    said = [part.split() for part in line[1].split(",")]
    assert tuple(float(number) * units[(unit or ["s"])[0]] for number, *unit in said) == Policy().schedule


@pytest.fixture(scope="module")
def keys() -> tuple[str, bytes]:
    return mint("v1a")


@pytest.fixture(scope="module")
def receiver(keys, tmp_path_factory) -> Any:
    """The how-to's receiver, running."""
    [code] = blocks(HOW_TO, "python")
    file = tmp_path_factory.mktemp("receiver") / "receiver.py"
    file.write_text(code, "utf-8")
    port = free_port()
    with Child(
        [sys.executable, file], env={**os.environ, "EVENHAND_KEYS": f"{mint('v1a')[0]} {keys[0]}", "PORT": str(port)}
    ) as child:
        child.url = f"http://{HOST}:{port}/"
        while not is_listening(port):
            assert child.is_running(), child.output
        yield child


def send(receiver: Any, private: bytes, message_id: str) -> Sent:
    destination = Destination(id="app", url=receiver.url)
    wire = Webhooks(allow_private=[HOST])
    return wire.send(destination, message_id=message_id, kind="test", payload={}, secrets=[("v1a", private)])


def test_the_how_tos_receiver_acts_once_on_what_is_genuine(receiver, keys) -> None:
    assert [send(receiver, keys[1], "msg_1").status for _ in range(2)] == [204, 204]
    assert send(receiver, keys[1], "msg_2").status == 204
    receiver.wait_for("to do:")
    receiver.wait_for("to do:")
    assert sum("to do:" in line for line in receiver.output) == 2


def test_the_how_tos_receiver_refuses_what_somebody_else_signed(receiver) -> None:
    assert send(receiver, mint("v1a")[1], "msg_3").status == 401


def test_the_how_tos_receiver_has_the_25_lines_that_it_promises() -> None:
    [code] = blocks(HOW_TO, "python")
    assert len([line for line in code.splitlines() if line.strip()]) == 25
