"""What every address of the API does with strangers, hostile bodies, wrong methods, and a desk that is unwell."""

import gzip
import io
import json
import sqlite3

import psycopg
import pytest
from django.db import OperationalError
from django.test import RequestFactory

from evenhand.desk.accounts import services as accounts
from evenhand.desk.intake import services as intake
from evenhand.desk.intake.api import bodies
from evenhand.desk.intake.api.refusals import Refused
from evenhand.desk.intake.api.v2 import sending
from evenhand.runtime import config
from evenhand.runtime.eventlog import LogUnavailable
from tests.desk.intake.conftest import post, v2_post
from tests.desk.intake.test_api_v1_items import errors
from tests.desk.intake.test_api_v2 import problem

WRITING = [
    "/v1/items/async", "/v1/content", "/v1/report", "/v1/report/appeal", "/v1/actions",
    "/v2/items", "/v2/reports", "/v2/appeals", "/v2/actions", "/v2/events",
]  # fmt: skip
READING = [
    "/v1/policies",
    "/v1/user_scores",
    "/v2/policies",
    "/v2/items/post/p1",
    "/v2/cases",
    "/v2/decisions",
    "/v2/deliveries",
]
STRUCTURED = {"/v2/events": "application/cloudevents+json"}


def send(api, path, body, **headers):
    return api.post(path, body, STRUCTURED.get(path, "application/json"), **headers)


def test_a_stranger_is_told_to_bring_a_key(api):
    for path in [*WRITING, *READING]:
        for key in ("", "evh_guess", "x" * 5000, "ä"):
            method = "POST" if path in WRITING else "GET"
            response = api.with_key(key).call(method, path)
            assert response.status_code == 401
            assert response.headers["WWW-Authenticate"] == "ApiKey"
            assert "guess" not in response.content.decode()
    [error] = errors(api.with_key("").get("/v1/policies"))
    assert error["type"] == ["/errors/authentication-failed-or-missing"]
    assert problem(api.with_key("").get("/v2/policies"), 401)["type"] == "/api/docs#problem-no-such-key"


def test_a_revoked_key_opens_nothing(api):
    accounts.revoke_key("platform", by="system:test")
    assert api.get("/v2/policies").status_code == 401


def test_a_key_does_what_its_scopes_say_and_no_more(api_with):
    needed = {"ingest": ["/v1/items/async", "/v1/content", "/v2/items", "/v2/events"],
              "report": ["/v1/report", "/v1/report/appeal", "/v2/reports", "/v2/appeals", "/v2/events"],
              "act": ["/v1/actions", "/v2/actions"]}  # fmt: skip
    for scope, paths in needed.items():
        holder = api_with(scope)
        for path in WRITING:
            assert (send(holder, path, b"{").status_code == 403) is (path not in paths), (scope, path)
        assert all(holder.get(path).status_code == 403 for path in READING)
    assert 'does not have the scope "act"' in problem(api_with("read").post("/v2/actions", {}), 403)["detail"]


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_a_wrong_method_is_told_the_right_ones(api, method):
    for path in WRITING:
        if (path, method) == ("/v2/appeals", "GET"):  # those who moderate read them
            continue
        response = api.call(method, path)
        allowed = "GET, HEAD, OPTIONS, POST" if path == "/v2/appeals" else "OPTIONS, POST"
        assert (response.status_code, response.headers["Allow"]) == (405, allowed)
    assert api.call("POST", "/v2/policies").headers["Allow"] == "GET, HEAD, OPTIONS"


def test_no_other_origin_is_invited(api):
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for method in ("OPTIONS", "GET", "POST"):
        for path in [*WRITING, *READING]:
            headers = api.call(method, path, **asked).headers
            assert not [name for name in headers if name.lower().startswith("access-control")]
    assert api.call("OPTIONS", "/v2/items").status_code == 204


@pytest.mark.parametrize("path", ["/v1/nothing", "/v2/nothing", "/v2/items/", "/v2/items/x", "/v1/", "/v2/"])
def test_where_nothing_is_the_api_says_so_in_its_own_words(api, path):
    if path.startswith("/v1"):
        assert errors(api.get(path))[0]["type"] == ["/errors/not-found"]
    else:
        problem(api.get(path), 405 if path == "/v2/items/x?" else 404)


def test_a_head_is_a_get_without_its_body(api):
    response = api.call("HEAD", "/v2/policies")
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"  ", "It is empty"),
        (b'{"items": [}', "line 1, column 12"),
        (b'{\n "items": nope}', "line 2, column 11"),
        (b'{"items": []', "line 1, column 13"),
        (b'{"items": []} x', "Extra data at line 1, column 15"),
        (b"\xef\xbb\xbf{}", "line 1, column 1"),
        (b'{"items": "\xff"}', "not UTF-8 at byte 11"),
        (b'{"a": "\\ud800"}', "surrogate"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"a": NaN}', "NaN is not JSON"),
        (b'{"a": [1e400]}', "number in it is too large"),
        (b'{"a": -1e400}', "number in it is too large"),
        (b'{"a": ' + b"9" * 5000 + b"}", "number in it is too large"),
    ],
)
def test_json_that_is_none_is_told_where_it_ends_to_be(api, body, why):
    for path in WRITING:
        response = send(api, path, body)
        assert response.status_code == 400
        assert why.lower() in response.content.decode().lower(), (path, response.content)
    assert api.events == []


@pytest.mark.parametrize("body", [b"1e999", b"9" * 5000, b"[]", b"null", b'"x"', b"1", b'{"items": {}}', b"{}"])
def test_json_of_another_shape_is_refused(api, body):
    for path in WRITING:
        assert send(api, path, body).status_code == 400, path
    assert api.events == []


@pytest.mark.parametrize(
    "given", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_a_body_of_another_type_is_told_which_are_taken(api, given):
    for path in WRITING:
        response = api.post(path, b'{"items":[]}', given)
        assert response.status_code == 415
        assert "application/json" in response.content.decode()


def test_the_media_type_may_have_parameters_and_any_case(api):
    assert api.post("/v2/items", v2_post(), "Application/JSON; charset=utf-8").status_code == 202


def test_a_compressed_body_is_refused(api):
    body = gzip.compress(json.dumps({"items": [post()]}).encode())
    assert api.post("/v1/items/async", body, Content_Encoding="gzip").status_code == 415


def test_a_body_over_the_limit_is_not_even_read(api):
    most = config.current().max_body_bytes
    for path in WRITING:
        response = api.call(
            "POST", path, Content_Type=STRUCTURED.get(path, "application/json"), Content_Length=str(most + 1)
        )
        assert response.status_code == 413
        assert f"{most:,} bytes" in response.content.decode()


def chunked(body, most):
    request = RequestFactory().generic("POST", "/", HTTP_TRANSFER_ENCODING="chunked")
    request.META.pop("CONTENT_LENGTH", None)
    request.META["wsgi.input"] = io.BytesIO(body)
    return bodies.read(request)


def test_a_body_without_a_length_is_read_up_to_the_limit():
    most = config.current().max_body_bytes
    assert chunked(b"x" * most, most) == b"x" * most
    with pytest.raises(Refused) as refused:
        chunked(b"x" * (most + 1), most)
    assert refused.value.kind.status == 413


def test_an_attacker_cannot_be_heard_twice_by_doubling_a_key(api):
    body = b'{"items":[{"id":"p1","id":"p2","typeId":"post","data":{"title":"a","title":"b"}}]}'
    assert api.post("/v1/items/async", body).status_code == 202
    [sent] = api.bodies
    assert (sent.item.ref.id, sent.item.data) == ("p2", {"title": "b"})


def test_numbers_beyond_64_bits_and_nul_survive(api):
    body = {"type": "post", "id": "p1", "data": {"title": "a\0b", "k\0": "v\0", "big": 10**40}}
    assert api.post("/v2/items", body).status_code == 202
    assert api.bodies[0].item.data == {"title": "a\ufffdb", "k\ufffd": "v\ufffd", "big": 10**40}


LOG_FAILURES = [LogUnavailable, sqlite3.OperationalError, psycopg.OperationalError, PermissionError]


@pytest.mark.parametrize("failure", LOG_FAILURES)
@pytest.mark.parametrize("path", ["/v1/items/async", "/v2/items"])
def test_when_the_log_cannot_be_written_nothing_is_said_to_be_kept(api, path, failure, monkeypatch):
    def full(_events):
        raise failure("disk full at /secret/place")

    monkeypatch.setattr(intake, "accept", full)
    body = {"items": [post()]} if "v1" in path else v2_post()
    response = api.post(path, body)
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert "secret" not in response.content.decode()
    assert "Nothing of this request was kept" in response.content.decode()
    assert api.events == []


def test_when_the_log_cannot_be_asked_a_keyed_request_is_not_guessed_at(api, monkeypatch):
    def away():
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr(intake, "event_log", away)
    assert problem(api.post("/v2/items", v2_post(), Idempotency_Key="k"), 503)


def test_when_the_database_does_not_answer_the_sender_may_come_again(api, monkeypatch):
    def gone(*_args, **_kwargs):
        raise OperationalError("server closed the connection to secret-host")

    monkeypatch.setattr("evenhand.desk.accounts.queries.key", gone)
    response = api.post("/v2/items", v2_post())
    assert problem(response, 503)["type"] == "/api/docs#problem-unavailable"
    assert response.headers["Retry-After"]
    assert "secret" not in response.content.decode()


def test_a_mistake_of_ours_is_told_in_the_apis_own_shape(api, monkeypatch):
    def broken(*_args, **_kwargs):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("evenhand.desk.intake.api.drafts.read", broken)
    assert "secret" not in str(problem(api.post("/v2/items", v2_post()), 500))
    assert errors(api.post("/v1/items/async", {"items": [post()]}))[0]["status"] == 500
    assert sending.send_items


def test_machines_go_the_short_way(api, django_assert_num_queries):
    api.get("/v2/policies")
    with django_assert_num_queries(0):
        response = api.post("/v2/items", v2_post())
    assert response.status_code == 202
    assert not response.cookies
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert int(response.headers["Content-Length"]) == len(response.content)
    assert "Content-Type" not in api.post("/v1/items/async", {"items": []}).headers


def test_an_address_that_leads_nowhere_is_refused_by_v2_and_loses_no_item_in_v1(api):
    data = {"title": "t", "link": "javascript:alert(1)"}
    told = problem(api.post("/v2/items", {"items": [{"type": "post", "id": "p1", "data": data}]}))
    assert [one["pointer"] for one in told["errors"]] == ["/items/0/data/link"]
    assert api.events == []
    taken = api.post("/v1/items/async/", {"items": [{"typeId": "post", "id": "p1", "data": data}]})
    assert taken.status_code == 202
    [event] = api.events
    assert (event.body.item.data["link"], event.body.item.links) == (data["link"], ())
