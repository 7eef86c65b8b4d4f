"""What goes wrong in a peer does not go wrong here: each of the fifteen failures, as a black box over HTTP."""

import json
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import pytest

from tests.support import platform
from tests.support.desk import Desk, evenhand, serving
from tests.support.platform import Client, item, report
from tests.support.receiver import Got, Receiver, receiving

PASSWORD = "correct horse battery staple"
WATCH = Path(__file__).parents[1] / "support" / "watch"


class Place(NamedTuple):
    desk: Desk
    client: Client
    hooks: Receiver
    other: Receiver
    connections: Path
    """Where the desk's processes wrote each address that they connected to or looked up."""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    connections = folder / "connections.txt"
    connections.touch()
    with receiving() as hooks, receiving() as other:
        env = {
            "EVENHAND_ALLOW_PRIVATE": f"127.0.0.1:{hooks.port},127.0.0.1:{other.port}",
            "EVENHAND_UNDO_SECONDS": "0",
            "PYTHONPATH": str(WATCH),
            "WATCH_FILE": str(connections),
        }
        evenhand("apply", platform.write(folder, hooks=hooks.url, other=other.url), "--yes", data=folder, env=env)
        key = evenhand("keys", "create", "platform", "--scope", "ingest,report,act,read", data=folder, env=env).strip()
        evenhand(
            "users", "create", "ann@example.com", "--role", "moderator", "--password-stdin",
            data=folder, given=PASSWORD, env=env,
        )  # fmt: skip
        with serving(folder, env=env) as desk, Client(desk.url, key) as client:
            yield Place(desk, client, hooks, other, connections)


def cases(place: Place, **wanted: object) -> list[dict]:
    lines = evenhand("export", "cases", data=place.desk.data).splitlines()
    found = [json.loads(line) for line in lines]
    return [case for case in found if all(case[name] == value for name, value in wanted.items())]


def case_of(place: Place, item_id: str, reports: int, seconds: float = 15) -> dict:
    deadline = time.monotonic() + seconds
    while True:
        found = [case for case in cases(place) if case["item"]["id"] == item_id]
        if found and found[0]["reports"] >= reports:
            return found[0]
        assert time.monotonic() < deadline, f"{item_id}: {found}"
        time.sleep(0.2)


def send_together(place: Place, reports: list[dict], threads: int = 8) -> list[int]:
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda body: place.client.post("/api/v1/report", body).status, reports))


def test_two_hundred_people_report_one_post_and_all_two_hundred_reports_are_kept(place):
    statuses = send_together(place, [report("post-200", f"r{n}") for n in range(200)])
    assert statuses == [201] * 200
    assert case_of(place, "post-200", 200)["reports"] == 200


def test_eight_simultaneous_reports_of_each_of_five_items_are_all_kept(place):
    send_together(place, [report(f"eight-{n % 5}", f"r{n}") for n in range(40)], threads=40)
    assert [case_of(place, f"eight-{n}", 8)["reports"] for n in range(5)] == [8] * 5


def test_two_reports_back_to_back_are_both_kept(place):
    for n in range(10):
        for reporter in ("a", "b"):
            assert place.client.post("/api/v1/report", report(f"pair-{n}", reporter)).status == 201
    assert [case_of(place, f"pair-{n}", 2)["reports"] for n in range(10)] == [2] * 10


def act(place: Place, action: str, item_id: str) -> float:
    started = time.monotonic()
    answer = place.client.post("/api/v1/actions", {"actionId": action, "itemId": item_id, "itemTypeId": "post"})
    assert answer.status == 202, answer
    return time.monotonic() - started


def test_a_callback_that_answers_503_gets_the_action_later_under_the_same_id(place):
    place.hooks.status = 503
    act(place, "remove", "busy-1")
    until(lambda: told_of(place, "busy-1"))
    place.hooks.status = 200
    until(lambda: [got for got in told_of(place, "busy-1") if got.status == 200], seconds=60)
    assert len({got.headers["webhook-id"] for got in told_of(place, "busy-1")}) == 1


def told_of(place: Place, item_id: str) -> list[Got]:
    return [got for got in list(place.hooks.got) if got.body["item"]["id"] == item_id]


def until(happened: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)


def test_a_callback_that_refuses_the_connection_keeps_the_action_in_the_outbox(place, tmp_path):
    with receiving() as gone:
        dead = gone.url
    file = platform.write(tmp_path, hooks=place.hooks.url, other=dead)
    evenhand("apply", file, "--yes", data=place.desk.data)
    time.sleep(1.1)
    assert act(place, "elsewhere", "refused-1") < 2
    row = [one for one in webhooks(place) if one["destination"] == "other"][-1]
    assert row["state"] == "pending"
    evenhand(
        "apply", platform.write(tmp_path, hooks=place.hooks.url, other=place.other.url), "--yes", data=place.desk.data
    )


def webhooks(place: Place) -> list[dict]:
    return [json.loads(line) for line in evenhand("export", "webhooks", data=place.desk.data).splitlines()]


def test_a_callback_that_hangs_blocks_neither_the_caller_nor_other_deliveries(place):
    place.other.hang = 30
    waited = [act(place, "elsewhere", f"hang-{n}") for n in range(3)]
    act(place, "remove", "after-hang")
    until(lambda: told_of(place, "after-hang"))
    place.other.hang = 0
    assert max(waited) < 2


def test_a_report_before_any_queue_exists_becomes_a_case(place, tmp_path):
    file = platform.write(tmp_path, hooks=place.hooks.url, other=place.other.url, queues="")
    text = file.read_text().replace("child_safety = true", "")
    file.write_text(text)
    with receiving() as hooks:
        folder = tmp_path / "fresh"
        evenhand("apply", file, "--yes", data=folder)
        key = evenhand("keys", "create", "k", "--scope", "report", data=folder).strip()
        with serving(folder) as desk, Client(desk.url, key) as client:
            assert client.post("/api/v1/report", report("early", "r1")).status == 201
            fresh = Place(desk, client, hooks, hooks, Path())
            assert case_of(fresh, "early", 1)["queue"] == "default"


def test_csam_true_on_a_text_only_item_becomes_a_child_safety_case(place):
    answer = place.client.post("/api/v1/report", report("text-only", "r1", csam=True))
    assert answer.status == 201
    case = case_of(place, "text-only", 1)
    assert (case["policy"], case["queue"], case["lane"]) == ("minors", "minors", "critical")


def test_nothing_that_nobody_configured_is_connected_to_or_looked_up(place):
    images = ["https://media.example/one.png", "https://media.example/two.png"]
    place.client.post("/api/v1/items/async/", {"items": [item("pictures", images=images)]})
    place.client.post("/api/v1/report", report("pictures", "r1", csam=True))
    case_of(place, "pictures", 1)
    allowed = {f"127.0.0.1:{place.hooks.port}", f"127.0.0.1:{place.other.port}"}
    seen = set(place.connections.read_text().split()) - allowed
    own = place.desk.url.removeprefix("http://")
    assert {one for one in seen if one != own and not one.startswith("lookup:127.0.0.1")} == set()


def test_applying_the_same_queue_twice_is_no_error(place, tmp_path):
    file = platform.write(tmp_path, hooks=place.hooks.url, other=place.other.url)
    for _ in range(2):
        evenhand("apply", file, "--yes", data=place.desk.data)


@pytest.mark.parametrize("query", ["", "?id=u1", "?typeId=account", "?id=&typeId="])
def test_user_scores_without_its_parameters_is_a_precise_400(place, query):
    answer = place.client.get(f"/api/v1/user_scores{query}")
    assert answer.status == 400
    assert answer.body["errors"][0]["title"]


def test_the_score_of_a_user_nobody_knows_is_five(place):
    answer = place.client.get("/api/v1/user_scores?id=nobody&typeId=account")
    assert (answer.status, answer.body) == (200, 5)


def test_a_report_under_an_unknown_policy_is_refused_with_a_pointer(place):
    answer = place.client.post("/api/v1/report", report("unknown-policy", "r1", policyId="no-such-policy"))
    assert answer.status == 400
    assert answer.body["errors"][0]["pointer"] == "/reportedForReason/policyId"
    time.sleep(0.5)
    assert not [case for case in cases(place) if case["item"]["id"] == "unknown-policy"]


def test_the_documented_csam_example_without_a_reporter_kind_is_accepted(place):
    body = report("no-kind", "r1", csam=True)
    del body["reporter"]["kind"]
    assert place.client.post("/api/v1/report", body).status == 201


def log_in(place: Place, email: str, password: str) -> tuple[int, str]:
    with Client(place.desk.url) as client:
        return _log_in(client, email, password)


def _log_in(client: Client, email: str, password: str) -> tuple[int, str]:
    page = client.get("/login/")
    cookies = SimpleCookie(page.headers.get("set-cookie", ""))
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.body).group(1)
    form = urlencode({"csrfmiddlewaretoken": token, "login": email, "password": password}).encode()
    answer = client.post(
        "/login/",
        form,
        headers={
            "content-type": "application/x-www-form-urlencoded",
            "cookie": "; ".join(f"{name}={one.value}" for name, one in cookies.items()),
        },
    )
    return answer.status, re.sub(r'value="[^"]*"', "", answer.body)


def test_wrong_passwords_lock_out_and_never_tell_whether_the_person_exists(place):
    known = [log_in(place, "ann@example.com", f"wrong {n}") for n in range(3)]
    unknown = [log_in(place, "bob@example.com", f"wrong {n}") for n in range(3)]
    assert known == unknown
    for n in range(27):
        status, _ = log_in(place, "ann@example.com", f"wrong again {n}")
    assert status in (403, 429)
    assert log_in(place, "ann@example.com", PASSWORD)[0] in (403, 429)


def test_no_answer_opens_the_desk_to_other_sites(place):
    for path in ("/api/v1/policies/", "/login/", "/api/openapi.json", "/ready"):
        answer = place.client.get(path, headers={"origin": "https://elsewhere.example"})
        assert not [name for name in answer.headers if name.startswith("access-control-")]
