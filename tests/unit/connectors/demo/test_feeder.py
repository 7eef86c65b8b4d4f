"""The feeder sends everything once, in batches; it is patient with a busy desk, and tells its own mistakes."""

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from evenhand.connectors.demo import api as api_module
from evenhand.connectors.demo import feeder as feeder_module
from evenhand.connectors.demo.api import Api, DeskGone, DeskRefused
from evenhand.connectors.demo.feeder import Feeder
from evenhand.connectors.demo.plan import plan
from evenhand.connectors.demo.platform import Platform
from evenhand.connectors.demo.scene import Day, Scene
from evenhand.connectors.demo.town import residents
from tests.support.ports import free_port


class Desk:
    """Answers like a desk: with the planned statuses first, then always 202."""

    def __init__(self):
        self.taken = []
        self.planned = []
        desk = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status = desk.planned.pop(0) if desk.planned else 202
                if status == 202:
                    desk.taken.append((self.path, body, self.headers["X-API-KEY"]))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def desk():
    desk = Desk()
    yield desk
    desk.close()


@pytest.fixture
def api(desk):
    api = Api(desk.url, "key-1")
    yield api
    api.close()


@pytest.fixture
def feeder(api):
    return Feeder(api, Platform())


def test_the_past_arrives_whole_with_items_in_batches(desk, feeder):
    calls = plan(Day(datetime(2026, 5, 1, tzinfo=UTC)), hours=2)
    counted = []
    feeder.past(calls, counted.append)
    items = [item["id"] for path, body, _ in desk.taken if path.endswith("/items/async/") for item in body["items"]]
    reports = [body for path, body, _ in desk.taken if path.endswith("/report")]
    assert items == [call.body["id"] for call in calls if call.route == "items"]
    assert len(reports) == sum(call.route == "report" for call in calls)
    assert sum(counted) == len(calls)
    assert {key for _, _, key in desk.taken} == {"key-1"}


def test_a_busy_desk_is_asked_again(desk, feeder):
    desk.planned = [503, 429]
    scene = Scene("test", Day(datetime(2026, 5, 1, tzinfo=UTC)))
    feeder.past([scene.sent(0, scene.post(0, residents()[0], "hello"))], lambda _: None)
    assert len(desk.taken) == 1


def test_a_call_that_the_desk_refuses_is_told_with_its_words(desk, api):
    desk.planned = [400]
    with pytest.raises(DeskRefused, match="POST /api/v1/report was answered 400"):
        api.send("report", {})


def test_a_desk_that_is_gone_is_told_after_a_while(monkeypatch):
    monkeypatch.setattr(api_module, "PATIENCE_SECONDS", 0.3)
    with pytest.raises(DeskGone, match="has not taken a call"):
        Api(f"http://127.0.0.1:{free_port()}", "key-1").send("report", {})


def test_the_present_waits_for_its_moment_and_stops_when_told(desk, feeder):
    day = Day(datetime.now(UTC) - timedelta(seconds=1))
    scene = Scene("test", day)
    calls = [scene.sent(at, scene.post(at, residents()[0], "hello")) for at in (0.1, 0.2, 600)]
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    feeder.present(calls, day, stop, lambda _: None)
    assert len(desk.taken) == 2


def test_who_was_struck_appeals_while_the_stream_goes_on(desk, api, monkeypatch):
    monkeypatch.setattr(feeder_module, "APPEAL_SECONDS", 0)
    platform = Platform()
    feeder = Feeder(api, platform)
    day = Day(datetime.now(UTC) - timedelta(seconds=1), number=1)
    scene = Scene("test", day)
    post = scene.post(0, residents()[0], "hello")
    platform.publish(scene.sent(0, post))
    platform.take("m1", {"action": {"id": "remove"}, "item": {"id": post["id"], "typeId": "post"}})
    feeder.present([scene.sent(0.1, scene.post(0.1, residents()[1], "hi"))], day, threading.Event(), lambda _: None)
    ((path, appeal, _),) = [taken for taken in desk.taken if taken[0].endswith("/appeal")]
    assert path == "/api/v1/report/appeal"
    assert appeal["actionedItem"] == post
    assert appeal["actionsTaken"] == ["remove"]
    assert appeal["appealedBy"]["id"] == residents()[0].handle
