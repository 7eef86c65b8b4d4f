"""`./run test`: everything on SQLite, then what depends on the database on PostgreSQL; one closing line for both.

Arguments go to pytest. Exit code 0: something ran and nothing failed.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.support import chromium, postgres
from tests.support.tally import Tally, read

WORKERS = 3
"""More than the two cores: browsers and killed desks are mostly waited for."""
EXPECTED = (0, 1, 5)
"""pytest's exit codes: all passed, some failed, none selected. Any other is a failure of its own."""
PYTEST = (
    sys.executable,
    "-m",
    "pytest",
    "-n",
    str(WORKERS),
    "--dist",
    "loadfile",
    "--no-loadscope-reorder",
    "--durations=15",
)


def main(arguments: Sequence[str]) -> int:
    chromium.find_or_install()
    on_sqlite = _pytest("everything, on SQLite", arguments, {})
    with postgres.server() as server:
        database = {"DATABASE_URL": f"{server.rpartition('/')[0]}/evenhand", "EVENHAND_TEST_ONLY": "database"}
        on_postgres = _pytest("what depends on the database, on PostgreSQL", arguments, database)
    total = on_sqlite + on_postgres
    print(f"\n{total}", flush=True)
    return 1 if total.failed or not total.passed else 0


def _pytest(title: str, arguments: Sequence[str], variables: Mapping[str, str]) -> Tally:
    print(f"\n== {title}", flush=True)
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    with tempfile.TemporaryDirectory(prefix="evenhand-tally-") as folder:
        file = Path(folder) / "tally.json"
        environment = {**inherited, **variables, "EVENHAND_TEST_TALLY": str(file)}
        done = subprocess.run([*PYTEST, *arguments], env=environment, check=False)
        tally = read(file)
    if done.returncode in EXPECTED or tally.failed:
        return tally
    return tally + Tally(failed=1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
