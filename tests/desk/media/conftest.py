"""A bank and a list on the test desk, and hashes to put there."""

from collections.abc import Iterator, Sequence
from hashlib import sha256

import pytest

from evenhand.desk.media import services
from evenhand.desk.media.queries import known
from evenhand.desk.media.services import archiving
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies import services as policy_services
from evenhand.engine.media.listing import Listed, Page, Withdrawn
from evenhand.engine.model import Hash, MediaHashed, Ref
from tests.support.platform import CHILD_SAFETY_QUEUE, DOCUMENT

ACTOR = "system:test"


def hash_of(name: str) -> bytes:
    """32 bytes that no other name has."""
    return sha256(name.encode()).digest()


def flipped(value: bytes, bits: int) -> bytes:
    """The hash at this distance: its first bits turned."""
    number = int.from_bytes(value) ^ (((1 << bits) - 1) << (256 - bits))
    return number.to_bytes(32)


def listed(key: str, *, at: int | None = None, **hashes: bytes) -> Listed:
    return Listed(key=key, hashes=hashes or {"pdq": hash_of(key)}, at=at)


def hashed(post: str, *hashes: Hash, flat: bool = False, field: str = "image") -> MediaHashed:
    return MediaHashed(ref=Ref("post", post), field=field, url=f"https://m.example/{post}", hashes=hashes, flat=flat)


def pdq(value: bytes, **more: object) -> Hash:
    return Hash("pdq", value.hex(), quality=100, **more)


class Shelf:
    """A hash list that says what it is told to say: pages, or an error in their place."""

    def __init__(self, *pages: Page | Exception) -> None:
        self.pages = pages
        self.asked: list[str] = []
        self.told: list[tuple[str, str, str]] = []

    def pull(self, cursor: str) -> Iterator[Page]:
        self.asked.append(cursor)
        for page in self.pages:
            if isinstance(page, Exception):
                raise page
            yield page

    def feedback(self, entry: Listed, opinion: str, reason: str) -> None:
        self.told.append((entry.key, opinion, reason))


def page(*changes: Listed | Withdrawn, cursor: str = "c1", complete: bool = True, **more: object) -> Page:
    return Page(changes=changes, cursor=cursor, complete=complete, **more)


@pytest.fixture(autouse=True)
def _nothing_from_another_test(monkeypatch, tmp_path) -> Iterator[None]:
    monkeypatch.setattr(archiving, "folder", lambda: tmp_path / "seen")
    monkeypatch.setattr(known, "POLL", 0.0)
    monkeypatch.setattr(known.Known.__init__, "__kwdefaults__", {"poll": 0.0})
    known.forget()
    yield
    known.forget()


@pytest.fixture
def bank(platform):
    return services.make_bank("KNOWN", policy="spam", actor=ACTOR)


@pytest.fixture
def source(bank):
    return services.make_source("example-list", bank="KNOWN", kind="example", actor=ACTOR)


@pytest.fixture
def other_list(source):
    """A second list of this bank, which is a voice of its own: each has media that the other has not."""
    other = services.make_source("other-list", bank="KNOWN", kind="other", actor=ACTOR)
    for one in (source, other):
        take_in(one, *(listed(f"{one.name} {n}") for n in range(3)))
    return other


@pytest.fixture
def holding(platform):
    """Policy spam may hold by the action remove."""
    text = DOCUMENT.replace("{hooks}", "http://127.0.0.1:9/hooks").replace("{other}", "http://127.0.0.1:9/other")
    text = text.replace("{queues}", CHILD_SAFETY_QUEUE).replace('name = "Spam"\n', 'name = "Spam"\nhold = "remove"\n')
    policy_services.apply(policy_services.read(text), actor="system:test", expect=None)
    return policies.current(fresh=True)


def take_in(source, *changes: Listed | Withdrawn) -> Sequence[str]:
    services.sync(source.name, Shelf(page(*changes)))
    return [change.key for change in changes]
