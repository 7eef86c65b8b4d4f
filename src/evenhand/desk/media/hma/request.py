"""A request, read within limits: its parameters, its JSON, its one file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl

import msgspec

from evenhand.desk.media.hma import multipart
from evenhand.desk.media.hma.errors import Refusal
from evenhand.runtime import config

LARGEST_JSON: Final = 4_000_000
"""Bytes. A full batch of PDQ hashes has 0.7 million."""
_MOST_PARAMETERS: Final = 50
_AROUND_A_FILE: Final = 100_000
_YES: Final = {"true", "1", "yes", "on", "t", "y"}
_NO: Final = {"false", "0", "no", "off", "f", "n", ""}
T = TypeVar("T")


class Request:
    """As WSGI gives it. Nothing is read of the body before somebody asks for it."""

    def __init__(self, environ: Mapping[str, Any]) -> None:
        self.environ = environ
        self.method: str = environ["REQUEST_METHOD"]
        self.path: str = environ.get("PATH_INFO", "")
        self.content_type: str = environ.get("CONTENT_TYPE") or ""

    @cached_property
    def query(self) -> dict[str, str]:
        """Raises Refusal."""
        try:
            pairs = parse_qsl(
                self.environ.get("QUERY_STRING", ""), keep_blank_values=True, max_num_fields=_MOST_PARAMETERS
            )
        except ValueError:
            raise Refusal(400, f"There are more than {_MOST_PARAMETERS} parameters.") from None
        for _, value in pairs:
            refuse_nul(value)
        return dict(pairs)

    def get(self, name: str, default: str = "") -> str:
        return self.query.get(name, default)

    def need(self, name: str) -> str:
        """Raises Refusal."""
        if value := self.query.get(name):
            return value
        raise Refusal(400, f"The parameter {name} is needed.")

    def flag(self, name: str, default: str = "false") -> bool:
        """Raises Refusal."""
        return as_flag(name, self.query.get(name, default))

    @property
    def is_multipart(self) -> bool:
        return self.content_type.lower().startswith("multipart/form-data")

    @property
    def is_json(self) -> bool:
        return self.content_type.lower().partition(";")[0].strip() == "application/json"

    def json(self, shape: type[T]) -> T:
        """Raises Refusal: it is no JSON, or not of this shape."""
        body = self.body(LARGEST_JSON)
        refuse_nul(body.replace(b"\\\\", b"").replace(b"\\u0000", b"\0").decode("latin-1"))
        try:
            return msgspec.json.decode(body, type=shape)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Refusal(400, f"The body is not the JSON that is needed here: {error}.") from None

    @cached_property
    def parts(self) -> list[multipart.Part]:
        """Raises Refusal."""
        mark = multipart.boundary(self.content_type)
        return multipart.parts(self.body(config.current().media_max_bytes + _AROUND_A_FILE), mark)

    def file(self) -> tuple[str, bytes]:
        """The name of its field, and its bytes. Raises Refusal: there is none, or more than one."""
        files = [part for part in self.parts if part.is_file]
        if len(files) != 1:
            raise Refusal(400, f"One file is needed, in the field photo or video; there are {len(files)}.")
        if len(files[0].data) > config.current().media_max_bytes:
            raise Refusal(413, f"A file has at most {config.current().media_max_bytes:,} bytes.")
        return files[0].name, files[0].data

    def field(self, name: str) -> str:
        """Of the form, or of the address. Raises Refusal."""
        if self.is_multipart:
            for part in self.parts:
                if part.name == name and not part.is_file:
                    return refuse_nul(part.data.decode("utf-8", "replace"))
        return self.get(name)

    def body(self, most: int) -> bytes:
        """Raises Refusal: it is larger. What is announced as larger is not read at all."""
        too_large = Refusal(413, f"The body has at most {most:,} bytes here.", Connection="close")
        announced = self.environ.get("CONTENT_LENGTH") or ""
        if announced.isdecimal() and int(announced) > most:
            raise too_large
        data: bytes = self.environ["wsgi.input"].read(most + 1)
        if len(data) > most:
            raise too_large
        return data


def refuse_nul(text: str) -> str:
    """PostgreSQL keeps none. Raises Refusal."""
    if "\0" in text:
        raise Refusal(400, "A NUL character (U+0000) stands where text is needed.")
    return text


def as_flag(name: str, written: object) -> bool:
    """Raises Refusal."""
    said = str(written).lower()
    if said in _YES or said in _NO:
        return said in _YES
    raise Refusal(400, f"{name} is true or false, not “{said[:40]}”.")
