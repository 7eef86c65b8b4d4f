"""The console with 100,000 open cases, half of them in clusters, and 5 million items: p50 and p95 of its pages.

Run it with `./run bench console`; --items N and --cases N make it smaller, --requests N is how often each page is asked
for. The data is written straight into SQLite (minutes); every request goes through the real server.
"""

import argparse
import http.client
import itertools
import json
import random
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import machine
from tests.support import platform
from tests.support.desk import EVENHAND, evenhand
from tests.support.processes import Child

WORDS = (Path(__file__).with_name("words.txt")).read_text().split()
SAME = 100
"""Cases of a cluster."""
MICROS = 1_000_000
BASE = 1_790_000_000 * MICROS
LEFT_OUT = "Left out: the browser's own work, the network, TLS, other people working at the same time, PostgreSQL."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=5_000_000)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=200)
    options = parser.parse_args()
    print(machine.describe())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        evenhand("apply", platform.write(folder, hooks="http://127.0.0.1:9"), "--yes", data=folder)
        evenhand(
            "users",
            "create",
            "ann@example.com",
            "--role",
            "moderator",
            "--password-stdin",
            data=folder,
            given="long enough a password",
        )
        started = time.monotonic()
        _fill(folder / "desk.sqlite3", options.items, options.cases)
        size = (folder / "desk.sqlite3").stat().st_size / 1e9
        took = time.monotonic() - started
        print(f"{options.items:,} items and {options.cases:,} open cases in {size:.1f} GB, written in {took:.0f} s")
        link = evenhand("users", "login-link", "ann@example.com", data=folder).strip().split()[-1]
        command = machine.pinned(machine.SERVER_CORE, [str(EVENHAND), "serve", "--port", "0", "--data", name])
        with Child(command, env={"EVENHAND_CONFIG": "", "EVENHAND_DATA": name}) as child:
            url = child.wait_for("listening on ", 120).partition("listening on ")[2].strip()
            browser = Browser(url)
            browser.sign_in(urlsplit(link).path)
            print(f"\n{machine.table(_measure(browser, options.requests, options.cases))}\n{LEFT_OUT}")


class Browser:
    """Keeps cookies and the connection, as a browser does."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        self._cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, form: dict[str, str] | None = None, **headers: str) -> tuple[int, str, float]:
        """Status, body and milliseconds."""
        given = {"cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()), **headers}
        if form is not None:
            given["content-type"] = "application/x-www-form-urlencoded"
        started = time.perf_counter()
        self._connection.request(method, path, urlencode(form) if form is not None else None, given)
        response = self._connection.getresponse()
        body = response.read().decode()
        took = (time.perf_counter() - started) * 1000
        for header in response.headers.get_all("set-cookie") or []:
            name, _, value = header.partition(";")[0].partition("=")
            self._cookies[name] = value
        self.location = response.headers.get("location", "")
        return response.status, body, took

    def sign_in(self, path: str) -> None:
        _, page, _ = self.ask("GET", path)
        status, _, _ = self.ask("POST", path, {"csrfmiddlewaretoken": token(page)})
        assert status == 302, status


def token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found, page[:2000]
    return found.group(1)


def _measure(browser: Browser, requests: int, cases: int) -> list[list[str]]:
    rows = [["page", "p50 ms", "p95 ms", "aim p95"]]
    chance = random.Random(5)
    some_cases = [chance.randrange(1, cases) for _ in range(requests)]
    rows.append(_row("queue", [_page(browser, "/") for _ in range(requests)], 150))
    rows.append(_row("case", [_page(browser, f"/cases/{number}/") for number in some_cases], 150))
    rows.append(_row("decide and next", list(itertools.islice(_decisions(browser), requests)), 150))
    for title, query in _queries(chance):
        rows.append(
            _row(
                f"search: {title}",
                [_page(browser, f"/search/?{urlencode({'q': query()})}") for _ in range(requests // 4)],
                300,
            )
        )
    return rows


def _page(browser: Browser, path: str) -> float:
    status, body, took = browser.ask("GET", path)
    assert status == 200, (status, path, body[:500])
    return took


def _decisions(browser: Browser) -> Iterator[float]:
    """Start with the first case; each answer is the next case's page."""
    _, queue, _ = browser.ask("GET", "/")
    browser.ask("POST", "/queue/start/", {"csrfmiddlewaretoken": token(queue)})
    path = browser.location
    _, page, _ = browser.ask("GET", path)
    while True:
        version = re.search(r'name="version" value="(\d+)"', page)
        address = re.search(r'action="(/cases/\d+/decide/)"', page)
        policy = re.search(r'name="policy" value="([^"]+)"[^>]*checked', page)
        assert version, page[:3000]
        assert address, page[:3000]
        form = {
            "csrfmiddlewaretoken": token(page),
            "version": version.group(1),
            "do": "dismiss",
            "policy": policy.group(1) if policy else "spam",
        }
        status, page, took = browser.ask("POST", address.group(1), form, **{"HX-Request": "true"})
        assert status == 200, (status, page[:500])
        yield took


def _queries(chance: random.Random) -> list[tuple[str, Callable[[], str]]]:
    return [
        ("a word in every item", lambda: "harbour"),
        ("one word of some", lambda: chance.choice(WORDS)),
        ("two words", lambda: f"{chance.choice(WORDS)} {chance.choice(WORDS)}"),
        ("a rare word", lambda: f"rare{chance.randrange(1000)}"),
        ("no such word", lambda: "zzyzx"),
        ("an exact id", lambda: f"p{chance.randrange(1000)}"),
    ]


def _row(title: str, times: list[float], aim: int) -> list[str]:
    ordered = sorted(times)
    return [title, f"{statistics.median(ordered):.0f}", f"{ordered[int(len(ordered) * 0.95)]:.0f}", f"< {aim}"]


def _fill(database: Path, items: int, cases: int) -> None:
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA synchronous = OFF")
    triggers = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'intake_item'"
    ).fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    connection.executemany(
        "INSERT INTO intake_item (item_type, item_id, kind, creator_type, creator_id, thread_type, thread_id, name,"
        " text, data, views, deleted, partial, created_at, first_seen, last_seen, versions)"
        " VALUES ('post', ?, 'content', 'account', ?, '', '', '', ?, ?, ?, 0, 0, ?, ?, ?, 1)",
        _items(items),
    )
    connection.execute("INSERT INTO intake_item_words (intake_item_words) VALUES ('rebuild')")
    for _, statement in triggers:
        connection.execute(statement)
    why = json.dumps(
        {"lane": 2, "rank": 1, "policy": "spam", "headline": "Spam, 34%: 1 reporter", "terms": [], "policies": []}
    )
    connection.executemany(
        "INSERT INTO cases_case (item_type, item_id, kind, state, outcome, author_type, author_id, queue, policy, lane,"
        " rank, why, opened_at, changed_at, version)"
        " VALUES ('post', ?, 'review', 'open', '', 'account', ?, 'default', 'spam', 2, ?, ?, ?, ?, 1)",
        (
            (f"p{n}", f"u{n % 50_000}", random.Random(n).random() * 40, why, BASE + n * MICROS, BASE + n * MICROS)
            for n in range(cases)
        ),
    )
    connection.executemany(
        "INSERT INTO intake_report (report_id, event_id, item_type, item_id, reporter_kind, reporter_type, reporter_id,"
        " policy, reason, csam, reported_at, received_at, source, in_thread)"
        " VALUES (?, ?, 'post', ?, 'user', 'account', ?, 'spam', 'looks odd', 0, ?, ?, 'key:bench', '[]')",
        ((f"r{n}", f"{n:032x}", f"p{n}", f"u{n % 997}", BASE + n, BASE + n) for n in range(cases)),
    )
    connection.executemany(
        "INSERT INTO cases_casereport (case_id, report_id, reporter, policy, csam, received_at)"
        " SELECT id, ?, ?, 'spam', 0, ? FROM cases_case WHERE item_type = 'post' AND item_id = ?",
        ((f"r{n}", f"user account u{n % 997}", BASE + n, f"p{n}") for n in range(cases)),
    )
    _cluster(connection, cases)
    connection.execute("ANALYZE")
    connection.commit()
    connection.close()


def _cluster(connection: sqlite3.Connection, cases: int) -> None:
    """Every second case is one of a hundred that say the same."""
    clusters = max(1, cases // (2 * SAME))
    connection.executemany(
        "INSERT INTO cases_cluster (id, opened_at) VALUES (?, ?)", ((n + 1, BASE) for n in range(clusters))
    )
    connection.execute(f"UPDATE cases_case SET cluster_id = id / 2 % {clusters} + 1 WHERE id % 2 = 0")
    connection.execute(
        "UPDATE cases_case SET behind = 1 WHERE cluster_id IS NOT NULL AND id NOT IN (SELECT id FROM (SELECT id,"
        " row_number() OVER (PARTITION BY cluster_id, queue ORDER BY lane, rank DESC, id) AS n FROM cases_case"
        " WHERE cluster_id IS NOT NULL) WHERE n = 1)"
    )


def _items(count: int) -> Iterator[tuple[object, ...]]:
    chance = random.Random(1)
    for n in range(count):
        words = chance.choices(WORDS, k=12)
        text = f"harbour {' '.join(words)}{f' rare{n // 5000}' if n % 5000 == 0 else ''}"
        author = f"u{n % 50_000}"
        item = {
            "ref": {"type": "post", "id": f"p{n}"},
            "kind": "content",
            "data": {"text": text},
            "text": text,
            "creator": {"type": "account", "id": author},
        }
        at = BASE + n * MICROS // 50
        yield (f"p{n}", author, text, json.dumps(item), n % 1000, at, at, at)


if __name__ == "__main__":
    main()
