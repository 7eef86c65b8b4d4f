"""Writes the pages that are generated: `./run docs`. With --check it writes nothing, and fails when one is stale."""

import sys
from collections.abc import Callable
from pathlib import Path

from docs.pages import api, commands, configuration, decisions, dependencies, platform_document, rules

FOLDER = Path(__file__).parent
PAGES: dict[str, Callable[[], str]] = {
    "decisions/README.md": decisions.page,
    "dependencies.md": dependencies.page,
    "reference/api-v1.md": api.page_v1,
    "reference/api-v2.md": api.page_v2,
    "reference/commands.md": commands.page,
    "reference/configuration.md": configuration.page,
    "reference/platform.md": platform_document.page,
    "reference/rules.md": rules.page,
}


def stale() -> list[str]:
    return [name for name, page in PAGES.items() if _read(FOLDER / name) != page()]


def write(names: list[str]) -> None:
    for name in names:
        (FOLDER / name).parent.mkdir(exist_ok=True)
        (FOLDER / name).write_text(PAGES[name](), "utf-8")


def _read(file: Path) -> str:
    return file.read_text("utf-8") if file.exists() else ""


def main(arguments: list[str]) -> int:
    names = stale()
    if "--check" not in arguments:
        write(names)
        print("\n".join(f"wrote docs/{name}" for name in names) or "Every generated page is current.")
        return 0
    print("\n".join(f"stale: docs/{name} (./run docs writes it anew)" for name in names))
    return bool(names)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
