"""What stands around every page: static files, errors, preferences, the policy on content."""

import json
import re
from io import BytesIO

import pytest
from django.test import Client
from django.urls import clear_url_caches, path
from PIL import Image
from structlog.testing import capture_logs

from evenhand.desk import urls
from evenhand.desk.web.assets import shelf


def test_static_files_are_named_by_their_content_and_cached_for_ever(client):
    answer = client.get(f"/static/{shelf().build}/web/base.css", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_unchanged_file_is_not_sent_again(client):
    first = client.get("/static/old-build/web/base.css")
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get("/static/old-build/web/base.css", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("name", ["x/none.css", "x/../settings.py", "x//etc/passwd", "", "x/web/"])
def test_what_is_no_static_file_is_not_found(client, name):
    assert client.get(f"/static/{name}").status_code == 404


def test_static_files_need_no_database(client):
    assert client.get(f"/static/{shelf().build}/web/desk.js").status_code == 200


def test_every_file_that_the_page_asks_for_is_there(desk, case):
    page = desk.get("/").content.decode()
    for address in set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page)):
        assert desk.get(address).status_code == 200, address


def test_a_telephone_can_keep_the_console_as_an_app(desk, case):
    answer = desk.get("/")
    address = re.search(r'<link rel="manifest" href="([^"]+)"', answer.content.decode()).group(1)
    assert "manifest-src 'self'" in answer.headers["Content-Security-Policy"]
    found = desk.get(address)
    assert found.headers["Content-Type"] == "application/manifest+json"
    manifest = json.loads(found.content)
    assert (manifest["start_url"], manifest["display"]) == ("/", "standalone")
    for icon in manifest["icons"]:
        picture = desk.get(address.rpartition("/")[0] + "/" + icon["src"])
        assert picture.headers["Content-Type"] == icon["type"]
        if icon["type"] == "image/png":
            assert "x".join(map(str, Image.open(BytesIO(picture.content)).size)) == icon["sizes"]


def test_pages_forbid_inline_code(desk, case):
    answer = desk.get(f"/cases/{case.pk}/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert " style=" not in answer.content.decode()
    assert " onclick=" not in answer.content.decode()


def test_an_unknown_address_has_a_page(desk, platform, text):
    answer = desk.get("/no/such/page/")
    assert answer.status_code == 404
    assert "There is nothing here" in text(answer)


def test_a_failure_has_a_page_that_needs_neither_database_nor_session(settings, monkeypatch, db):
    def fail(_request):
        raise RuntimeError("broken")

    monkeypatch.setattr(urls, "urlpatterns", [path("fail/", fail), *urls.urlpatterns])
    clear_url_caches()
    client = Client(raise_request_exception=False)
    with capture_logs() as logged:
        answer = client.get("/fail/")
    clear_url_caches()
    assert answer.status_code == 500
    assert "The desk stumbled" in answer.content.decode()
    [line] = [one for one in logged if one["event"] == "A request failed."]
    assert (line["path"], line["method"], line["exc_info"]) == ("/fail/", "GET", True)


@pytest.mark.parametrize(
    ("theme", "shown"), [("dark", "dark"), ("contrast", "contrast"), ("system", "auto"), ("x", "auto")]
)
def test_the_theme_is_the_persons_own(desk, ana, case, theme, shown):
    ana.preferences = {"theme": theme}
    ana.save()
    assert f'data-theme="{shown}"' in desk.get("/").content.decode()


def test_keys_can_be_changed_and_switched_off(desk, ana, case):
    page = desk.get(f"/cases/{case.pk}/").content.decode()
    assert 'data-key="d"' in page
    ana.preferences = {"keys": {"d": "v"}}
    ana.save()
    page = desk.get(f"/cases/{case.pk}/").content.decode()
    assert 'data-key="v" aria-keyshortcuts="v"' in page
    assert 'data-key="d"' not in page
    ana.preferences = {"keys_off": True}
    ana.save()
    page = desk.get(f"/cases/{case.pk}/").content.decode()
    assert "aria-keyshortcuts" not in page
