"""The rule language, in short, and every function that rules may call, from its own signature and docstring."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

from docs.pages import markdown
from evenhand.engine.detect import ruleview
from evenhand.engine.rules import functions
from evenhand.engine.rules.function import Function
from evenhand.engine.rules.query import functions as query_functions

INTRODUCTION = """\
Rules are written in SML, the language of Osprey. [How to write them](../how-to/write-rules.md) goes through it step by
step; [Rules](../explanation/rules.md) says where they run, and how far they may go."""
COSTS = ((2, "little"), (10, "some"), (30, "more"))
"""The most that a function of each class takes, where a comparison takes 1; what takes more is "much"."""
TITLES = {
    "forms": "The language itself",
    "labels": "Labels",
    "effects": "What the platform and the desk are asked to do",
    "counters": "Counting over time",
    "strings": "Strings",
    "clean": "Strings in one form",
    "search": "Words and patterns",
    "words": "Word lists",
    "lists": "Lists",
    "casts": "One type made of another",
    "domains": "Hosts, links, addresses, cookies",
    "contacts": "E-mail addresses and telephone numbers",
    "times": "Time",
    "encoding": "Encoding and hashes",
    "chance": "Chance",
    "experiments": "Experiments",
    "atproto": "The AT Protocol",
}
FUNCTIONS = f"""\
## Functions

Arguments are given by name. What a function takes is {", ".join(f"*{name}* (up to {most})" for most, name in COSTS)} or
*much*, where a comparison takes 1. *Asks the state*: it reads what earlier events left, or asks for chance or the
network; the same arguments may give something else for another event. A value that a function cannot give is FAILED;
*Error* says when that is told, *No value* when it is not.

With a function of your own, rules ask what only you know: a plain typed Python function that an installed package names
as an entry point of `evenhand.functions`: [add functions of your own](../how-to/add-functions.md). How to run rules
without a desk: [rules in Python](python.md)."""
COUNTERS = """\
**What a count is worth.** It goes by the time of the events, in whatever order they come, and an event that comes
again under its id counts once. It is exact for an event up to `lateness_seconds` (of the project's configuration;
otherwise an hour, or the window where that is longer) behind the newest event of its key. For one that is older the
value is FAILED, and the error says how late it came. Below 1,000 a count is exact; from 1,000 on there are at least
so many, and a late event whose window reaches back beyond the last 1,000 of its key is FAILED. All this holds for
`IncrementWindow`, `Count`, `CountDistinct`, `Rate` and `Surge`. `FirstSeen` and `SecondsSinceFirstSeen` keep the
earliest time of a key, whatever comes late, until nothing was noted under it for 13 months: then it is new again."""
QUERIES = """\
## Functions of queries

A query is a condition that is asked of stored events: `Text != '' and DidAddLabel(label_name='hasty')`, perhaps behind
lines that give names. It may call every function above that gives the same for the same event, and these.

The console asks items: for `DidAddLabel`, `DidRemoveLabel` and `DidDeclareVerdict`, what canaries and live rules made
of any of an item's events counts."""


def page() -> str:
    language = (Path(__file__).parent / "rules_language.md").read_text("utf-8").strip()
    families = [_family(name, family.functions.values()) for name, family in functions.FAMILIES.items()]
    queries = "\n\n".join([QUERIES, *map(_function, query_functions.FAMILY.functions.values())])
    return markdown.page("The rule language", INTRODUCTION, language, _events(), FUNCTIONS, *families, queries)


def _events() -> str:
    """What rules see of an event of the desk, as its module tells it."""
    first, *paragraphs = (ruleview.__doc__ or "").strip().split("\n\n")
    told = [f"```text\n{textwrap.dedent(one)}\n```" if one[:1] == " " else one for one in paragraphs]
    return "\n\n".join(["## What rules see of an event", first, *told])


def _family(name: str, some: Iterable[Function]) -> str:
    told = markdown.first_paragraph(import_module(f"{functions.__name__}.{name}").__doc__)
    more = [COUNTERS] if name == "counters" else []
    return "\n\n".join([f"### {TITLES[name]}", told, *more, *map(_function, some)])


def _function(function: Function) -> str:
    asks = "" if function.pure else " · asks the state"
    doc = "\n\n".join(" ".join(one.split()) for one in function.doc.split("\n\n"))
    signature = f"```python\n{function.signature}\n```"
    return "\n\n".join([f"#### `{function.name}`", signature, doc, f"*Takes {_cost(function.cost)}{asks}.*"])


def _cost(cost: int) -> str:
    return next((name for most, name in COSTS if cost <= most), "much")
