"""NCMEC's hash sharing as far as its shape is known: windows (from, to], pages, links that expire, Basic auth."""

from base64 import b64encode
from datetime import UTC, datetime
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from tests.support.hashlists.server import Asked, ListServer, Said

NAMESPACE = "https://hashsharing.ncmec.org/hashsharing/v2"
PREFIX = "/example-hashsharing"
REASONS = {"Example: not harmful": "0e4f0000-0000-0000-0000-000000000001"}


class Entry(NamedTuple):
    """`at`: seconds. `raw`: what stands there instead of the fingerprints."""

    member: int
    id: str
    at: int
    md5: str = ""
    pdq: str = ""
    classification: str = "A1"
    deleted: bool = False
    raw: str = ""
    kind: str = "image"


class Ncmec(ListServer):
    """`most_pages`: so many links a window has before they are expired."""

    def __init__(self, entries: list[Entry], *, size: int = 3) -> None:
        super().__init__()
        self.entries, self.size, self.most_pages = entries, size, 1_000
        self.user, self.password = "example", "open sesame"
        self.permitted = True
        self.next_link = ""
        self.opinions: dict[str, bytes] = {}

    def answer(self, asked: Asked) -> Said:
        wanted = "Basic " + b64encode(f"{self.user}:{self.password}".encode()).decode()
        if asked.headers.get("authorization") != wanted:
            return Said(401)
        if not self.permitted:
            return Said(403)
        path = asked.path.removeprefix(PREFIX)
        if asked.method == "PUT":
            self.opinions[path] = asked.body
            return Said(200)
        if path == "/v2/status":
            return Said(200, b"<status/>")
        if path.startswith("/v2/feedback/"):
            reasons = "".join(
                f"<reason guid={quoteattr(guid)} name={quoteattr(name)}/>" for name, guid in REASONS.items()
            )
            return Said(200, f'<reasons xmlns="{NAMESPACE}">{reasons}</reasons>'.encode())
        return self._entries(asked) if path == "/v2/entries" else Said(404)

    def _entries(self, asked: Asked) -> Said:
        begin, end = (_seconds(asked.query[name]) for name in ("from", "to"))
        start = int(asked.query.get("start", 0))
        if start // self.size > self.most_pages:
            return Said(410)
        found = [one for one in self.entries if begin < one.at <= end]
        page = found[start : start + self.size]
        more = start + self.size < len(found)
        link = (
            self.next_link
            or f"/v2/entries?from={asked.query['from']}&amp;to={asked.query['to']}&amp;start={start + self.size}"
        )
        paging = f"<paging><next>{link}</next></paging>" if more else ""
        images = "".join(_entry(one) for one in page if one.kind == "image")
        videos = "".join(_entry(one) for one in page if one.kind == "video")
        return Said(
            200,
            f'<?xml version="1.0"?><queryResult xmlns="{NAMESPACE}"><images count="99">{images}</images>'
            f"<videos>{videos}</videos>{paging}</queryResult>".encode(),
        )


def _entry(one: Entry) -> str:
    name = f"deleted{one.kind.capitalize()}" if one.deleted else one.kind
    head = f'<member id="{one.member}">Example Member</member><timestamp>{_iso(one.at)}</timestamp><id>{one.id}</id>'
    if one.deleted:
        return f"<{name}>{head}</{name}>"
    prints = one.raw or "".join(
        f"<{kind}>{value}</{kind}>" for kind, value in (("md5", one.md5), ("pdq", one.pdq)) if value
    )
    rest = f"<classification>{one.classification}</classification><fingerprints>{prints}</fingerprints>"
    return f"<{name}>{head}{rest}</{name}>"


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _seconds(written: str) -> int:
    return int(datetime.fromisoformat(written).timestamp())
