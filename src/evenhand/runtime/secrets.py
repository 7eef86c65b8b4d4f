"""The keys of the data folder: made once, readable by the desk's user alone, and what they seal."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


def read_or_make(folder: Path, name: str, size: int = 32) -> bytes:
    """The secret `name` of `folder`, made on first use: `size` random bytes in a file with mode 0600.

    Two processes that start at once agree: the first link wins, the other reads it.
    """
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".{name}.{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(size))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes()


def seal(key: bytes, plain: bytes, purpose: str) -> bytes:
    """AES-256-GCM with a random nonce; `purpose` is bound to the result and must be given again to open it."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, purpose.encode())


def unseal(key: bytes, sealed: bytes, purpose: str) -> bytes:
    """Raises cryptography.exceptions.InvalidTag when the key, the purpose or the bytes are not the same."""
    return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose.encode())
