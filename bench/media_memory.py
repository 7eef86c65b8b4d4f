"""Memory of `evenhand serve` with known hashes in its banks: RSS and PSS of each of its processes.

Perceptual hashes are in an index file, which the process that matches has mapped: these pages count as its RSS, though
they are the file's, and are in memory once for all processes. Other hashes are looked up in the database. Measured
when it has just begun, when it has built its index and matched, and when it has begun again and only mapped it.

Options: --entries N of each of PDQ and SHA-256 (default 100,000), --full: 1,000,000 (5 minutes, most of them to take
the hashes in).
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import numpy as np
import psutil

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from bench import machine
from tests.support import platform
from tests.support.desk import EVENHAND, Desk, evenhand, serving

MATCHED, SETTLED_SECONDS = 1_500, 40
AIM = "Aim: with 1,000,000 PDQ hashes the process that matches stays under 300 MB (332 before)."
LEFT_OUT = "Left out: PostgreSQL's own memory, the decoder's processes, a desk with people at it."
MB = 1_048_576


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--entries", type=int, default=100_000)
    options.add_argument("--full", action="store_true")
    given = options.parse_args()
    entries = 1_000_000 if given.full else given.entries
    print(machine.describe(), f"\n{AIM}\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="evenhand-bench-") as folder:
        table = list(_measured(Path(folder), entries))
    print(f"{machine.table(table)}\n\n{LEFT_OUT}")


def _measured(folder: Path, entries: int) -> Iterator[list[str]]:
    data = folder / "desk"
    evenhand("apply", platform.write(folder, hooks="http://127.0.0.1:9/"), "--yes", data=data)
    key = evenhand("keys", "create", "bench", "--scope", "ingest", data=data).split()[-1]
    yield ["", "process", "RSS MB", "PSS MB", "of it the index"]
    with serving(data) as desk:
        yield from _told("no bank", desk)
    known = _take_in(folder, data, "PDQ", "pdq", entries)
    for when in (f"{entries:,} PDQ, index built", "begun again, index mapped"):
        with serving(data) as desk:
            _match(desk, key, known, when)
            yield from _told(when, desk)
    _take_in(folder, data, "SHA", "sha256", entries)
    with serving(data) as desk:
        _match(desk, key, known, "both")
        yield from _told(f"and {entries:,} SHA-256", desk)


def _take_in(folder: Path, data: Path, bank: str, kind: str, entries: int) -> list[str]:
    rows = np.random.default_rng(len(kind)).integers(0, 256, (entries, 32), dtype=np.uint8)
    values = [row.tobytes().hex() for row in rows]
    file = folder / f"{kind}.csv"
    file.write_text("\n".join(values))
    evenhand("media", "bank", "create", bank, "--policy", "spam", data=data)
    command = [EVENHAND, "media", "bank", "import", bank, file, "--kind", kind, "--data", data]
    subprocess.run(command, check=True, capture_output=True)
    return values[:MATCHED]


def _match(desk: Desk, key: str, known: list[str], when: str) -> None:
    """Hashes of as many media are sent, all of which match; until the new entries' search, too, has ended."""
    media = [
        {"item": {"type": "post", "id": f"{when} {number}"}, "field": "image", "hashes": {"pdq": value}}
        for number, value in enumerate(known)
    ]
    for first in range(0, len(media), 50):
        body = json.dumps({"media": media[first : first + 50]}).encode()
        headers = {"X-API-KEY": key, "Content-Type": "application/json"}
        urlopen(Request(f"{desk.url}/api/v2/media/hashes", body, headers)).close()
    time.sleep(SETTLED_SECONDS)


def _told(when: str, desk: Desk) -> Iterator[list[str]]:
    parent = psutil.Process(desk.process.pid)
    for name, process in (("begins it", parent), *(("serves", child) for child in parent.children())):
        memory = process.memory_full_info()
        index = sum(one.rss for one in process.memory_maps() if one.path.endswith(".index"))
        yield [when, name, *(f"{count / MB:.0f}" for count in (memory.rss, memory.pss, index))]


if __name__ == "__main__":
    main()
