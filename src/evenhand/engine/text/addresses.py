"""Links and mentions of a folded text, and what is left of it without them."""

from __future__ import annotations

import re

from evenhand.engine.text import hosts

_UNTIL = "\u00a1-\u0dff"
"""Letters up to the scripts that write no spaces: where these go on, a link or a mention has ended."""
_MENTION = re.compile(rf"(?<![a-z0-9.+{_UNTIL}_-])[a-z0-9.+{_UNTIL}_-]{{0,64}}@[a-z0-9._{_UNTIL}]+")
_PATH = re.compile(f"[!-{{}}~{_UNTIL}]*")
_SCHEME = re.compile(r"(?:[a-z]{1,10}:)?[/\\]*(?:[^\s/@]{1,64}@)?\Z")
_LONGEST_SCHEME = 80
_AFTER_A_LINK = "/.,;:!?)"
_TRACKING = re.compile(r"[?&](?:utm_\w{1,20}|\w{1,10}clid|igsh|ref|si)=[^&#]*")
_FULL_STOP = re.compile("(?<=[^\x00-\x7f])\u3002|\u3002(?=[^\x00-\x7f])")


def without_addresses(plain: str) -> tuple[str, list[str], list[str]]:
    """The text with spaces for its links and mentions; its links and its mentions."""
    links: list[str] = []
    pieces: list[str] = []
    done = 0
    readable = _FULL_STOP.sub(" ", plain) if "\u3002" in plain else plain
    for link in hosts.find(readable):
        if link.start < done or not (link.explicit or plain[link.start : link.end].isascii()):
            continue  # a part of the link before it; two sentences without a space between them
        before = plain[max(done, link.start - _LONGEST_SCHEME) : link.start]
        path = next(_PATH.finditer(plain, link.end))
        links.append(f"link {link.host.removeprefix('www.')}{_TRACKING.sub('', path.group()).rstrip(_AFTER_A_LINK)}")
        start = link.start - len(before) + len(_SCHEME.sub("", before))
        pieces += plain[done:start], " " * (path.end() - start)
        done = path.end()
    plain = "".join(pieces) + plain[done:]
    if "@" not in plain:
        return plain, links, []
    mentions = [mention.group().rstrip(".") for mention in _MENTION.finditer(plain)]
    return _MENTION.sub(lambda mention: " " * len(mention.group()), plain), links, mentions
