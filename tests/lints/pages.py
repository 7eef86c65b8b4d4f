"""What a template must never do: show media by itself, or carry inline code."""

import re
from collections.abc import Iterator

from tests.lints.source import Complaint, Lint, Source

MEDIA_COMPONENT = re.compile(r"/parts/media[\w-]*\.html$")
MEDIA = re.compile(r"<(?:img|video|audio|picture|source|iframe|object|embed)\b[^>]*>", re.IGNORECASE)
OWN_PICTURE = re.compile(r"<img\b[^>]*\bsrc=[\"']?\{%\s*static\b", re.IGNORECASE)
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*\btype=[\"']application/json)|<style\b|\sstyle\s*=|\son[a-z]+\s*=|javascript:",
    re.IGNORECASE,
)
COMMENT = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}", re.DOTALL)


def media_is_closed(source: Source) -> Iterator[Complaint]:
    if MEDIA_COMPONENT.search(source.path.as_posix()):
        return
    for match, line in _found(MEDIA, source):
        if not OWN_PICTURE.match(match):
            yield Complaint(line, f"{match}: media is shown by parts/media… alone, closed until somebody opens it")


def no_inline_code(source: Source) -> Iterator[Complaint]:
    for match, line in _found(INLINE, source):
        yield Complaint(line, f"{match.strip()}: the page's CSP forbids inline code; use static files and classes")


def _found(pattern: re.Pattern[str], source: Source) -> Iterator[tuple[str, int]]:
    text = COMMENT.sub(lambda comment: "\n" * comment.group().count("\n"), source.text)
    for match in pattern.finditer(text):
        yield match.group(), text.count("\n", 0, match.start()) + 1


LINTS = (
    Lint(
        "media-is-closed",
        "The worst picture of somebody's life must not open because a list was scrolled. One component shows media:"
        " closed by default, opened on purpose, each view recorded.",
        ".html",
        media_is_closed,
    ),
    Lint(
        "no-inline-code",
        "The desk shows text written by attackers. A strict CSP keeps it text, and inline code"
        " is what wears a CSP down.",
        ".html",
        no_inline_code,
    ),
)
