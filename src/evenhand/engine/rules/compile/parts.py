"""Functions of a bearable size: Python is slow to compile long ones. What one makes and another needs is handed on."""

from __future__ import annotations

from typing import Final

from evenhand.engine.rules.compile.code import Lines

MOST_LINES: Final = 2_000
HEAD: Final = "def part(context, data, errors, effects, fired, brought, late, shared):"


class Part:
    """One function. `features` are shown at its end, by name."""

    def __init__(self) -> None:
        self.lines = Lines()
        self.features: dict[str, str] = {}
        self.needs: dict[str, None] = {}
        self.gives: dict[str, None] = {}

    def source(self, places: dict[str, int]) -> str:
        """`places`: where in `shared` the variables are that parts hand on."""
        taken = [f"    {name} = shared[{places[name]}]" for name in self.needs]
        empty = [f"    {name} = None" for name in self.gives]
        given = [f"    shared[{places[name]}] = {name}" for name in self.gives]
        features = [f"        {name!a}: {value}," for name, value in self.features.items()]
        return "\n".join([HEAD, *taken, *empty, *self.lines.lines, *given, "    return {", *features, "    }", ""])


class Parts:
    """Parts in their order, and which of them made which variable."""

    def __init__(self) -> None:
        self.all = [Part()]
        self._maker: dict[str, Part] = {}
        self.places: dict[str, int] = {}

    @property
    def last(self) -> Part:
        return self.all[-1]

    @property
    def is_full(self) -> bool:
        return len(self.last.lines.lines) > MOST_LINES

    def made(self, name: str) -> None:
        self._maker.setdefault(name, self.last)

    def used(self, name: str) -> None:
        """Hands a variable on, if another part made it."""
        maker = self._maker.get(name)
        if maker is not None and maker is not self.last:
            self.places.setdefault(name, len(self.places))
            maker.gives[name] = None
            self.last.needs[name] = None

    def sources(self) -> list[str]:
        return [part.source(self.places) for part in self.all]
