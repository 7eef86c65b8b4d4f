"""A case as a package that stands on its own: its files, what they hash to, and the ledger's word that it was made so.

`manifest.json` names each file with its SHA-256. The ledger has an entry whose object is the SHA-256 of the manifest;
the proof of that entry lies beside it, outside the manifest, since it is made last.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from hashlib import sha256
from io import BytesIO
from typing import Any

import msgspec
from msgspec import Struct

from evenhand.engine.ledger import canonical, entries, prooffiles
from evenhand.engine.ledger.notes import VerifierKey, parse_key
from evenhand.engine.ledger.tree import LedgerError

FORMAT = "evenhand-package/1"
MANIFEST, SEAL, CASE = "manifest.json", "package.tlog-proof", "case.json"
PROOFS = "proofs/"
ACT = "package_made"
OBJECT = "package:"
MOST_FILES, MOST_BYTES = 2_000, 50_000_000
_EPOCH = (1980, 1, 1, 0, 0, 0)


class PackageError(LedgerError):
    """It is not a package, or not as it was made; the message names the file."""


class Manifest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the package says of itself. `nonce` keeps a guess at the rest from being tried against the ledger."""

    format: str
    case: int
    made_at: str
    made_by: str
    """A pseudonym."""
    recipient: dict[str, str]
    """kind and name."""
    reason: str
    nonce: str
    ledger: str
    """The public key of the ledger that it names."""
    files: dict[str, str]
    """SHA-256 of each, in hex."""


class Checked(Struct, frozen=True):
    """What held: how many files and entries of the ledger, and how many entries the checkpoint covers."""

    manifest: Manifest
    digest: str
    files: int
    proofs: int
    texts: int
    covered: int


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def manifest_bytes(manifest: Manifest) -> bytes:
    """Raises canonical.NotCanonicalError."""
    return canonical.encode(msgspec.to_builtins(manifest))


def pack(files: Mapping[str, bytes]) -> bytes:
    """A zip of them, the same bytes for the same files."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), files[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def unpack(content: bytes) -> dict[str, bytes]:
    """Nothing is verified. Raises PackageError: no zip, too much in it, or a name twice."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            infos = archive.infolist()
            if len(infos) > MOST_FILES or sum(info.file_size for info in infos) > MOST_BYTES:
                raise PackageError(f"it holds more than {MOST_FILES:,} files or {MOST_BYTES:,} bytes")
            if len({info.filename for info in infos}) < len(infos):
                raise PackageError("a name is in it twice")
            return {info.filename: archive.read(info) for info in infos}
    except (zipfile.BadZipFile, EOFError, ValueError, RuntimeError) as error:
        raise PackageError(f"it is not a zip file that can be read: {error}") from None


def key_named(files: Mapping[str, bytes]) -> VerifierKey:
    """The key that the package itself names. Raises PackageError, NoteError."""
    return parse_key(_manifest(files).ledger)


def check(files: Mapping[str, bytes], keys: Sequence[VerifierKey]) -> Checked:
    """Every file, every proof, and the ledger's entry on the package itself. Raises PackageError, LedgerError."""
    manifest = _manifest(files)
    _same_files(files, manifest)
    sealed = prooffiles.parse(_text(files, SEAL))
    covered = sealed.check(keys)
    entry = entries.parse(sealed.body or b"")
    made = digest(files[MANIFEST])
    if entry.act != ACT or entry.obj != f"{OBJECT}{made}":
        raise PackageError(f"{SEAL}: the ledger's entry {sealed.index} is not about this manifest")
    proofs = [name for name in files if name.startswith(PROOFS)]
    for name in proofs:
        try:
            prooffiles.parse(_text(files, name)).check(keys)
        except LedgerError as error:
            raise PackageError(f"{name}: {error}") from None
    return Checked(manifest, made, len(files), len(proofs) + 1, _texts(files), covered.size)


def _manifest(files: Mapping[str, bytes]) -> Manifest:
    if MANIFEST not in files:
        raise PackageError(f"there is no {MANIFEST} in it")
    try:
        manifest = msgspec.json.decode(files[MANIFEST], type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PackageError(f"{MANIFEST}: {error}") from None
    if manifest.format != FORMAT:
        raise PackageError(f"its format is {manifest.format!r}; this program knows {FORMAT!r}")
    return manifest


def _same_files(files: Mapping[str, bytes], manifest: Manifest) -> None:
    there = files.keys() - {MANIFEST, SEAL}
    if gone := sorted(manifest.files.keys() - there):
        raise PackageError(f"{gone[0]}: the manifest names it, and it is not there")
    if added := sorted(there - manifest.files.keys()):
        raise PackageError(f"{added[0]}: the manifest does not name it")
    if changed := [name for name in sorted(there) if digest(files[name]) != manifest.files[name]]:
        raise PackageError(f"{changed[0]}: it was changed after the package was made")


def _texts(files: Mapping[str, bytes]) -> int:
    """How many texts of the item are in it as they were received, and hash to what is said of them."""
    case: dict[str, Any] = json.loads(_text(files, CASE))
    whole = [one for one in case.get("item", {}).get("texts", []) if not one["defanged"]]
    for one in whole:
        if digest(one["text"].encode()) != one["sha256"]:
            raise PackageError(f"{CASE}: the text “{one['field']}” does not hash to what is said of it")
    return len(whole)


def _text(files: Mapping[str, bytes], name: str) -> str:
    try:
        return files[name].decode()
    except KeyError:
        raise PackageError(f"there is no {name} in it") from None
    except UnicodeDecodeError:
        raise PackageError(f"{name}: it is not a text in UTF-8") from None
