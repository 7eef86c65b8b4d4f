"""Why a request is not answered: a status, and a sentence for whoever sent it."""

from __future__ import annotations


class Refusal(Exception):
    """Answered as `{"message": …}`."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
