"""Every dependency with its reason and its licence, from docs/reasons.toml."""

import re
import tomllib
from pathlib import Path

from docs.pages import markdown

ROOT = Path(__file__).resolve().parents[2]
INTRODUCTION = """\
What Evenhand stands on, and why; from `docs/reasons.toml`, checked against `pyproject.toml` by a test. The exact
versions, with their hashes, and what these packages need in turn, are in `requirements.lock` and
`requirements-dev.lock`.

Evenhand itself is under the Apache License 2.0. What is installed with it is permissively licensed, save **psycopg**
(LGPL-3.0): it is used unmodified, as a library of its own that you may replace, and only where the desk runs on
PostgreSQL; and **publicsuffixlist** (MPL-2.0), which is used unmodified, too."""


def reasons() -> dict[str, dict[str, str]]:
    return tomllib.loads((ROOT / "docs/reasons.toml").read_text("utf-8"))


def declared() -> dict[str, str]:
    """Each dependency named in pyproject.toml, with its group: "run" or the name of the extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    groups = {"run": project["dependencies"], **project["optional-dependencies"]}
    return {name(requirement): group for group, requirements in groups.items() for requirement in requirements}


def name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return found.group().lower()


def page() -> str:
    known = reasons()
    head = ("package", "licence", "why")

    def rows(group: str) -> list[tuple[str, str, str]]:
        entries = ((key, known[key]) for key, its_group in declared().items() if its_group == group)
        return [(f"`{key}`", entry["licence"], entry["why"]) for key, entry in entries]

    return markdown.page(
        "Dependencies",
        INTRODUCTION,
        "## To run a desk",
        markdown.table(head, rows("run")),
        "## To work on it",
        markdown.table(head, rows("dev")),
    )
