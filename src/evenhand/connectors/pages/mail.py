"""By mail, through whatever sends it: one message to one person, with the same id in every attempt."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Callable, Mapping
from typing import Any

from evenhand.connectors.pages.told import Told, words

MailTo = Callable[[str, str, str, Mapping[str, str]], None]
"""Sends (address, subject, text, headers). Raises OSError or smtplib.SMTPException."""
_PERMANENT = range(500, 600)


def by_mail(send: MailTo, address: str, *, message_id: str, kind: str, payload: Mapping[str, Any]) -> Told:
    """One attempt. `status` is in HTTP's classes, as the outbox judges by them: 200 taken, 400 refused for good; none
    where it may go better later. Raises KeyError: a message without words."""
    said = words(kind, payload)
    text = f"{said['text']}\n\n{said['link']}\n" if said["link"] else f"{said['text']}\n"
    began = time.monotonic()
    status: int | None = 200
    problem = ""
    try:
        send(address, said["title"], text, _headers(said, message_id))
    except smtplib.SMTPResponseException as error:
        status = 400 if error.smtp_code in _PERMANENT else None
        problem = f"The mail server said {error.smtp_code}: {_words(error.smtp_error)}"
    except smtplib.SMTPRecipientsRefused as error:
        status, problem = 400, f"The mail server refuses the address: {_words(next(iter(error.recipients.values())))}"
    except (OSError, smtplib.SMTPException) as error:
        status, problem = None, f"The mail server did not take it: {error}"
    return Told(
        status, problem.replace("\x00", "\ufffd")[:500], round((time.monotonic() - began) * 1000), text.encode()
    )


def _headers(said: Mapping[str, Any], message_id: str) -> dict[str, str]:
    headers = {"Message-ID": f"<{message_id}@evenhand.invalid>", "Auto-Submitted": "auto-generated"}
    return headers | ({"X-Priority": "1", "Importance": "high"} if said["urgent"] else {})


def _words(said: object) -> str:
    text = said[1] if isinstance(said, tuple) else said
    return text.decode(errors="replace") if isinstance(text, bytes) else str(text)
