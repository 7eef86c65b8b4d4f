"""The API, version by version: every operation, shape and problem, from the operations themselves."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

import django

from docs.pages import markdown

if "EVENHAND_DATA" not in os.environ:
    os.environ["EVENHAND_DATA"] = tempfile.mkdtemp(prefix="evenhand-docs-")
    atexit.register(shutil.rmtree, os.environ["EVENHAND_DATA"], ignore_errors=True)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.desk.settings")
django.setup()

from evenhand.desk.intake.reading import limits, sense  # noqa: E402 (Django first)
from evenhand.desk.web.openapi.page import Line, Said, Section, Shape, page  # noqa: E402 (Django first)

PAGE = page()

TEXTS = Path(__file__).parent
"""The parts that people write: api_v1.md, api_v2.md, api_reading.md."""
COERCIONS = (
    ("STRING", "a string; a number becomes its digits"),
    ("NUMBER", 'a number; `"13"` is 13; `""` is missing'),
    ("BOOLEAN", '`true`, `false`; `"true"`, `"1"`, 1, `"false"`, `"0"`, 0 in any case; `""` is missing'),
    ("DATETIME", 'ISO 8601, kept in UTC; without a zone it is UTC; `""` is missing'),
    ("URL", 'an absolute URL of any scheme but `data:`; spaces are escaped; `""` is missing'),
    ("IMAGE, VIDEO, AUDIO", 'a URL, or `{"url": …}`'),
    (
        "MEDIA",
        'a URL, or `{"url": …, "mediaType": …}` with image, video or audio; else the suffix tells, else an image',
    ),
    ("ID, POLICY_ID", 'a string, or a whole number; `""` is missing'),
    ("USER_ID", '`{"id", "typeId"}` of a type of kind user; a bare id where there is one such type'),
    ("RELATED_ITEM", '`{"id", "typeId"}` of any type of the platform, and a `name` if you like'),
    ("GEOHASH", '1 to 12 characters, kept in lower case; `""` is missing'),
    ("IP_ADDRESS", 'IPv4 or IPv6; `""` is missing'),
    ("EMAIL_ADDRESS", 'with one @; `""` is missing'),
)


def page_v1() -> str:
    return _page("v1", "The API, version 1: Coop's shapes", _text("api_v1"))


def page_v2() -> str:
    return _page("v2", "The API, version 2", _text("api_v2"), _reading(), _problems())


def _page(version: str, title: str, introduction: str, *more: str) -> str:
    sections = next(sections for name, _, sections in PAGE.groups if name == version)
    operations = [_section(section) for section in sections]
    shapes = "\n\n".join(["## Shapes", *(_shape(shape) for shape in _shapes(sections))])
    return markdown.page(title, introduction, "## Operations", *operations, *more, shapes)


def _text(name: str) -> str:
    return (TEXTS / f"{name}.md").read_text("utf-8").rstrip()


def _section(section: Section) -> str:
    parts = [f"### `{section.method} {section.path}`\n\n{section.summary}. {section.description}"]
    if section.parameters:
        rows = [(_needed(one), _said(one.said), one.description) for one in section.parameters]
        parts.append(markdown.table(("parameter", "", ""), rows))
    parts += [f"Body, `{media_type}`: {_said(said)}" for media_type, said in section.bodies]
    if section.example:
        parts.append(f"```json\n{section.example}\n```")
    rows = [(f"`{one.name}`", one.description, _said(one.said)) for one in section.answers]
    parts += [markdown.table(("answer", "", ""), rows), f"Refuses with {', '.join(section.refuses)}."]
    return "\n\n".join(parts)


def _needed(line: Line) -> str:
    return f"`{line.name}`, needed" if line.required else f"`{line.name}`"


def _shape(shape: Shape) -> str:
    rows = [(_needed(field), _said(field.said), field.description) for field in shape.fields]
    return "\n\n".join(
        part for part in (f"### {shape.name}", shape.description, markdown.table(("field", "", ""), rows)) if part
    )


def _shapes(sections: Iterable[Section]) -> list[Shape]:
    """The shapes that these operations name, and those that these name in turn."""
    by_name = {shape.name: shape for shape in PAGE.shapes}
    lines = [line for section in sections for line in section.answers]
    waiting = [name for line in lines for name in line.said.links]
    waiting += [name for section in sections for _, said in section.bodies for name in said.links]
    found: dict[str, Shape] = {}
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = by_name[name]
            waiting += [link for field in by_name[name].fields for link in field.said.links]
    return [found[name] for name in sorted(found)]


def _said(said: Said) -> str:
    return "".join(f"[{part}](#{part.lower()})" if is_shape else part for part, is_shape in said.parts)


def _reading() -> str:
    rows = [
        ("things in one request", limits.ITEMS),
        ("items of a thread, additional items", limits.CONTEXT),
        ("characters of an id; of a type's, policy's or action's id", f"{limits.ID}; {limits.TYPE_ID}"),
        ("characters of a string; of a URL; of a key", f"{limits.STRING:,}; {limits.URL:,}; {limits.KEY}"),
        ("members of an array or object", limits.WIDTH),
        ("arrays and objects inside each other, `data` included", limits.DEPTH),
    ]
    told = "\n".join(f"| {name} | {value if isinstance(value, str) else f'{value:,}'} |" for name, value in rows)
    return _text("api_reading").format(
        coercions=markdown.table(("type", "takes"), COERCIONS),
        media=" or ".join(f"`{scheme}://`" for scheme in sense.MEDIA_SCHEMES),
        no_links=", ".join(f"`{scheme}:`" for scheme in sense.NO_LINKS),
        limits=told,
    )


def _problems() -> str:
    rows = [
        (str(one.status), f"`{one.slug}`", f"{one.title} {one.advice}")
        for one in sorted(PAGE.problems, key=lambda one: one.status)
    ]
    return "## Problems\n\n" + markdown.table(("status", "type", "what it means, and what to do"), rows)
