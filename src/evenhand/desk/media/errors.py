"""Why something of known media is not done; the message is made for whoever asked."""


class MediaError(Exception):
    """Nothing was changed."""


class Invalid(MediaError):
    """What was given cannot be taken."""


class NoSuch(MediaError):
    """There is no such bank, list, entry, look or feedback."""


class NeedsConsent(MediaError):
    """A list would withdraw so much that a person has to agree first."""

    def __init__(self, source: str, withdraw: int, of: int, *, from_file: bool = False) -> None:
        agree = (
            "Is it the right file, and whole? If so, import it again with --replace --consent."
            if from_file
            else f"Ask its owner, and agree on its page, or by `evenhand media sync {source} --consent`."
        )
        super().__init__(
            f"List {source} would withdraw {withdraw:,} of its {of:,} entries ({withdraw / max(1, of):.0%}). Nothing of"
            f" this was withdrawn. `evenhand media lists going {source}` shows which. {agree}"
        )
        self.source, self.withdraw, self.of = source, withdraw, of
