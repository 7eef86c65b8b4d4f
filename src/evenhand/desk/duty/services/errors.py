"""What keeps somebody from going to bed: each with a sentence for that person."""


class DutyError(Exception):
    """Nothing was changed; says why."""


class NightOpen(DutyError):
    """Somebody said good night already."""


class BadWay(DutyError):
    """Nobody can be reached by that."""


class NeedsReason(DutyError):
    """More than a limit takes a reason."""
