"""A folder that keeps each checkpoint as a file: best one of another machine, or one where nothing can be deleted."""

from __future__ import annotations

import os
import re
from pathlib import Path

_NAME = re.compile(r"checkpoint-([0-9]{12,18})\.txt")
_MOST_BYTES = 10_000


class Folder:
    """The port of audit (`audit.services.publishing.Place`). The folder is never made: an empty one in place of a mount
    would look like a second place, and be none."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self._path = path

    def newest(self) -> str | None:
        """The checkpoint over the most entries that is kept here. Raises OSError."""
        with os.scandir(self._path) as found:
            newest = max((entry.name for entry in found if _NAME.fullmatch(entry.name)), key=_size, default=None)
        return None if newest is None else self._read(self._path / newest)

    def keep(self, size: int, note: str) -> None:
        """It is on the disk when this returns. Raises OSError, also where another one over as many entries is kept."""
        file = self._path / f"checkpoint-{size:012}.txt"
        if file.exists():
            if self._read(file) != note:
                raise FileExistsError(f"{file} is there already, and is another checkpoint over {size} entries.")
            return
        part = file.with_suffix(f".{os.getpid()}.part")
        try:
            with part.open("wb") as out:
                out.write(note.encode())
                out.flush()
                os.fsync(out.fileno())
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
        self._flush()

    def _flush(self) -> None:
        """The name of the file as well."""
        folder = os.open(self._path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _read(self, file: Path) -> str:
        with file.open("rb") as text:
            return text.read(_MOST_BYTES).decode(errors="replace")


def _size(name: str) -> int:
    found = _NAME.fullmatch(name)
    return int(found[1]) if found else -1
