"""The document as TOML, there and back."""

import tomllib

from hypothesis import given

from evenhand.engine.platform import Destination, Platform, Policy, WordList, export, parse
from evenhand.engine.platform.shape import read
from tests.unit.engine.platform_values import CATEGORIES, HARBOUR, platforms


@given(platforms)
def test_every_document_comes_back_the_same(platform):
    reading = read(tomllib.loads(export(platform)))
    assert reading.problems == ()
    assert reading.platform == platform


def test_a_document_that_passed_the_checks_passes_them_again():
    platform = parse(HARBOUR, categories=CATEGORIES)
    assert parse(export(platform), categories=CATEGORIES) == platform


def test_it_reads_well():
    platform = Platform(
        name="Harbour",
        policies=(
            Policy(id="spam", name="Spam", text='No "spam".\nAt all.', harm=2.0, codes={"coop": "17", "a b": "x"}),
        ),
        destinations=(Destination(id="d", url="https://harbour.example", timeout_seconds=2.5),),
        lists=(WordList(id="l", kind="keyword", policy="spam", terms=tuple(f"word {n}" for n in range(12))),),
    )
    assert export(platform).startswith('''\
name = "Harbour"

[[policies]]
id = "spam"
name = "Spam"
text = """
No \\"spam\\".
At all."""
harm = 2
codes = { coop = "17", "a b" = "x" }

[[destinations]]
id = "d"
url = "https://harbour.example"
timeout_seconds = 2.5

[[lists]]
id = "l"
kind = "keyword"
policy = "spam"
terms = [
  "word 0",
  "word 1",
''')
