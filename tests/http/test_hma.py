"""HMA's API: its paths and shapes over a running listener, so that its clients work by a change of host and port."""

import io
import json
import os
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.support import platform
from tests.support.desk import EVENHAND, evenhand, serving
from tests.support.ports import free_port
from tests.support.processes import Child
from tests.unit.engine.media.photographs import photograph, saved

PDQ = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"
NEAR = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b23"
FAR = "0" * 63 + "1"


class Answer(NamedTuple):
    status: int
    body: object


class Client:
    def __init__(self, url: str, **headers: str) -> None:
        self.url, self.headers = url, headers

    def call(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        names = {name.replace("_", "-"): value for name, value in {**self.headers, **headers}.items()}
        request = Request(self.url + path, data=body, method=method, headers=names)
        try:
            with urlopen(request, timeout=30) as answer:
                status, raw, kind = answer.status, answer.read(), answer.headers["Content-Type"]
        except HTTPError as error:
            status, raw, kind = error.code, error.read(), error.headers["Content-Type"]
        return Answer(status, json.loads(raw) if kind == "application/json" else raw.decode())

    def get(self, path: str, **query: str) -> Answer:
        return self.call("GET", f"{path}?{urlencode(query)}" if query else path)

    def json(self, method: str, path: str, body: object) -> Answer:
        return self.call(method, path, json.dumps(body).encode(), Content_Type="application/json")

    def upload(self, path: str, name: str, data: bytes) -> Answer:
        body = (
            f'--mark\r\nContent-Disposition: form-data; name="{name}"; filename="x"\r\n\r\n'.encode()
            + data
            + b"\r\n--mark--\r\n"
        )
        return self.call("POST", path, body, Content_Type="multipart/form-data; boundary=mark")


def desk(folder: Path) -> Path:
    evenhand("apply", platform.write(folder, hooks="http://127.0.0.1:9/hooks"), "--yes", data=folder)
    return folder


def listening(folder: Path, *arguments: str) -> Child:
    command = [EVENHAND, "hma", "--data", folder, "--port", "0", *arguments]
    return Child(command, env={"EVENHAND_DATA": str(folder), "EVENHAND_CONFIG": ""})


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def hma(folder):
    with listening(folder, "--policy", "spam") as child:
        client = Client(child.wait_for("listening on ").partition("listening on ")[2].strip())
        until(lambda: client.get("/status").status == 200)
        yield client


def until(done, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture(scope="module")
def bank(hma):
    """One content, and how it was answered."""
    assert hma.json("POST", "/c/banks", {"name": "KNOWN", "enabled": True}) == Answer(
        201, {"name": "KNOWN", "matching_enabled_ratio": 1.0}
    )
    answer = hma.json("POST", "/c/bank/KNOWN/signal", {"pdq": PDQ, "note": "from a test"})
    assert answer.status == 200
    assert answer.body["signals"] == {"pdq": PDQ}
    return answer.body["id"]


def picture(seed: int = 7) -> bytes:
    noise = np.random.default_rng(seed).integers(0, 255, (8, 8, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).resize((256, 256), Image.Resampling.BICUBIC).save(file, "PNG")
    return file.getvalue()


def test_status_says_alive_and_for_how_long_it_would_not(hma):
    assert hma.get("/status") == Answer(200, "I-AM-ALIVE")
    assert hma.get("/status/live") == Answer(200, "I-AM-ALIVE")


def test_a_signal_is_found_by_raw_lookup_with_its_distance_as_text(hma, bank):
    asked = {"signal": NEAR, "signal_type": "pdq"}
    assert hma.get("/m/raw_lookup", **asked) == Answer(200, {"matches": [bank]})
    told = hma.get("/m/raw_lookup", **asked, include_distance="true").body
    assert told == {"matches": [{"bank_content_id": bank, "distance": "1"}]}
    assert hma.get("/m/raw_lookup", signal=FAR, signal_type="pdq").body == {"matches": []}
    for path in ("/m/raw_lookup", "/m/lookup"):
        answer = hma.get(path, **asked, banks="OTHER")
        assert answer.status == 400
        assert "There is no bank OTHER: nothing was looked up. There are: " in str(answer.body)


def test_lookup_answers_by_bank(hma, bank):
    answer = hma.get("/m/lookup", signal=NEAR, signal_type="pdq")
    assert answer == Answer(200, {"KNOWN": [{"bank_content_id": bank, "distance": "1"}]})


def test_many_signals_are_asked_for_at_once(hma, bank):
    given_ = {"signal_type": "pdq", "signals": [NEAR, FAR, PDQ], "include_distance": True}
    found = [{"bank_content_id": bank, "distance": "1"}], [], [{"bank_content_id": bank, "distance": "0"}]
    assert hma.json("POST", "/m/raw_lookup", given_) == Answer(200, {"matches": list(found)})
    by_bank = hma.json("POST", "/m/lookup", {"signal_type": "pdq", "signals": [FAR, PDQ]}).body
    assert by_bank == {"matches": [{}, {"KNOWN": [{"bank_content_id": bank, "distance": "0"}]}]}
    wrong = hma.json("POST", "/m/raw_lookup", {"signal_type": "pdq", "signals": [PDQ, "xyz"]})
    assert wrong.status == 400
    assert "signals[1] is no pdq" in wrong.body["message"]


def test_a_picture_is_hashed_put_into_a_bank_and_found_again(hma, bank):
    hashed = hma.upload("/h/hash", "photo", picture())
    assert hashed.status == 200
    assert len(hashed.body["pdq"]) == 64
    added = hma.upload("/c/bank/KNOWN/content", "photo", picture())
    assert added.body["signals"]["pdq"] == hashed.body["pdq"]
    found = hma.upload("/m/lookup", "photo", picture()).body
    assert {"bank_content_id": added.body["id"], "distance": "0"} in found["pdq"]["KNOWN"]
    assert hma.upload("/m/lookup", "photo", picture(8)).body == {"pdq": {}}


def test_a_content_is_switched_off_and_on_and_deleted(hma, bank):
    made = hma.json("POST", "/c/bank/KNOWN/signal", {"pdq": "ab" * 32}).body["id"]
    path = f"/c/bank/KNOWN/content/{made}"
    shown = hma.get(path, include_signals="true").body
    assert (shown["id"], shown["disable_until_ts"], shown["signals"]) == (made, 1, {"pdq": "ab" * 32})
    asked = {"signal": "ab" * 32, "signal_type": "pdq"}
    assert hma.json("PUT", path, {"disable_until_ts": 0}).body["disable_until_ts"] == 0
    assert hma.get("/m/lookup", **asked).body == {}
    assert hma.get("/m/raw_lookup", **asked).body == {"matches": [made]}
    assert hma.json("PUT", path, {"disable_until_ts": 1}).body["disable_until_ts"] == 1
    assert "KNOWN" in hma.get("/m/lookup", **asked).body
    assert hma.call("DELETE", path) == Answer(200, {"deleted": 1})
    assert hma.get("/m/raw_lookup", **asked).body == {"matches": []}
    assert hma.get(path).status == 404


def test_a_bank_that_is_half_on_takes_part_by_the_seed(hma):
    hma.json("POST", "/c/banks", {"name": "HALF", "enabled_ratio": 0.5})
    hma.json("POST", "/c/bank/HALF/signal", {"pdq": "5a" * 32})
    asked = {"signal": "5a" * 32, "signal_type": "pdq"}
    answers = [bool(hma.get("/m/lookup", **asked, seed=str(seed)).body) for seed in range(40)]
    assert 8 <= sum(answers) <= 32
    assert answers == [bool(hma.get("/m/lookup", **asked, seed=str(seed)).body) for seed in range(40)]
    assert hma.get("/m/lookup", **asked, bypass_coinflip="true").body
    assert hma.json("PUT", "/c/bank/HALF", {"enabled": False}).body["matching_enabled_ratio"] == 0
    assert hma.get("/m/lookup", **asked).body == {}
    assert hma.call("DELETE", "/c/bank/HALF").body == {"message": "Done"}
    assert hma.get("/c/bank/HALF").status == 404


def test_two_hashes_are_compared(hma):
    assert hma.json("POST", "/m/compare", {"pdq": [PDQ, NEAR]}).body == {"pdq": [True, {"distance": 1}]}
    assert hma.json("POST", "/m/compare", {"pdq": [PDQ, FAR]}).body["pdq"][0] is False


def test_what_is_there_is_told(hma, bank):
    assert {"name": "KNOWN", "matching_enabled_ratio": 1.0} in hma.get("/c/banks").body
    index = hma.get("/m/index/status").body["pdq"]
    assert index["present"] is True
    assert index["size"] >= 1
    assert set(hma.get("/c/signal_type").body) >= {"pdq", "video_md5"}
    assert hma.get("/c/signal_type/index").body["pdq"]["index_out_of_date"] is False
    assert set(hma.get("/c/content_type").body) == {"photo", "video"}
    assert {"ncmec", "stop_ncii"} <= set(hma.get("/c/exchanges/apis").body)
    assert "/m/raw_lookup" in hma.get("/site-map").body
    counts = hma.get("/m/counts").body
    assert counts["matched"] <= counts["lookups"]


def test_a_list_is_joined_switched_off_and_removed(hma):
    made = hma.json("POST", "/c/exchanges", {"bank": "LISTED", "api": "local_file", "api_json": {"path": "list.csv"}})
    assert made == Answer(201, {"message": "Created successfully"})
    assert "LISTED" in hma.get("/c/exchanges").body
    assert hma.get("/c/exchange/LISTED/status").body["last_fetch_complete_ts"] is None
    assert hma.json("PUT", "/c/exchange/LISTED", {"enabled": False}).body["enabled"] is False
    assert hma.call("DELETE", "/c/exchange/LISTED").status == 200
    again = {"bank": "LISTED", "api": "local_file", "api_json": {"path": "list.csv"}}
    assert hma.json("POST", "/c/exchanges", again).status == 201
    assert hma.call("DELETE", "/c/exchange/LISTED").status == 200
    outside = {"bank": "LISTED", "api": "local_file", "api_json": {"path": "/etc/passwd"}}
    assert hma.json("POST", "/c/exchanges", outside).status == 400


def test_changes_are_in_the_ledger(hma, bank, folder):
    with closing(sqlite3.connect(folder / "desk.sqlite3")) as database:
        acts = {act for (act,) in database.execute("SELECT act FROM audit_entry WHERE actor = 'key:hma'")}
    assert len(acts) >= 2
    evenhand("ledger", "verify", data=folder)


@pytest.mark.usefixtures("bank")
@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        ("GET", "/m/raw_lookup?signal=xyz&signal_type=pdq", None, {}, 400),
        ("GET", "/m/raw_lookup?signal_type=pdq", None, {}, 400),
        ("GET", f"/m/raw_lookup?signal={PDQ}&signal_type=sha265", None, {}, 400),
        ("GET", "/h/hash?url=http://10.0.0.1/x.png", None, {}, 403),
        ("GET", "/nothing", None, {}, 404),
        ("GET", "/c/bank/A%00B", None, {}, 400),
        ("GET", "/m/lookup?signal_type=pdq&signal=%00", None, {}, 400),
        (
            "POST",
            "/c/bank/KNOWN/signal",
            b'{"md5":"00000000000000000000000000000000","note":"a\\u0000"}',
            {"Content_Type": "application/json"},
            400,
        ),
        ("GET", "/c/bank/NOBODY", None, {}, 404),
        ("GET", "/c/bank/KNOWN/content/x", None, {}, 404),
        ("DELETE", "/m/lookup", None, {}, 405),
        ("POST", "/c/banks", b"{", {"Content_Type": "application/json"}, 400),
        ("POST", "/c/banks", b'{"name":"lower"}', {"Content_Type": "application/json"}, 400),
        ("POST", "/h/hash", b"abc", {"Content_Type": "text/plain"}, 415),
        ("POST", "/h/hash", b"abc", {"Content_Type": "multipart/form-data"}, 400),
        ("POST", "/h/hash", b"--m\r\n\r\n", {"Content_Type": "multipart/form-data; boundary=m"}, 400),
        ("POST", "/m/compare", b'{"pdq":["a"]}', {"Content_Type": "application/json"}, 400),
        ("POST", "/m/compare", b'{"pdq":["a"]}', {"Origin": "https://evil.example"}, 403),
    ],
)
def test_what_cannot_be_answered_is_told_in_a_message(hma, method, path, body, headers, status):  # noqa: PLR0917 (pytest names them)
    answer = hma.call(method, path, body, **headers)
    assert answer.status == status
    assert set(answer.body) == {"message"}
    assert len(answer.body["message"]) > 20


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=400), head=st.sampled_from(["multipart/form-data; boundary=m", "application/json"]))
def test_no_body_makes_it_fall_over(hma, bank, body, head):
    for path in ("/m/lookup", "/h/hash", "/c/bank/KNOWN/signal", "/m/compare", "/c/exchanges"):
        assert hma.call("POST", path, b"--m" + body, Content_Type=head).status < 500


def test_it_does_not_open_to_everybody(folder):
    done = subprocess.run(
        [EVENHAND, "hma", "--data", folder, "--host", "0.0.0.0", "--port", "0"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert "--allow 10.0.0.5" in done.stderr


def test_it_begins_with_no_key_that_there_is_not(folder):
    evenhand("keys", "create", "there", "--scope", "read", data=folder)
    done = refused(folder, "--key", "nosuch")
    assert "There is no key nosuch. There are: " in done.stderr
    assert "there" in done.stderr.partition("There are: ")[2]


def test_a_folder_without_a_desk_is_told_so_and_left_as_it_is(tmp_path):
    place = tmp_path / "nodesk"
    assert f"There is no desk in {place}" in refused(place).stderr
    assert not place.exists()


def refused(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [EVENHAND, "hma", "--data", folder, "--port", "0", *arguments],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done


def test_a_key_opens_it_and_no_other(folder):
    right = evenhand("keys", "create", "scanner", "--scope", "read,act", data=folder).strip()
    other = evenhand("keys", "create", "other", "--scope", "read,act", data=folder).strip()
    with listening(folder, "--key", "scanner") as child:
        url = child.wait_for("listening on ").partition("listening on ")[2].strip()
        assert Client(url).get("/status/live").status == 200
        assert Client(url).get("/c/banks").status == 401
        assert Client(url, X_API_KEY=other).get("/c/banks").status == 401
        assert Client(url, X_API_KEY=right).get("/c/banks").status == 200


def test_only_allowed_addresses_may_ask(folder):
    with listening(folder, "--allow", "10.0.0.0/8") as child:
        url = child.wait_for("listening on ").partition("listening on ")[2].strip()
        assert Client(url).get("/c/banks").status == 403
        assert Client(url).get("/status/live").status == 200


def test_serve_hosts_it_on_its_port_and_begins_it_again(folder):
    port = free_port()
    with serving(folder, "--no-worker", env={"EVENHAND_HMA_PORT": str(port)}):
        client = Client(f"http://127.0.0.1:{port}")
        until(lambda: _alive(client))
        for child in _children(port):
            os.kill(child, signal.SIGKILL)
        until(lambda: _alive(client))
    until(lambda: not _alive(client))


def _alive(client: Client) -> bool:
    try:
        return client.get("/status/live").status == 200
    except OSError:
        return False


def _children(port: int) -> list[int]:
    """The processes of `evenhand hma` that were given this port."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            told = (place / "environ").read_bytes(), (place / "cmdline").read_bytes()
        except OSError:
            continue
        if f"EVENHAND_HMA_PORT={port}".encode() in told[0] and b"\0hma\0" in told[1]:
            found.append(int(place.name))
    assert found
    return found


def test_a_file_is_looked_up_by_its_own_hash_and_by_its_other_looks_where_that_is_asked_for(hma, bank):
    base = photograph("coffee.png", 256)
    white = Image.new("L", base.size, 255)
    hma.json("POST", "/c/banks", {"name": "LOOKS", "enabled": True})
    assert hma.upload("/c/bank/LOOKS/content", "photo", saved(base, "PNG")).status == 200
    copies = {
        "turned": saved(base.transpose(Image.Transpose.ROTATE_90), "PNG"),
        "inverted": saved(Image.eval(base, lambda level: 255 - level), "PNG"),
        "hidden": saved(Image.merge("LA", (white, base.convert("L"))), "PNG"),
    }
    for name, file in copies.items():
        assert hma.upload("/m/lookup?banks=LOOKS", "photo", file) == Answer(200, {"pdq": {}}), name
        [hit] = hma.upload("/m/lookup?banks=LOOKS&variants=1", "photo", file).body["pdq"]["LOOKS"]
        assert int(hit["distance"]) <= 31, name
        assert hit["variant"], name
    own = hma.upload("/m/lookup?banks=LOOKS&variants=1", "photo", saved(base, "PNG")).body
    assert [(hit["distance"], "variant" in hit) for hit in own["pdq"]["LOOKS"]] == [("0", False)]
