"""kill -9 while new entries are held against what was seen: while the archive is filled, while its shards are asked by
processes, while hits are told. Each planted hash is found and told once, and the archive has all rows, once each.

EVENHAND_TEST_KILL_ROUNDS sets how many rounds (3 in CI; the full run is 100).
"""

import json
import os
import random
import shutil
import subprocess
import sys
import time

import numpy as np
import psutil
import pytest

from tests.support import platform
from tests.support.desk import evenhand
from tests.support.processes import Child, Gone

ROUNDS = int(os.environ.get("EVENHAND_TEST_KILL_ROUNDS", "3"))
SEEN, SHARD, PLANTED = 9_000, 1_000, 12
pytestmark = [pytest.mark.faults, pytest.mark.timeout(120 + ROUNDS * 20)]
SEED = """
import django, sys; django.setup()
import numpy as np
from evenhand.desk.media.models import Seen
hashes = np.load(sys.argv[1])
Seen.objects.bulk_create([
    Seen(kind="pdq", value=one.tobytes(), digest=one.tobytes()[:16], item_type="post", item_id=str(n), field="image",
         url=f"https://m.example/{n}", at=1)
    for n, one in enumerate(hashes)
], batch_size=1000)
"""
SCAN = """
import django, sys; django.setup()
from datetime import timedelta
from evenhand.desk.media.models import RetroScan
from evenhand.desk.media.services import archiving, retroscan
from evenhand.runtime import archivescan
from evenhand.runtime.archive import Archive
Archive.__init__.__kwdefaults__["rows"] = int(sys.argv[1])
archiving.FLUSH = archivescan.ROWS = 500  # so that filling takes many steps, and asking takes processes
if __name__ == "__main__":
    retroscan.begin()
    RetroScan.objects.update(leased_until=0)
    scan = retroscan.claim()
    if scan is None:
        print("ended", flush=True)
        sys.exit()
    scanner = retroscan.Scanner(scan, grace=timedelta(0))
    while not scanner.step():
        print("step", scan.looked, flush=True)
    print("ended", flush=True)
"""
LOOK = """
import django, json; django.setup()
from evenhand.desk.intake.services import event_log
from evenhand.desk.media.models import Match, RetroScan
from evenhand.desk.media.services import archiving
from evenhand.desk.signals.models import Signal
from evenhand.desk.signals.services import DeskStore
from evenhand.runtime.archive import blocks, shard_path, shards
from evenhand.runtime.worker import PartitionWorker
worker = PartitionWorker(event_log(), DeskStore(), owner="test", batch_events=100)
while worker.step():
    pass
folder = archiving.folder() / "pdq"
ids = [int(one) for n in shards(folder) for block in blocks(shard_path(folder, n)) for one in block.ids]
scans = RetroScan.objects.all()
print(json.dumps([
    sorted(Match.objects.values_list("item_id", flat=True)),
    sorted(Signal.objects.filter(detector="media:KNOWN").values_list("item_id", flat=True)),
    sum(one.hits for one in scans), all(one.ended_at for one in scans), len(ids), len(set(ids)),
]))
"""


def test_a_search_of_what_was_seen_finds_everything_once_whatever_is_killed(tmp_path):
    chance = random.Random(3)
    hashes = np.random.default_rng(3).integers(0, 256, (SEEN, 32), dtype=np.uint8)
    order = chance.sample(range(SEEN), SEEN)
    planted: list[int] = []
    env = {**os.environ, "EVENHAND_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "evenhand.desk.settings"}
    evenhand("apply", platform.write(tmp_path, hooks="http://127.0.0.1:9"), "--yes", data=tmp_path)
    evenhand("media", "bank", "create", "KNOWN", "--policy", "spam", data=tmp_path)
    np.save(tmp_path / "seen.npy", hashes)
    run(SEED, str(tmp_path / "seen.npy"), env=env)
    (tmp_path / "scan.py").write_text(SCAN)

    kills, ended = 0, True
    for _ in range(ROUNDS):
        if ended:
            some = [order.pop() for _ in range(PLANTED)]
            planted += some
            near = hashes[some]
            near[:, 7] ^= 0b101
            (tmp_path / "near.txt").write_text("".join(one.tobytes().hex() + "\n" for one in near))
            evenhand("media", "bank", "import", "KNOWN", tmp_path / "near.txt", "--kind", "pdq", data=tmp_path)
            shutil.rmtree(tmp_path / "media" / "seen", ignore_errors=True)
        ended = not killed(tmp_path, env, chance)
        kills += not ended
    assert kills, "none was killed before its end"
    with Child([sys.executable, tmp_path / "scan.py", str(SHARD)], env=env) as last:
        last.wait_for("ended", 60)
    matches, signals, hits, ended, rows, ids = json.loads(run(LOOK, env=env))
    assert matches == signals == sorted(str(n) for n in planted)
    assert (hits, ended) == (len(planted), True)
    assert (rows - rows % 500, ids) == (SEEN, SEEN), "of a row that was written twice after a kill, few are there"
    print(f"killed {kills} times of {ROUNDS}")


def killed(folder, env, chance) -> bool:
    """Begins to scan, and is killed after some steps: all of its processes, or only the one that the others serve."""
    with Child([sys.executable, folder / "scan.py", str(SHARD)], env=env) as child:
        try:
            for _ in range(chance.randrange(1, 14)):
                child.wait_for("step", 60)
        except Gone:
            return False
        time.sleep(chance.uniform(0.0, 0.03))
        others = psutil.Process(child.pid).children(recursive=True)
        if chance.random() < 0.5:
            os.kill(child.pid, 9)
            _, left = psutil.wait_procs(others, timeout=15)
            assert not left, "they end with the process that they serve"
        child.kill()
    return True


def run(script: str, *arguments: str, env: dict[str, str]) -> str:
    return subprocess.run(
        [sys.executable, "-c", script, *arguments], env=env, capture_output=True, text=True, check=True, timeout=120
    ).stdout
