"""Templates: placeholders that are known and can be filled, and a language."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.engine.platform.checks.destinations import address
from evenhand.engine.platform.checks.texts import LANGUAGE
from evenhand.engine.platform.document import Platform, Template
from evenhand.engine.platform.problems import Problem, closest, quoted
from evenhand.engine.platform.telling import DECISION, HOLDS, OF_HOLDS, PLACEHOLDERS, named, stray


def check(platform: Platform) -> Iterator[Problem]:
    if platform.appeal_url is not None:
        yield from address(platform.appeal_url.replace(DECISION, "id"), "appeal_url")
    for at, template in enumerate(platform.templates):
        yield from _template(template, f"templates[{at}]", has_appeals=platform.appeal_url is not None)


def _template(template: Template, path: str, *, has_appeals: bool) -> Iterator[Problem]:
    place = f"{path}.message"
    if not template.message.strip():
        yield Problem(path=place, expected="words for the judged person", found="nothing")
    for found in stray(template.message)[:1]:
        yield Problem(
            path=place,
            expected="braces around a placeholder, and written twice where they stand for themselves",
            found=quoted(found),
            example='message = "It broke {policy}."',
        )
    for name in named(template.message):
        yield from _placeholder(name, template, place, has_appeals=has_appeals)
    if not LANGUAGE.match(template.language):
        yield Problem(
            path=f"{path}.language",
            expected="a language tag (BCP 47)",
            found=quoted(template.language),
            example='language = "en" or language = "pt-BR"',
        )


def _placeholder(name: str, template: Template, place: str, *, has_appeals: bool) -> Iterator[Problem]:
    if name not in PLACEHOLDERS:
        expected = f"one of the placeholders {', '.join(f'{{{one}}}' for one in PLACEHOLDERS)}"
        yield Problem(path=place, expected=expected, found=f"{{{name}}}", meant=closest(name, PLACEHOLDERS) or "")
    elif name in OF_HOLDS and template.when not in HOLDS:
        yield Problem(path=place, expected="no {until}, because only holds end by themselves", found=f"{{{name}}}")
    elif name == "appeal_url" and not has_appeals:
        yield Problem(
            path=place,
            expected="the document's `appeal_url`, which stands in the place of {appeal_url}",
            found="no such address",
            example='appeal_url = "https://platform.example/appeal?decision={decision}"',
        )
