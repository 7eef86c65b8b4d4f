"""HMA's API over a bank of 1,000,000 PDQ hashes: single lookups and batches, one worker on one core, over HTTP.

Needs wrk (apt-get install wrk). Options: --size ENTRIES, --seconds S of each load.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from bench import machine
from tests.support import platform
from tests.support.desk import EVENHAND, evenhand
from tests.support.processes import Child

Rows = npt.NDArray[np.uint8]
LUA = Path(__file__).with_suffix(".lua")
MANY = 500
LOADS = (
    ("/m/raw_lookup, one signal", "/m/raw_lookup", 0, "≥ 2,500", "374–402"),
    ("/m/lookup, one signal", "/m/lookup", 0, "≥ 2,500", "228–247"),
    (f"POST /m/lookup, {MANY} signals", "/m/lookup", MANY, "≥ 50,000", "none"),
)
LEFT_OUT = f"""\
HMA 1.1.7 as measured elsewhere (1 gunicorn worker on one pinned core, PostgreSQL on the other, 1,000,000 hashes, c=4):
  /m/raw_lookup 374–402/s, /m/lookup 228–247/s, no batches; worker 813 MB.
4 connections (2 for batches of {MANY}); half of the asked are within 31 bits of one in the bank. Hashes are uniform.
Per second of CPU: of the worker's own, whatever else this machine does meanwhile.
Left out: hashing of uploads, TLS, networks (all on loopback), a bank that changes meanwhile."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=int, default=6)
    given = parser.parse_args()
    print(machine.describe(), flush=True)
    with tempfile.TemporaryDirectory(prefix="evenhand-bench-") as folder:
        run(Path(folder), given.size, given.seconds)


def run(folder: Path, size: int, seconds: int) -> None:
    chance = np.random.default_rng(7)
    bank = chance.integers(0, 256, (size, 32), np.uint8)
    listed = folder / "bank.csv"
    listed.write_text("\n".join(row.tobytes().hex() for row in bank) + "\n")
    asked = folder / "asked.txt"
    asked.write_text("\n".join(row.tobytes().hex() for row in _asked(bank, chance)) + "\n")
    data = folder / "desk"
    evenhand("apply", platform.write(folder, hooks="http://127.0.0.1:9/"), "--yes", data=data)
    evenhand("media", "bank", "create", "BENCH", "--policy", "spam", data=data)
    print(f"Taking in {size:,} hashes …", flush=True)
    subprocess.run(
        [EVENHAND, "media", "bank", "import", "BENCH", listed, "--kind", "pdq", "--data", data],
        check=True,
        capture_output=True,
    )
    command = machine.pinned(machine.SERVER_CORE, [str(EVENHAND), "hma", "--data", str(data), "--port", "0"])
    with Child(command, env={"EVENHAND_CONFIG": "", "EVENHAND_DATA": str(data)}) as child:
        url = child.wait_for("listening on ").partition("listening on ")[2].strip()
        _until_loaded(url)
        worker = _worker(child.pid)
        rows = [["load", "hashes/s", "aim", "HMA, elsewhere", "per second of CPU", "p50 ms", "p99 ms", "failed"]]
        for name, path, many, aim, theirs in LOADS:
            _load(url, asked, path, many, 1)
            before = _cpu_seconds(worker)
            requests, took, p50, p99, failed = _load(url, asked, path, many, seconds)
            hashes, used = requests * max(1, many), _cpu_seconds(worker) - before
            rates = f"{hashes / took:,.0f}", aim, theirs, f"{hashes / used:,.0f}"
            rows.append([name, *rates, f"{p50:.2f}", f"{p99:.2f}", f"{failed:.0f}"])
        print(machine.table(rows))
        rss, pss = _memory(worker)
        print(f"\nWorker: RSS {rss:.0f} MB (aim: under 300), PSS {pss:.0f} MB\n\n{LEFT_OUT}")


def _asked(bank: Rows, chance: np.random.Generator, count: int = 20_000) -> Rows:
    """Half of them near an entry, half anywhere."""
    near = bank[chance.integers(len(bank), size=count // 2)].copy()
    for row in near:
        for bit in chance.choice(256, chance.integers(0, 31), replace=False):
            row[bit // 8] ^= 1 << (bit % 8)
    rows = np.concatenate([near, chance.integers(0, 256, (count // 2, 32), np.uint8)])
    chance.shuffle(rows)
    return rows


def _load(url: str, asked: Path, path: str, many: int, seconds: int) -> tuple[float, ...]:
    connections = 2 if many else 4
    command = machine.pinned(
        machine.OTHER_CORE, ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(LUA), url]
    )
    env = {**os.environ, "HASHES": str(asked), "ASKED": path, "MANY": str(many)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT"))
    requests, micros, p50, p99, failed = map(float, line.split()[1:])
    return requests, micros / 1e6, p50, p99, failed


def _until_loaded(url: str) -> None:
    for _ in range(600):
        try:
            if urlopen(f"{url}/status", timeout=5).status == 200:
                return
        except HTTPError:
            pass
        time.sleep(0.2)
    raise SystemExit("The index was not loaded within two minutes.")


def _worker(parent: int) -> int:
    """The largest process below the command."""
    found = subprocess.run(["ps", "-eo", "pid=,ppid=,rss="], capture_output=True, text=True, check=True)
    rows = [tuple(map(int, line.split())) for line in found.stdout.splitlines()]
    family = {parent}
    for _ in range(4):
        family |= {pid for pid, ppid, _ in rows if ppid in family}
    return max((rss, pid) for pid, _, rss in rows if pid in family - {parent})[1]


def _cpu_seconds(pid: int) -> float:
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> tuple[float, float]:
    """RSS and PSS in MB."""
    lines = dict(line.split(":") for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
    return int(lines["Rss"].split()[0]) / 1024, int(lines["Pss"].split()[0]) / 1024


if __name__ == "__main__":
    main()
