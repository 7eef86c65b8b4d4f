"""Why something of known media is not done; the message is made for whoever asked."""


class MediaError(Exception):
    """Nothing was changed."""


class Invalid(MediaError):
    """What was given cannot be taken."""


class NoSuch(MediaError):
    """There is no such bank, list, entry, look or feedback."""


class NeedsConsent(MediaError):
    """A list would withdraw so much that a person has to agree first."""

    def __init__(self, source: str, withdraw: int, of: int) -> None:
        super().__init__(
            f"List {source} would withdraw {withdraw:,} of its {of:,} entries: more than a fifth. Nothing of this was"
            " taken in. Look at its page, ask its owner, and agree there, or by"
            f" `evenhand media sync {source} --consent`."
        )
        self.source, self.withdraw, self.of = source, withdraw, of
