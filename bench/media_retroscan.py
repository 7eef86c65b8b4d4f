"""The retro-scan: new entries against everything that was seen before, in the archive alone and in the desk.

The archive in both layouts: its rows indexed, shard by shard, and asked about the entries (what the desk does from
3,000 entries on); or the entries indexed, and the rows streamed past them. Two processes. Then the desk's whole way,
through `evenhand media retroscan` on SQLite: the archive filled from the database, asked, each hit looked up and told
as an event. Memory is the sum over all processes, as PSS, looked at ten times a second.

Options: --rows N of the archive (default 4,000,000), --seen N of the desk (default 300,000), --new N entries (10,000),
--full: 100,000,000 and 2,000,000 (4 GB of disk, 10 minutes, most of them to make the hashes).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import psutil

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from bench import machine
from evenhand.engine.media.hamming import HammingIndex
from evenhand.runtime.archive import ROWS, Archive, Extent, read
from evenhand.runtime.archivescan import scan
from evenhand.runtime.index import map_index, save_index

Rows = npt.NDArray[np.uint8]
EACH, TOLD, EXACT = 100, 1_000, 0.1
AIM = "Aim: 100,000,000 rows against 10,000 entries in under 3 minutes on 2 cores, under 4 GB."
LEFT_OUT = """\
"On 2 free cores" is processor time halved: what the clock would say if nobody shared the machine.
Left out: PostgreSQL, videos, a list whose entries are near each other or near very many rows. Hashes are of uniform
chance; those planted are 0 to 31 bits away, and one in ten rows of the desk is a hash of bytes."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=4_000_000)
    options.add_argument("--seen", type=int, default=300_000)
    options.add_argument("--new", type=int, default=10_000)
    options.add_argument("--full", action="store_true")
    options.add_argument("--seed", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.seed:
        seed(given.seen, given.new)
        return
    if given.full:
        given.rows, given.seen = 100_000_000, 2_000_000
    print(machine.describe(), "\n" + AIM + "\n", flush=True)
    if given.rows:
        in_archive(given.rows, given.new)
    if given.seen:
        in_desk(given.seen, given.new)
    print("\n" + LEFT_OUT)


def in_archive(count: int, entries: int) -> None:
    chance = np.random.default_rng(5)
    with tempfile.TemporaryDirectory(prefix="evenhand-bench-") as name:
        folder, file = Path(name) / "archive", Path(name) / "new.index"
        new = uniform(entries, chance)
        save_index(file, HammingIndex(new, np.arange(entries)), position=0)
        archive = Archive(folder)
        planted = 0
        for first in range(0, count, ROWS):
            rows = uniform(min(ROWS, count - first), chance)
            rows[:EACH] = moved(new[chance.integers(entries, size=EACH)], chance)
            planted += EACH
            archive.append(rows, np.arange(first, first + len(rows)))
        extents = archive.extents()
        table = [["layout", "s", "s of processor", "M rows/s", "100M in s", "on 2 free cores", "peak MB", "found"]]
        for layout, way in (("rows indexed, entries asked", as_the_desk), ("entries indexed, rows asked", streamed)):
            found, wall, processor, peak = measured(lambda way=way: way(folder, extents, file))
            figures = [f"{wall:.1f}", f"{processor:.1f}", f"{count / wall / 1e6:.2f}", f"{wall * 1e8 / count:.0f}"]
            figures.append(f"{processor * 1e8 / count / 2:.0f}")
            table.append([layout, *figures, f"{peak / 1e6:.0f}", f"{found:,} of {planted:,}"])
        print(f"The archive: {count:,} rows, {entries:,} entries\n\n{machine.table(table)}\n", flush=True)


def as_the_desk(folder: Path, extents: list[Extent], file: Path) -> int:
    return sum(len(part.ids) for part in scan(folder, extents, file, after=-1))


def streamed(folder: Path, extents: list[Extent], file: Path) -> int:
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        return sum(pool.map(stream_one, [(folder, one, file) for one in extents]))


def stream_one(task: tuple[Path, Extent, Path]) -> int:
    folder, extent, file = task
    index, _ = map_index(file)
    return sum(len(index.search_many(block.hashes, 31).ids) for block in read(folder, extent))


def in_desk(count: int, entries: int) -> None:
    with tempfile.TemporaryDirectory(prefix="evenhand-bench-") as name:
        environment = {**os.environ, "EVENHAND_DATA": name, "EVENHAND_CONFIG": ""}
        environment.pop("DATABASE_URL", None)
        again = [sys.executable, __file__, "--seed", "--seen", str(count), "--new", str(entries)]
        subprocess.run(again, env=environment, check=True, stdout=subprocess.DEVNULL)
        table = [["scan", "s", "of them scanning", "s of processor", "seen rows/s", "peak MB", "hits"]]
        for title in ("an empty archive, filled first", "a filled archive"):
            told, wall, processor, peak = measured(lambda: json.loads(command(environment, "retroscan", "--json")))
            scanning = told["seconds"]
            figures = [f"{wall:.1f}", f"{scanning:.1f}", f"{processor:.1f}", f"{count / scanning:,.0f}"]
            table.append([title, *figures, f"{peak / 1e6:.0f}", f"{told['hits']:,} of {TOLD:,}"])
            again_new(environment)
        print(f"The desk: {count:,} seen media, {entries:,} new entries, {TOLD:,} hits\n\n{machine.table(table)}")


def again_new(environment: dict[str, str]) -> None:
    """The same entries are new once more; what was told of them is told again, by a scan of its own."""
    script = (
        "import django; django.setup()\n"
        "from evenhand.desk import sql\n"
        'sql.run("INSERT INTO media_change (entry_id, kind, what) SELECT entry_id, kind, what FROM media_change")\n'
    )
    settings = {**environment, "DJANGO_SETTINGS_MODULE": "evenhand.desk.settings"}
    subprocess.run([sys.executable, "-c", script], env=settings, check=True)


def command(environment: dict[str, str], *arguments: str) -> str:
    evenhand = Path(sys.executable).with_name("evenhand")
    done = subprocess.run(
        [evenhand, "media", *arguments], env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def seed(count: int, entries: int) -> None:
    """A desk with a bank of new entries, and media that were seen: some of them near an entry."""
    from evenhand.cli.common import ready_database, setup_django

    setup_django()
    ready_database()
    from evenhand.cli.demo import desk

    desk._apply_platform(8099)  # noqa: SLF001 - of what the demo prepares, this alone
    from django.db import transaction

    from evenhand.desk import sql
    from evenhand.desk.media import services
    from evenhand.desk.policies import queries
    from evenhand.engine.media.listing import Listed

    chance = np.random.default_rng(7)
    policy = next(iter(queries.current(fresh=True).policies))
    services.make_bank("BENCH", policy=policy, actor="system:bench")
    source = services.make_source("bench-list", bank="BENCH", kind="example", actor="system:bench")
    new = uniform(entries, chance)
    with transaction.atomic():
        services.upsert(source, [Listed(key=f"e{n}", hashes={"pdq": one.tobytes()}) for n, one in enumerate(new)])
    columns = ("kind", "value", "digest", "item_type", "item_id", "field", "url", "flat", "whole", "medium", "at")
    planted = set(chance.choice(count, TOLD, replace=False).tolist())
    for first in range(0, count, 50_000):
        rows = uniform(min(50_000, count - first), chance)
        exact = chance.random(len(rows)) < EXACT
        here = [n for n in range(len(rows)) if first + n in planted]
        if here:
            rows[here] = moved(new[chance.integers(entries, size=len(here))], chance)
            exact[here] = False
        given = [_seen(first + n, one, is_exact=exact[n]) for n, one in enumerate(rows)]
        sql.insert_many("media_seen", columns, given)


def _seen(number: int, one: Rows, *, is_exact: bool) -> tuple[Any, ...]:
    kind, value = ("md5", one[:16].tobytes()) if is_exact else ("pdq", one.tobytes())
    url = f"https://media.example/{number}.jpg"
    return kind, value, value[:16], "post", str(number), "image", url, False, True, "", 1


def uniform(count: int, chance: np.random.Generator) -> Rows:
    return chance.integers(0, 256, (count, 32), dtype=np.uint8)


def moved(rows: Rows, chance: np.random.Generator) -> Rows:
    """Each row with 0 to 31 of its bits changed."""
    order = chance.random((len(rows), 256)).argsort(axis=1)
    change = (order < chance.integers(0, 32, len(rows))[:, None]).astype(np.uint8)
    return np.packbits(np.unpackbits(rows, axis=1) ^ change, axis=1)


def measured(work: Callable[[], Any]) -> tuple[Any, float, float, int]:
    """What it answers; seconds by the clock and of the processor, with its children; the most memory."""
    before, began = os.times(), time.perf_counter()
    with watched() as most:
        answer = work()
    wall, after = time.perf_counter() - began, os.times()
    return answer, wall, sum(after[:4]) - sum(before[:4]), max(most)


@contextmanager
def watched() -> Iterator[list[int]]:
    """Bytes that this process's children have, and it itself, as time goes by."""
    most, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            me = psutil.Process()
            most.append(sum(map(proportional, [me, *me.children(recursive=True)])))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield most
    finally:
        over.set()
        thread.join()


def proportional(process: psutil.Process) -> int:
    try:
        return process.memory_full_info().pss
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0


if __name__ == "__main__":
    main()
