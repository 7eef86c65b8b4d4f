"""Media open on purpose only, each view is recorded, and the bytes stream through the desk."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import pytest
from django.utils import timezone

from evenhand.desk.cases.models import Case, MediaView
from evenhand.engine.model import Media
from evenhand.runtime import config
from tests.desk.conftest import post, reported

HTMX = {"HX-Request": "true"}
PIXEL = b"\x89PNG made of nothing"


class Platform(BaseHTTPRequestHandler):
    kind, status = "image/png", 200

    def do_GET(self):
        self.send_response(self.status)
        self.send_header("content-type", self.kind)
        self.send_header("content-length", str(len(PIXEL)))
        self.send_header("set-cookie", "spy=1")
        self.end_headers()
        self.wfile.write(PIXEL)

    def log_message(self, *_):
        pass


@pytest.fixture
def pictures(monkeypatch):
    """A platform's picture server that the desk may ask; the class that answers can be changed."""

    class Answering(Platform):
        pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Answering.url = f"http://127.0.0.1:{server.server_address[1]}/1.png"
    allowed = {"media_hosts": ("127.0.0.1",), "allow_private": (f"127.0.0.1:{server.server_address[1]}",)}
    configured = msgspec.structs.replace(config.current(), **allowed)
    monkeypatch.setattr(config, "current", lambda: configured)
    yield Answering
    server.shutdown()
    server.server_close()


@pytest.fixture
def shown(fold, pictures):
    fold(reported(post("p1", media=(Media("image", pictures.url, "images"),))))
    return Case.objects.get()


def open_it(desk, case, url, **more):
    form = {"type": "post", "id": "p1", "url": url, **more}
    return desk.post(f"/cases/{case.pk}/media/", form, headers=HTMX)


def test_opening_records_who_what_and_through_which_filter_and_shows_it_veiled(desk, shown, pictures, ana):
    answer = open_it(desk, shown, pictures.url)
    view = MediaView.objects.get()
    assert (view.viewer, view.url, view.field, view.filter) == (ana, pictures.url, "images", "grey+blur")
    page = answer.content.decode()
    assert f'<div class="veil"><img src="/media/{view.pk}/"' in page
    assert f'src="{pictures.url}' not in page
    assert f'href="{pictures.url}' not in page


def test_the_bytes_come_through_the_desk_and_are_kept_by_nobody(desk, shown, pictures):
    open_it(desk, shown, pictures.url)
    answer = desk.get(f"/media/{MediaView.objects.get().pk}/")
    assert b"".join(answer.streaming_content) == PIXEL
    assert answer.headers["Content-Type"] == "image/png"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "spy" not in str(answer.cookies)


def test_a_closed_view_shows_nothing_more(desk, shown, pictures):
    open_it(desk, shown, pictures.url)
    view = MediaView.objects.get()
    answer = desk.post(f"/media/{view.pk}/close/", headers=HTMX)
    assert "Open again" in answer.content.decode()
    view.refresh_from_db()
    assert view.closed_at is not None
    assert desk.get(f"/media/{view.pk}/").status_code == 404


def test_leaving_the_page_closes_the_view(desk, shown, pictures):
    open_it(desk, shown, pictures.url)
    view = MediaView.objects.get()
    assert desk.post(f"/media/{view.pk}/close/", {"beacon": "1"}).status_code == 204
    view.refresh_from_db()
    assert view.closed_at <= timezone.now()


def test_somebody_elses_view_can_neither_be_seen_nor_closed(desk, shown, pictures, ben, signed_in):
    open_it(desk, shown, pictures.url)
    view = MediaView.objects.get()
    other = signed_in(ben)
    assert other.get(f"/media/{view.pk}/").status_code == 404
    other.post(f"/media/{view.pk}/close/")
    view.refresh_from_db()
    assert view.closed_at is None


def test_only_what_the_item_has_can_be_opened(desk, shown, pictures):
    assert open_it(desk, shown, "http://127.0.0.1/other.png").status_code == 404
    assert open_it(desk, shown, pictures.url, id="p2").status_code == 404
    assert not MediaView.objects.exists()


def test_a_host_that_is_not_configured_is_not_asked_and_nothing_is_recorded(desk, fold):
    url = "https://pics.example/1.png"
    fold(reported(post("p1", media=(Media("image", url, "images"),))))
    answer = open_it(desk, Case.objects.get(), url)
    assert "media_hosts" in answer.content.decode()
    assert not MediaView.objects.exists()


@pytest.mark.parametrize("kind", ["image/svg+xml", "text/html", "application/javascript", ""])
def test_what_can_carry_a_program_is_not_shown(desk, shown, pictures, kind):
    pictures.kind = kind
    open_it(desk, shown, pictures.url)
    assert desk.get(f"/media/{MediaView.objects.get().pk}/").status_code == 502


def test_a_platform_that_does_not_give_it_is_told(desk, shown, pictures):
    pictures.status = 404
    open_it(desk, shown, pictures.url)
    answer = desk.get(f"/media/{MediaView.objects.get().pk}/")
    assert answer.status_code == 502
    assert b"404" in answer.content


def test_who_may_not_see_media_can_open_none(signed_in, person, shown, pictures):
    legal = signed_in(person("lea", "legal"))
    assert "Open, grey" not in legal.get(f"/cases/{shown.pk}/").content.decode()
    assert open_it(legal, shown, pictures.url).status_code == 403


def test_the_count_of_what_was_opened_stands_in_the_header(desk, shown, pictures, text):
    open_it(desk, shown, pictures.url)
    assert "1 view" in text(desk.get("/"))


def test_without_script_media_has_a_page_of_its_own(desk, shown, pictures):
    form = {"type": "post", "id": "p1", "url": pictures.url}
    page = desk.post(f"/cases/{shown.pk}/media/", form).content.decode()
    view = MediaView.objects.get()
    assert f"/media/{view.pk}/close/" in page
    assert desk.post(f"/media/{view.pk}/close/").headers["Location"] == f"/cases/{shown.pk}/"


def test_the_page_says_what_it_still_shows_and_is_told_what_it_may(desk, shown, pictures, ben, signed_in):
    page = open_it(desk, shown, pictures.url).content.decode()
    view = MediaView.objects.get()
    assert f'data-view="{view.pk}" data-hear="/media/hear/" data-interval="10000"' in page
    assert desk.post("/media/hear/", {"view": [view.pk, "99"]}).json() == {"open": [view.pk]}
    assert signed_in(ben).post("/media/hear/", {"view": [view.pk]}).json() == {"open": []}
    MediaView.objects.update(heard_at=timezone.now() - timedelta(seconds=11))
    assert desk.post("/media/hear/", {"view": [view.pk]}).json() == {"open": []}
    assert desk.get(f"/media/{view.pk}/").status_code == 404


@pytest.mark.parametrize("view", ["", "x", "-1", "9" * 40, "1.0"])
def test_nonsense_is_not_heard(desk, platform, view):
    assert desk.post("/media/hear/", {"view": view}).json() == {"open": []}


def test_hearing_a_page_costs_few_queries_and_changes_nothing_by_looking(
    desk, shown, pictures, django_assert_max_num_queries
):
    open_it(desk, shown, pictures.url)
    view = MediaView.objects.get()
    with django_assert_max_num_queries(5):
        desk.post("/media/hear/", {"view": [view.pk]})
    assert desk.get("/media/hear/").status_code == 405


@pytest.fixture
def opened(desk, shown, pictures):
    open_it(desk, shown, pictures.url)
    return MediaView.objects.get()


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        ("closed", "12 s, then closed"),
        ("silent", "at most 12 s: its page was not heard of any more"),
        ("unheard", "at most 12 s: a page without script"),
    ],
)
def test_the_history_of_the_case_tells_who_looked_for_how_long_and_how_that_is_known(desk, opened, text, ending, words):
    assert "Media opened" in text(desk.get(f"/cases/{opened.case_id}/"))
    assert "not closed yet" in text(desk.get(f"/cases/{opened.case_id}/"))
    MediaView.objects.update(closed_at=opened.opened_at + timedelta(seconds=11.4), ending=ending)
    page = text(desk.get(f"/cases/{opened.case_id}/"))
    assert words in page
    assert "not closed yet" not in page
