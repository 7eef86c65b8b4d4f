"""What can go wrong with a call to the outside; each error's text is a sentence for the person who has to mend it."""


class FetchError(Exception):
    """The call did not bring an answer. `str(error)` says what happened and, where it is known, what to do."""


class BadAddress(FetchError):
    """The address or a header cannot be used as written."""


class PrivateAddress(FetchError):
    """The host leads to an address that is not on the public internet, and the configuration does not allow it."""


class Unreachable(FetchError):
    """No such host, connection refused or broken off, or the certificate does not hold."""


class TooSlow(FetchError):
    """The deadline passed."""


class TooBig(FetchError):
    """The answer is larger than the caller takes."""


class Garbled(FetchError):
    """What came back is not HTTP, or ended early."""


class NotMedia(FetchError):
    """What came is neither a picture nor a film, nor sound."""


class BadStatus(FetchError):
    """The answer is an error; `gone` where asking again is of no use."""

    _GONE = (404, 410, 451)

    def __init__(self, who: str, status: int) -> None:
        super().__init__(f"{who} answered {status}.")
        self.status = status
        self.gone = status in self._GONE
