"""The index of the decision records, from their first lines."""

from pathlib import Path

from docs.pages import markdown

FOLDER = Path(__file__).resolve().parents[1] / "decisions"
INTRODUCTION = """\
One page for each decision that surprised us: context, decision, consequences, alternatives. A page is not rewritten; a
later one may say that it no longer holds."""


def page() -> str:
    records = sorted(FOLDER.glob("[0-9]*.md"))
    return markdown.page(
        "Decisions", INTRODUCTION, "\n".join(f"- [{_title(record)}]({record.name})" for record in records)
    )


def _title(record: Path) -> str:
    """Its number and its words, however the author wrote the number."""
    words = record.read_text("utf-8").splitlines()[0].lstrip("# 0123456789.")
    return f"{record.name[:4]} {words}"
