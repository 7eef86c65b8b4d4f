"""Intake through the real server, durable: accepted per second, p50 and p99, and how fast the worker folds.

The server is pinned to one core; the load (wrk), the worker and PostgreSQL share the other: `./run bench intake`.
Options: --seconds N (each load, default 8), --burst N (events folded from a standing start, default 100,000).
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import machine
from tests.support import platform, postgres
from tests.support.desk import EVENHAND, evenhand
from tests.support.processes import Child

LUA = Path(__file__).with_name("intake.lua")
WORDS = Path(__file__).with_name("words.txt")
LOADS = (
    ("single items", "item", 1, 1000, 0),
    ("single reports", "report", 1, 1000, 0),
    ("items, batches of 100", "item", 100, 10_000, 0),
    ("the same, with pauses of 35 ms", "item", 100, 10_000, 35),
)
"""Title, what is sent, how many at once, the aim in items/s, the mean pause of a connection in ms."""
COOP = """Coop, as measured elsewhere (one pinned core, rules, analytics and item history off; commit 1c1f54d):
  reports 47–64/s (p50 61–80 ms) · single items 92–110/s · items in batches of 50: 2,000–2,600/s ·
  RSS 289 MB idle, 399 MB after load"""
LEFT_OUT = """Items hold 30 random words, about 180 characters.
Left out: network (all on loopback), TLS, a real platform's mix of sizes, detectors of a large word list,
a warm-up of 2 s."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--burst", type=int, default=100_000)
    parser.add_argument("--databases", default="sqlite,postgres")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("This benchmark drives the server with wrk: apt-get install -y wrk")
    print(machine.describe())
    rows = [["database", "load", "accepted/s", "aim", "p50 ms", "p99 ms", "failed", "worker's lag after"]]
    folds = [["database", "burst", "folded/s", "aim", "lag at the end"]]
    for database in options.databases.split(","):
        with _server(database) as env:
            _intake(database, env, options.seconds, rows)
        with _server(database) as env:
            folds.append(_fold(database, env, options.burst))
    print(f"\n{machine.table(rows)}\n\n{machine.table(folds)}\n\n{_memory()}\n\n{COOP}\n{LEFT_OUT}")


@contextmanager
def _server(database: str) -> Iterator[dict[str, str]]:
    """Environment of a durable database: PostgreSQL with fsync on, pinned beside the load."""
    if database == "sqlite":
        yield {}
        return
    with postgres.server(postgres.DURABLE) as url, postgres.database(url, "evenhand_bench") as name:
        for process in psutil.process_iter(["name"]):
            if process.info["name"] == "postgres":
                process.cpu_affinity([machine.OTHER_CORE])
        yield {"DATABASE_URL": name}


def _prepare(folder: Path, env: Mapping[str, str]) -> str:
    evenhand("apply", platform.write(folder, hooks="http://127.0.0.1:9"), "--yes", data=folder, env=env)
    return evenhand("keys", "create", "bench", "--scope", "ingest,report,read", data=folder, env=env).strip()


@contextmanager
def _running(core: int, *arguments: str, folder: Path, env: Mapping[str, str], ready: str) -> Iterator[str]:
    command = machine.pinned(core, [str(EVENHAND), *arguments, "--data", str(folder)])
    with Child(command, env={"EVENHAND_CONFIG": "", **env}) as child:
        yield child.wait_for(ready, 60).partition(ready)[2].strip()


def _intake(database: str, env: Mapping[str, str], seconds: int, rows: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key = _prepare(folder, env)
        with (
            _running(
                machine.SERVER_CORE,
                "serve",
                "--port",
                "0",
                "--no-worker",
                folder=folder,
                env=env,
                ready="listening on ",
            ) as url,
            _running(machine.OTHER_CORE, "worker", folder=folder, env=env, ready="working"),
        ):
            for title, kind, batch, aim, pause in LOADS:
                _wrk(url, key, kind, batch, 2, pause=pause)
                figures = _wrk(url, key, kind, batch, seconds, pause=pause)
                rate = figures["requests"] * batch / figures["seconds"]
                rows.append([
                    database, title, f"{rate:,.0f}", f"≥ {aim:,}", f"{figures['p50']:.1f}", f"{figures['p99']:.1f}",
                    str(figures["failed"]), f"{_behind(folder, env):,} events",
                ])  # fmt: skip
                print("  ".join(rows[-1]), file=sys.stderr, flush=True)


def _wrk(url: str, key: str, kind: str, batch: int, seconds: int, *, pause: int = 0) -> dict[str, float]:
    env = {**os.environ, "BENCH_KIND": kind, "BENCH_BATCH": str(batch), "BENCH_KEY": key, "BENCH_WORDS": str(WORDS)}
    env["BENCH_PAUSE_MS"] = str(pause)
    command = ["wrk", "-t1", "-c32" if batch == 1 else "-c8", f"-d{seconds}s", "--latency", "-s", str(LUA), url]
    done = subprocess.run(
        machine.pinned(machine.OTHER_CORE, command), env=env, capture_output=True, text=True, check=True
    )
    line = next(line for line in done.stdout.splitlines() if line.startswith("FIGURES "))
    figures: dict[str, float] = json.loads(line.removeprefix("FIGURES "))
    return figures


def _fold(database: str, env: Mapping[str, str], burst: int) -> list[str]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key = _prepare(folder, env)
        with _running(
            machine.SERVER_CORE, "serve", "--port", "0", "--no-worker", folder=folder, env=env, ready="listening on "
        ) as url:
            while _behind(folder, env) < burst * 9 // 10:
                _wrk(url, key, "item", 100, 1)
            while _behind(folder, env) < burst:
                _wrk(url, key, "report", 1, 1)
        waiting = _behind(folder, env)
        with _running(machine.OTHER_CORE, "worker", folder=folder, env=env, ready="working"):
            started = time.monotonic()
            while (left := _behind(folder, env)) and time.monotonic() - started < 300:
                time.sleep(0.5)
            seconds = time.monotonic() - started
    return [database, f"{waiting:,}", f"{(waiting - left) / seconds:,.0f}", "≥ 3,000", f"{left:,}"]


def _behind(folder: Path, env: Mapping[str, str]) -> int:
    """Events that were accepted and are not folded yet."""
    script = (
        "import django; django.setup()\n"
        "from evenhand.desk.signals import queries, services\n"
        "from evenhand.desk.intake.services import event_log\n"
        "found = queries.progress()\n"
        "print(sum(one.behind for one in found) if found else event_log().lag(0, '').events)"
    )
    variables = {
        **os.environ,
        **env,
        "EVENHAND_DATA": str(folder),
        "EVENHAND_CONFIG": "",
        "DJANGO_SETTINGS_MODULE": "evenhand.desk.settings",
    }
    return int(
        subprocess.run([sys.executable, "-c", script], env=variables, capture_output=True, text=True, check=True).stdout
    )


def _memory() -> str:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key = _prepare(folder, {})
        command = [str(EVENHAND), "serve", "--port", "0", "--data", name]
        with Child(command, env={"EVENHAND_CONFIG": ""}) as child:
            url = child.wait_for("listening on ", 60).partition("listening on ")[2].strip()
            _wrk(url, key, "item", 100, 3)
            _wrk(url, key, "report", 1, 3)
            family = [psutil.Process(child.pid), *psutil.Process(child.pid).children(recursive=True)]
            rss = sum(process.memory_info().rss for process in family) / 1e6
            pss = sum(process.memory_full_info().pss for process in family) / 1e6
    return (
        f"serve with its worker after load: RSS {rss:.0f} MB in {len(family)} processes"
        f" (PSS, shared pages once: {pss:.0f} MB); aim: under 300 MB"
    )


if __name__ == "__main__":
    main()
