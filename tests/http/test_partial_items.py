"""A running desk asks the platform for a post that was reported by its id alone, and shows what it is told."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from evenhand.connectors.webhooks import verify
from tests.support import platform
from tests.support.desk import evenhand, serving
from tests.support.platform import Client

POST = platform.item("p1", "the words themselves")
ANN = {"id": "ann", "typeId": "account", "data": {"handle": "Ann of the harbour"}}


class Knowing(BaseHTTPRequestHandler):
    """A platform that knows one post and its author. It keeps what it was asked."""

    heard: list[tuple[dict[str, str], bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
        asked = [(item["typeId"], item["id"]) for item in json.loads(body)["items"]]
        answer = json.dumps({"items": [one for one in (POST, ANN) if (one["typeId"], one["id"]) in asked]}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def knowing():
    Knowing.heard = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Knowing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_what_was_reported_by_its_id_becomes_known_with_its_author(tmp_path, knowing):
    file = platform.write(tmp_path, hooks=f"http://{knowing}/hooks")
    asks = f'partial_items_url = "http://{knowing}/items"\npartial_items_headers = {{ X-Who = "desk" }}\n'
    file.write_text(asks + file.read_text())
    env = {"EVENHAND_ALLOW_PRIVATE": knowing}
    evenhand("apply", file, "--yes", data=tmp_path, env=env)
    key = evenhand("keys", "create", "platform", "--scope", "report,read", data=tmp_path, env=env).strip()
    printed = evenhand("webhooks", "secret", "partial_items", data=tmp_path, env=env)
    [public] = [line for line in printed.splitlines() if line.startswith("whpk_")]
    with serving(tmp_path, env=env) as desk, Client(desk.url, key) as client:
        reporter = {"kind": "user", "type": "account", "id": "r1"}
        item = {"type": "post", "id": "p1", "data": {}, "partial": True}
        report = {"item": item, "reporter": reporter, "reported_at": "2026-01-31T12:00:00Z"}
        assert client.post("/api/v2/reports", {"reports": [report]}).status < 300
        assert _whole(client, "post", "p1")["data"]["text"] == "the words themselves"
        assert _whole(client, "account", "ann")["data"]["handle"] == "Ann of the harbour"
    for headers, body in Knowing.heard:
        assert headers["x-who"] == "desk"
        assert headers["coop-signature"]
        assert verify(body, headers, [public])
    asked = [item["id"] for _, body in Knowing.heard for item in json.loads(body)["items"]]
    assert sorted(asked) == ["ann", "p1"], "each once"


def _whole(client: Client, type_: str, id_: str, seconds: float = 30) -> dict:
    deadline = time.monotonic() + seconds
    while True:
        answer = client.get(f"/api/v2/items/{type_}/{id_}")
        if answer.status == 200 and not answer.body["partial"]:
            return answer.body
        assert time.monotonic() < deadline, answer
        time.sleep(0.2)
