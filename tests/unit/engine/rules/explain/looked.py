"""A state that can only be looked at: whoever would change it is told so."""

from evenhand.engine.rules.run import LabelState


class Looked:
    """`counts`: times of the events of any counter. `seen`: when any key was first noted."""

    def __init__(self, counts=(), values=0, seen=None, labels=None):
        self._counts, self._values, self._seen, self._labels = counts, values, seen, labels or {}

    def increment(self, key, **_):
        raise AssertionError(f"{key} was counted")

    def count(self, key, *, at, window):
        return sum(at - window < one <= at for one in self._counts)

    def distinct(self, key, value, **_):
        assert value is None, f"{value} was noted under {key}"
        return self._values

    def first_seen(self, key, *, at, note):
        assert not note, f"{key} was noted"
        return self._seen

    def labels(self, entity, *, at):
        return self._labels.get((entity.type, entity.id), {})


def label(**more):
    return LabelState(**({"status": "added", "manual": False, "since": 1_772_000_000_000_000} | more))
