"""A detector whose behaviour changes must say so: its version is stored with every signal it ever gave.

When a test here fails, the detector tells something else of the same events than before: raise REVISION in its module,
and write the new digest down.
"""

from hashlib import blake2b

import msgspec
import pytest

from evenhand.engine.detect import build
from evenhand.engine.model import Event, Hash, MediaHashed, Ref
from evenhand.engine.platform import Platform, Policy, WordList
from tests.unit.engine.detect_events import HOUR, MINUTE, T0, Fold, item, reported, sent

PLATFORM = Platform(
    name="Harbour",
    policies=(Policy(id="spam", name="Spam", harm=2), Policy(id="threat", name="Threats", harm=50)),
    lists=(
        WordList(id="words", kind="keyword", policy="spam", terms=("cheap pills", "park", "spam", "сор")),
        WordList(id="patterns", kind="regex", policy="threat", terms=(r"(?i)find you", r"\d{3}-\d{4}")),
        WordList(id="hosts", kind="domain", policy="spam", terms=("evil.example", "bücher.example")),
    ),
)
TEXTS = [
    "the council met last night behind closed doors and sold our park to a builder share this before they delete it",
    "The council met last NIGHT behind closed doors & sold our pаrk to a builder share this before they delete it!!",
    "ch3ap  p1lls at hxxps://shop.evil[.]example/ and https://bücher.example/ call 555-1234",
    "I will find you, s p a m, это сор",
]
REVISIONS = {
    "terms": (1, "39c34aa3fc26fbcf"),
    "links": (1, "6b962cbe9698ff48"),
    "duplicate": (1, "579b893b9d9d45b8"),
    "link_burst": (1, "db6010519a11e50c"),
    "reports": (1, "73f89bcf5e7b73f0"),
    "reporter": (2, "d6555c2bad5c4f37"),
    "media": (3, "ff11a0076d36ac68"),
}


def events():
    """The same ids and times on every run."""
    made = [
        sent(text, id=f"i{number}{at}", author=f"a{number}", at=T0 + number * MINUTE + at * HOUR)
        for number in range(12)
        for at, text in enumerate(TEXTS)
    ]
    made += [reported(f"r{number}", at=T0 + number * 1000, subject=item(TEXTS[3])) for number in range(15)]
    made += [hashed(T0 + HOUR, kind, "ab" * 32) for kind in ("pdq", "sha256")]
    return [msgspec.structs.replace(event, id=f"{number:032x}") for number, event in enumerate(made)]


def hashed(at, kind, value):
    media = MediaHashed(ref=Ref("post", "i0"), field="image", hashes=(Hash(kind, value),))
    return Event(id="", at=at, source="test", body=media)


def told(detector):
    fold = Fold([detector])
    records = {"reporter:user user r3": (msgspec.msgpack.encode({"spam": [4, 1]}), T0 * 2)}
    near = [{"entry": 1, "bank": "KNOWN", "policy": "spam", "list": "one", "kind": "pdq", "distance": 20}]
    known = {f"known:{kind}:{'ab' * 32}": (msgspec.msgpack.encode(near), T0 * 2) for kind in ("pdq", "sha256")}
    fold.kept = {"reporter": records, "media": known}.get(detector.name, {})
    signals = [msgspec.structs.replace(signal, version="") for signal in fold(events())]
    kept = sorted((key, value.hex(), expires) for key, (value, expires) in fold.kept.items())
    assert signals, "the events are chosen so that every detector tells something"
    return blake2b(msgspec.json.encode([signals, kept]), digest_size=8).hexdigest()


@pytest.mark.parametrize("detector", build(PLATFORM), ids=lambda detector: detector.name)
def test_a_detector_tells_what_its_revision_told(detector):
    revision, digest = REVISIONS[detector.name]
    assert detector.version.startswith(f"{revision}-")
    assert told(detector) == digest
