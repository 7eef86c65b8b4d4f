"""What a judged person is told: which template, in which language, its placeholders filled or refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from evenhand.engine.platform.document import Template

When = Literal["act", "hold", "hold_by_person", "back"]
PLACEHOLDERS: tuple[str, ...] = (
    "policy", "action", "reason", "until", "item_type", "item_excerpt", "platform", "date", "appeal_url",
)  # fmt: skip
OF_HOLDS = frozenset({"until"})
HOLDS: frozenset[When] = frozenset({"hold", "hold_by_person"})
DECISION = "{decision}"
"""In `appeal_url`: the id of the decision."""
_PIECE = re.compile(r"\{\{|\}\}|\{[a-z_]{1,32}\}|[{}]")


class Unfilled(ValueError):
    """A template that cannot be sent. `names`: the placeholders that nothing stands for."""

    def __init__(self, template: str, names: Sequence[str]) -> None:
        super().__init__(f"{template}: {', '.join(names)}")
        self.template = template
        self.names = tuple(names)


class Told(Struct, frozen=True):
    """Words that may leave, and where they come from."""

    text: str
    language: str
    template: str


def stray(message: str) -> list[str]:
    """Braces that belong to no placeholder, with what follows them; empty when there is none."""
    return [message[one.start() : one.start() + 20] for one in _PIECE.finditer(message) if one.group() in {"{", "}"}]


def named(message: str) -> list[str]:
    """The names between braces, each once, in their order."""
    found = (one.group() for one in _PIECE.finditer(message))
    return list(dict.fromkeys(one[1:-1] for one in found if len(one) > len("{}") and one[0] == "{" and one[1] != "{"))


def fill(template: Template, values: Mapping[str, str]) -> Told:
    """In one pass: what is put in is never read as a template. Raises Unfilled where a placeholder has no value, or a
    blank one, and where a brace stands alone."""
    missing = [name for name in named(template.message) if not values.get(name, "").strip()]
    if missing or (missing := stray(template.message)):
        raise Unfilled(template.id, missing)
    text = _PIECE.sub(lambda one: _put(one.group(), values), template.message)
    return Told(text, template.language, template.id)


def _put(piece: str, values: Mapping[str, str]) -> str:
    return piece[0] if piece in {"{{", "}}"} else values[piece[1:-1]]


def candidates(
    own: Sequence[Template],
    built_in: Sequence[Template],
    *,
    when: When,
    policies: Sequence[str],
    action: str,
    languages: Sequence[str],
) -> Iterator[Template]:
    """What could be told, the best first: the platform's own words before the desk's, in each the first language that
    there is of those wanted, and of a language the most particular.

    `policies`: the policy and those above it, itself first. A language fits when its tag, or its first part, is the
    same.
    """
    for templates in (own, built_in):
        fitting = [one for one in templates if one.when == when and _fits(one, policies, action)]
        for language in dict.fromkeys(languages):
            spoken = [one for one in fitting if _speaks(one, language)]
            yield from sorted(spoken, key=lambda one: _rank(one, policies, language))


def _fits(template: Template, policies: Sequence[str], action: str) -> bool:
    by_policy = not template.policies or not set(template.policies).isdisjoint(policies)
    return by_policy and (not template.actions or action in template.actions)


def _speaks(template: Template, language: str) -> bool:
    mine, wanted = template.language.lower(), language.lower()
    return mine == wanted or mine.partition("-")[0] == wanted.partition("-")[0]


def _rank(template: Template, policies: Sequence[str], language: str) -> tuple[bool, int, bool]:
    """The very language, then the nearest policy, then the action."""
    near = [place for place, policy in enumerate(policies) if policy in template.policies]
    far = len(policies)
    return template.language.lower() != language.lower(), min(near, default=far), not template.actions
