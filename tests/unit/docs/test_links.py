"""No page of the documentation is lost, and no link leads nowhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"
PAGES = sorted([*(page for page in DOCS.rglob("*.md") if DOCS / "pages" not in page.parents), *ROOT.glob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def links(page):
    text = FENCED.sub("", page.read_text("utf-8"))
    return [target for target in LINK.findall(text) if "://" not in target and not target.startswith(("#", "mailto:"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page):
    for target in links(page):
        assert (page.parent / target.partition("#")[0]).exists(), target


def test_every_page_is_in_the_index_of_the_documentation():
    indexes = [DOCS / "README.md", DOCS / "decisions/README.md"]
    listed = {(index.parent / target.partition("#")[0]).resolve() for index in indexes for target in links(index)}
    lost = {page for page in PAGES if DOCS in page.parents} - listed - set(indexes)
    assert not lost
