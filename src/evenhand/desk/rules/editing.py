"""The files of a project in somebody's form: as they are in force, and as they were sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from evenhand.desk.rules import queries
from evenhand.engine.rules import Problem
from evenhand.runtime import ruletexts

MOST_ROWS, FEWEST_ROWS = 40, 6
_MOST_ASIDE = 2 * ruletexts.MOST_FILES
"""Those of one form, and those that it kept before."""
FIRST = """\
# Rules read an event and say what they ask for; see docs/reference/rules.

Text: str = JsonData(path='$.evenhand.item.text')

SellsPills = Rule(
  when_all=[TextContains(text=Text, phrase='cheap pills')],
  description='Sells pills',
)

WhenRules(
  rules_any=[SellsPills],
  then=[Enqueue(policy='spam', probability=0.5)],
)
"""


class File(Struct, frozen=True):
    """`was`: its path in the version that the person began with; "" for a new one. `before`: its text there."""

    number: int
    path: str
    was: str
    text: str
    before: str
    gone: bool = False
    open: bool = False

    @property
    def changed(self) -> bool:
        return self.gone or self.path != self.was or self.text != self.before

    @property
    def rows(self) -> int:
        return min(max(self.text.count("\n") + 2, FEWEST_ROWS), MOST_ROWS)


class Aside(Struct, frozen=True):
    """A text of the person's own that they keep beside those of somebody else, to take from it what should stay."""

    number: int
    path: str
    text: str


def in_force() -> tuple[int, dict[str, str]]:
    """The version in force, and its files; a first rule to begin with where nothing was published."""
    version = queries.current(fresh=True).version
    return version, texts_of(version) or {"main.sml": FIRST}


def texts_of(version: int) -> dict[str, str]:
    """The files of a version; none for one that is not there."""
    stored = queries.stored(version)
    if stored is None:
        return {}
    content = stored.content
    return ruletexts.write(ruletexts.Project(content.sources, content.config, content.tests, content.files))


def shown(texts: Mapping[str, str], opened: str = "") -> list[File]:
    """The files as the form shows them first. `opened`: the path of the one that is unfolded."""
    opened = opened if opened in texts else next(iter(texts), "")
    return [
        File(number, path, path, text, text, open=path == opened) for number, (path, text) in enumerate(texts.items())
    ]


def sent(form: Mapping[str, str], before: Mapping[str, str]) -> list[File]:
    """The files as a form has them. Browsers end lines with CR LF."""
    return list(_sent(form, before))


def _sent(form: Mapping[str, str], before: Mapping[str, str]) -> Iterator[File]:
    for number in range(ruletexts.MOST_FILES):
        text = form.get(f"text-{number}")
        if text is None:
            continue
        path, was = form.get(f"path-{number}", "").strip(), form.get(f"was-{number}", "")
        text = text.replace("\r\n", "\n")
        gone = f"gone-{number}" in form
        known = before.get(was, "")
        if text == known.replace("\r\n", "\n"):
            text = known
        changed = gone or path != was or text != known
        yield File(number, path, was, text, known, gone, open=changed)


def shown_after(texts: Mapping[str, str], before: Mapping[str, str]) -> list[File]:
    """Files that nobody has sent yet, which differ from those of a version."""
    return [
        File(number, path, path if path in before else "", text, before.get(path, ""), open=text != before.get(path))
        for number, (path, text) in enumerate(texts.items())
    ]


def aside(form: Mapping[str, str], files: Sequence[File] = ()) -> list[Aside]:
    """What a form keeps aside already, then what the person changed in these files."""
    kept = [(form.get(f"aside-path-{number}", ""), form.get(f"aside-{number}")) for number in range(_MOST_ASIDE)]
    found = [(path, text.replace("\r\n", "\n")) for path, text in kept if text is not None]
    found += [(one.path, one.text) for one in files if one.changed and not one.gone]
    return [Aside(number, path, text) for number, (path, text) in enumerate(dict.fromkeys(found))]


def texts(files: list[File]) -> dict[str, str]:
    """What would be published."""
    return {one.path: one.text for one in files if not one.gone}


def twice(files: list[File]) -> list[Problem]:
    """Paths that two files have: one of them would be lost."""
    counts = Counter(one.path for one in files if not one.gone)
    return [
        Problem(path, 1, 1, f"{count} files have this path", "give each its own")
        for path, count in counts.items()
        if count > 1
    ]
