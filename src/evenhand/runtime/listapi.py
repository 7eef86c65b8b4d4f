"""Calls to the API of a hash list: tried again when it stumbles, failures as sentences, secrets by name only."""

from __future__ import annotations

import os
import ssl
import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urljoin, urlsplit

import msgspec

from evenhand.engine.media.listing import ListFailed
from evenhand.runtime.fetch import BadAddress, FetchError, PrivateAddress, Request, Response, fetch

TRIES: Final = 4
PAUSES: Final = (1.0, 4.0, 15.0)
"""Seconds before a request is sent again."""
LONGEST_WAIT: Final = 60.0
"""Seconds that a list may ask for (Retry-After) while the range stays open; for longer ones the range is given up."""
MOST_BYTES: Final = 64_000_000
_BUSY = 429
_FINAL = (BadAddress, PrivateAddress)
"""Asking again does not mend it: somebody has to change the configuration."""


class Refused(ListFailed):
    """The list answered with an error that asking again does not mend."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message, final=True)
        self.status = status


class ListApi:
    """`base`: the address below which everything stands. `headers` hold the secrets, and are never told."""

    def __init__(
        self,
        name: str,
        base: str,
        *,
        headers: Mapping[str, str] | None = None,
        allow_private: Collection[str] = (),
        timeout: float = 60.0,
        trust: ssl.SSLContext | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name, self.base = name, base.rstrip("/")
        self.headers = dict(headers or {})
        self._allow_private, self._timeout, self._trust, self._sleep = allow_private, timeout, trust, sleep

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> Response:
        """`path`: below the base, or an address that `beside` gave. Raises ListFailed; Refused for a 4xx."""
        return self.call("GET", path, query)

    def call(
        self, method: str, path: str, query: Mapping[str, Any] | None = None, body: bytes | None = None, kind: str = ""
    ) -> Response:
        """GET, or what may be sent twice: it is sent again after an answer of 429 or 5xx, or none."""
        url = path if path.startswith(("http://", "https://")) else f"{self.base}/{path.lstrip('/')}"
        url += f"?{urlencode(query)}" if query else ""
        headers = self.headers | ({"content-type": kind} if kind else {})
        failed = ListFailed(f"{self.name} did not answer.")
        for pause in (*PAUSES, None):
            try:
                return self._once(Request(url=url, method=method, headers=headers, body=body))
            except ListFailed as error:
                if error.final:
                    raise
                failed = error
            asked = failed.retry_after or 0.0
            if pause is None or asked > LONGEST_WAIT:
                break
            self._sleep(max(pause, asked))
        raise failed

    def json(self, path: str, query: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The object that the list answers with. A half page is asked for once more. Raises ListFailed."""
        for last in (False, True):
            try:
                return self.decoded(self.get(path, query).body)
            except ListFailed as error:
                if last or error.final:
                    raise
        raise AssertionError

    def decoded(self, body: bytes) -> dict[str, Any]:
        try:
            found = msgspec.json.decode(body)
        except (msgspec.DecodeError, RecursionError) as error:
            raise ListFailed(f"{self.name} answered with what is no JSON: {error}") from None
        if not isinstance(found, dict):
            raise ListFailed(f"{self.name} answered with a JSON {type(found).__name__}, not with an object.")
        return found

    def beside(self, link: str) -> str:
        """The address of a link in an answer, which must stay on the list's own host. Raises ListFailed."""
        try:
            here, there = urlsplit(self.base), urlsplit(urljoin(f"{self.base}/", link))
            stays = (here.scheme, here.netloc.lower()) == (there.scheme, there.netloc.lower())
        except ValueError:
            stays = False
        if not stays:
            raise ListFailed(f"{self.name} gives a next page on another host, which is not followed.")
        below = there.path if there.path.startswith(f"{here.path}/") else f"{here.path}{there.path}"
        return there._replace(path=below, fragment="").geturl()

    def _once(self, request: Request) -> Response:
        try:
            answer = fetch(
                request,
                timeout=self._timeout,
                max_bytes=MOST_BYTES,
                allow_private=self._allow_private,
                trust=self._trust,
            )
        except FetchError as error:
            raise ListFailed(f"{self.name}: {error}", final=isinstance(error, _FINAL)) from error
        if answer.status in range(200, 300):
            return answer
        raise self._problem(answer)

    def _problem(self, answer: Response) -> ListFailed:
        status = answer.status
        if status == _BUSY or status >= 500:  # noqa: PLR2004 - a server's own errors
            busy = "asks to be left alone for a while" if status == _BUSY else "has a problem of its own"
            return ListFailed(f"{self.name} {busy} ({status}).", retry_after=_retry_after(answer))
        told = {
            401: "does not accept our credentials (401): check the secrets that the list's configuration names.",
            403: "knows us, but does not let us do this (403): ask its owner for the permission.",
            404: "has nothing at this address (404): check the address in the list's configuration.",
        }
        if status in range(300, 400):
            return Refused(f"{self.name} redirects ({status}); configure the final address.", status)
        return Refused(f"{self.name} {told.get(status, f'refuses what we ask ({status}).')}", status)


def server_time(answer: Response) -> float | None:
    """Seconds since 1970 by the clock of whoever answered."""
    return _date(answer.headers.get("date", ""))


def secret(config: Mapping[str, Any], name: str) -> str:
    """What `<name>_env` (an environment variable) or `<name>_file` of the configuration leads to. Raises ListFailed."""
    variable, file = config.get(f"{name}_env"), config.get(f"{name}_file")
    if variable:
        found = os.environ.get(str(variable), "")
        where = f"environment variable {variable}"
    elif file:
        where = f"file {file}"
        try:
            found = Path(str(file)).read_text(encoding="utf-8")
        except (OSError, ValueError):
            raise ListFailed(f"The secret “{name}” cannot be read from {where}.") from None
    else:
        raise ListFailed(f"The list's configuration does not say where its {name} is: add {name}_env or {name}_file.")
    if not found.strip():
        raise ListFailed(f"The secret “{name}” is empty in {where}.")
    if not found.strip().isprintable():
        raise ListFailed(f"The secret “{name}” has more than one line, or control characters, in {where}.")
    return found.strip()


def setting(config: Mapping[str, Any], name: str, default: str = "") -> str:
    """Text of the configuration. Raises ListFailed: it is missing, and there is no default."""
    value = config.get(name, default)
    if not isinstance(value, str) or not value:
        raise ListFailed(f"The list's configuration needs {name}, as text.")
    return value


def _retry_after(answer: Response) -> float | None:
    """Seconds (RFC 9110 §10.2.3: a number of them, or a date)."""
    header = answer.headers.get("retry-after", "")
    if header.isascii() and header.isdecimal():
        return float(header[:9])
    moment = _date(header)
    return None if moment is None else max(0.0, moment - time.time())


def _date(header: str) -> float | None:
    try:
        moment = parsedate_to_datetime(header)
        return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
