"""Exposure: one's own, and of all only sums; known media are refused unless somebody says why; limits say so."""

import io
import shutil
import subprocess
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import pytest
from django.utils import timezone
from PIL import Image

from evenhand.desk.audit.models import Entry
from evenhand.desk.cases.models import Case, MediaView
from evenhand.desk.duty.models import ClearLook
from evenhand.desk.enforcement.models import Decision
from evenhand.desk.signals.models import Signal
from evenhand.engine.model import Media
from evenhand.runtime import config
from tests.desk.conftest import post, reported

HTMX = {"HX-Request": "true"}
URL = "http://127.0.0.1:9/1.png"


@pytest.fixture
def case(fold, monkeypatch):
    configured = msgspec.structs.replace(config.current(), media_hosts=("127.0.0.1",), allow_private=("127.0.0.1",))
    monkeypatch.setattr(config, "current", lambda: configured)
    fold(reported(post("p1", media=(Media("image", URL, "images"),)), "r1", "threat"))
    return Case.objects.get()


def open_it(desk, case, **more):
    return desk.post(f"/cases/{case.pk}/media/", {"type": "post", "id": "p1", "url": URL, **more}, headers=HTMX)


def known(**more):
    Signal.objects.create(
        **{
            "event_id": "e" * 32, "detector": "media:KNOWN", "version": "1", "item_type": "post", "item_id": "p1",
            "at": timezone.now(), "effect": "enqueue", "summary": "In the bank KNOWN, distance 3", "probability": 0.9,
            "evidence": {"url": URL}, **more,
        }
    )  # fmt: skip


def test_known_media_are_not_opened_without_a_reason(desk, case, text):
    known()
    answer = open_it(desk, case)
    assert "can be decided without being seen" in text(answer)
    assert "In the bank KNOWN, distance 3" in text(answer)
    assert "<img" not in answer.content.decode()
    assert not MediaView.objects.exists()


def test_with_a_reason_they_are_and_the_ledger_has_it(desk, case):
    known()
    assert "<img" in open_it(desk, case, reason="the appeal says that it is another one").content.decode()
    assert MediaView.objects.count() == 1
    assert Entry.objects.filter(act="looked_all_the_same").count() == 1


@pytest.mark.parametrize("more", [{"probability": 0.1}, {"evidence": {"url": "http://127.0.0.1:9/2.png"}}])
def test_what_no_bank_confirms_is_opened_as_usual(desk, case, more):
    known(**more)
    assert "<img" in open_it(desk, case).content.decode()


def test_a_clear_look_is_told_from_when_until_when(desk, case):
    open_it(desk, case)
    view = MediaView.objects.get()
    look = desk.post(f"/media/{view.pk}/clear/").json()["look"]
    assert desk.post(f"/media/{view.pk}/clear/", {"ended": look}).status_code == 204
    assert ClearLook.objects.get().ended_at is not None
    desk.post(f"/media/{view.pk}/close/")
    assert desk.post(f"/media/{view.pk}/clear/").status_code == 404


def test_my_exposure_is_counted_by_kind_and_nobody_elses_is_shown(desk, case, text, ben, signed_in):
    open_it(desk, case)
    page = text(desk.get("/exposure/"))
    assert "Threats 1 / 2" in page
    assert "whether filters do is unproven" in page
    other = text(signed_in(ben).get("/exposure/"))
    assert "You opened nothing." in other
    assert "Threats 1" not in other


def test_at_the_limit_queue_and_case_say_so_and_a_reason_opens_it_again(desk, case, text):
    for _ in range(2):
        open_it(desk, case)
    assert "you opened 2 media today" in text(desk.get("/"))
    assert "1 case of this kind waits for somebody else, or for tomorrow" in text(desk.get("/"))
    assert "that is as much as one person ought to" in text(desk.get(f"/cases/{case.pk}/?look"))
    assert desk.post("/queue/start/").headers["Location"] == "/"
    desk.post("/exposure/more/", {"kind": "threat", "reason": "nobody else reads it"})
    assert "you opened 2 media today" not in text(desk.get("/"))
    assert desk.post("/queue/start/").headers["Location"] == f"/cases/{case.pk}/"


def test_a_critical_case_that_comes_all_the_same_says_why(desk, case, text):
    for _ in range(2):
        open_it(desk, case)
    Case.objects.update(lane=0)
    where = desk.post("/queue/start/").headers["Location"]
    assert "nobody else is on duty: that is why it came to you" in text(desk.get(where))


def test_sums_of_fewer_than_three_people_are_not_shown(signed_in, person, case, text):
    admin = signed_in(person("ada", "admin"))
    assert "Fewer than 3 people opened anything" in text(admin.get("/exposure/"))
    for name in ("cleo", "dora", "emil"):
        MediaView.objects.create(
            case=case, viewer=person(name), item_type="post", item_id="p1", field="images", url=URL, filter="grey",
            opened_at=timezone.now() - timedelta(seconds=5), heard_at=timezone.now(), closed_at=timezone.now(),
        )  # fmt: skip
    page = text(admin.get("/exposure/"))
    assert "3 people, the last 14 days." in page
    assert "Threats 3" in page
    assert "cleo" not in page


def test_after_long_work_without_a_pause_one_is_proposed(desk, case, text, ana, platform):
    now = timezone.now()
    for minutes in range(0, 64, 8):
        Decision.objects.create(
            uid=f"{minutes:032}", kind="dismiss", item_type="post", item_id="x", decided_by=ana,
            decided_at=now - timedelta(minutes=minutes), effective_at=now,
        )  # fmt: skip
    assert "You have worked for 56 min without a pause" in text(desk.get("/"))
    ana.preferences = {"break_minutes": 0}
    ana.save()
    assert "without a pause" not in text(desk.get("/"))


@pytest.fixture
def film(case, monkeypatch, fold):
    """A platform that gives a film for whatever it is asked."""
    if not shutil.which("ffmpeg"):
        pytest.skip("ffmpeg is not installed here")
    made = subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=160x120:rate=4:duration=9", "-c:v", "mpeg4", "-f",
         "matroska", "pipe:1"],
        capture_output=True, check=True,
    ).stdout  # fmt: skip

    class Platform(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("content-type", "video/x-matroska")
            self.send_header("content-length", str(len(made)))
            self.end_headers()
            self.wfile.write(made)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Platform)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}/film"
    fold(reported(post("p1", media=(Media("video", url, "images"),)), "r2", "threat"))
    yield url
    server.shutdown()
    server.server_close()


def test_a_film_is_shown_as_six_stills_and_played_without_sound_only_on_purpose(desk, case, film):
    page = desk.post(f"/cases/{case.pk}/media/", {"type": "post", "id": "p1", "url": film}, headers=HTMX)
    view = MediaView.objects.get()
    assert f'src="/media/{view.pk}/stills/"' in page.content.decode()
    assert "muted" in page.content.decode()
    assert 'preload="none"' in page.content.decode()
    answer = desk.get(f"/media/{view.pk}/stills/")
    assert answer.headers["Content-Type"] == "image/png"
    assert "no-store" in answer.headers["Cache-Control"]
    sheet = Image.open(io.BytesIO(answer.content))
    assert (sheet.size, sheet.mode) == ((480, 240), "L")
    desk.post(f"/media/{view.pk}/close/")
    assert desk.get(f"/media/{view.pk}/stills/").status_code == 404
