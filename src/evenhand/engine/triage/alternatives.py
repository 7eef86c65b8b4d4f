"""What would lose less: more people in the same hours, the same hours at other times, or holds; each one computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from evenhand.engine.triage.staffing import HANDLED, needed
from evenhand.engine.triage.week import SLOTS, lost

_Loss = Callable[[Sequence[int]], float]
HOLD_KEEPS = 0.9
"""Share of the harm of waiting that a hold takes away until somebody decides. ASSUMED (specs/triage.md §4.2)."""
MOST_PEOPLE = 16
_WORTH = 0.01
SITTINGS = (1, 2, 3, 4, 6, 8, 12)
"""Into how many pieces a day's hours may be cut."""
_MINUTES = 15
_HOUR = 4
_DAY = 24 * _HOUR
_DAYS = 7
"""Quarters of an hour, as a roster has them."""


class Sittings(Struct, frozen=True, kw_only=True):
    """The same hours of work in a week, spread evenly: each day `count` sittings of about `minutes` from `first`
    (minutes after midnight) on, `apart` minutes from one beginning to the next."""

    count: int
    minutes: int
    first: int
    apart: int
    lost: float


class Alternatives(Struct, frozen=True, kw_only=True):
    """`lost` is what the roster as it is loses. Each way is the smallest that stays under `target`; with `…_reach`
    False none does, and what is told is the one that loses least."""

    target: float
    lost: float
    people: int
    """So many times the people of the roster, in its hours. 0: there are no hours."""
    people_lost: float
    people_reach: bool
    sittings: Sittings | None
    """None: there are no hours to move."""
    sittings_reach: bool
    hold: float | None
    """Share of items that may be held. None: it is not known what holds would catch."""
    hold_lost: float
    hold_reach: bool
    around: int | None
    """People at any hour of the week: enough for the hour in which most comes. None: no number is."""
    around_lost: float


def alternatives(
    arrivals: Sequence[float],
    people: Sequence[int],
    *,
    most_lost: float,
    over: float,
    caught: Mapping[float, float],
    handled: float = HANDLED,
    awake: tuple[int, int] = (0, 24),
) -> Alternatives:
    """`arrivals` and `people` as `week.lost` takes them; `most_lost` is the target, a share from 0 to 1.

    `caught`: budget of holds (share of items) → share of all harm that lies in the items which it would hold. `awake`:
    the hours of day within which sittings may lie, from and until.
    """

    def loss(roster: Sequence[int]) -> float:
        return lost(arrivals, roster, handled=handled, over=over).lost

    now = loss(people)
    factor, factor_lost = _more_people(people, most_lost, now, loss)
    moved = _moved(people, most_lost, loss, awake)
    hold, hold_lost = _holds(caught, now, most_lost)
    around = needed(max(arrivals), most_lost, handled=handled, over=over)
    return Alternatives(
        target=most_lost,
        lost=now,
        people=factor,
        people_lost=factor_lost,
        people_reach=factor > 0 and factor_lost < most_lost,
        sittings=moved,
        sittings_reach=moved is not None and moved.lost < most_lost,
        hold=hold,
        hold_lost=hold_lost,
        hold_reach=hold is not None and hold_lost < most_lost,
        around=around,
        around_lost=loss([around] * SLOTS) if around is not None else 1.0,
    )


def _more_people(people: Sequence[int], most_lost: float, now: float, loss: _Loss) -> tuple[int, float]:
    """The first multiple that is enough; where none is, the last that loses a hundredth less than the one before."""
    if not any(people) or now < most_lost:
        return int(any(people)), now
    best, best_lost = 2, loss([2 * there for there in people])
    for factor in range(3, MOST_PEOPLE + 1):
        losing = loss([there * factor for there in people])
        if best_lost < most_lost or (losing > best_lost - _WORTH and losing >= most_lost):
            break
        best, best_lost = factor, losing
    return best, best_lost


def _moved(people: Sequence[int], most_lost: float, loss: _Loss, awake: tuple[int, int]) -> Sittings | None:
    """The fewest sittings that are enough; where none are, those that lose least."""
    found: list[Sittings] = []
    for count in SITTINGS:
        best = min(_placed(people, count, loss, awake), key=lambda one: one.lost, default=None)
        if best is None:
            continue
        if best.lost < most_lost:
            return best
        found.append(best)
    return min(found, key=lambda one: (round(one.lost, 3), one.count), default=None)


def _placed(people: Sequence[int], count: int, loss: _Loss, awake: tuple[int, int]) -> list[Sittings]:
    """The roster's quarters in `count` sittings a day, begun at some times of day."""
    whole = sum(people)
    longest = -(-whole // (_DAYS * count))
    first, room = awake[0] * _HOUR, (awake[1] - awake[0]) * _HOUR
    apart = room // count
    if whole < _DAYS * count or longest > apart:
        return []
    last = apart if room == _DAY else apart - longest + 1
    return [_one(whole, count, first + start, apart, loss) for start in range(0, last, max(_HOUR // 2, apart // 4))]


def _one(whole: int, count: int, first: int, apart: int, loss: _Loss) -> Sittings:
    """Exactly `whole` quarters of an hour: where they do not divide, some sittings are a quarter longer."""
    roster, pieces = [0] * SLOTS, _DAYS * count
    for piece in range(pieces):
        begins = piece // count * _DAY + first + piece % count * apart
        for slot in range(begins, begins + whole * (piece + 1) // pieces - whole * piece // pieces):
            roster[slot % SLOTS] += 1
    minutes = round(whole * _MINUTES / pieces)
    return Sittings(count=count, minutes=minutes, first=first * _MINUTES, apart=apart * _MINUTES, lost=loss(roster))


def _holds(caught: Mapping[float, float], now: float, most_lost: float) -> tuple[float | None, float]:
    best: float | None = None
    best_lost = now
    for budget in sorted(caught):
        losing = now * (1 - HOLD_KEEPS * caught[budget])
        if best is None or losing < best_lost:
            best, best_lost = budget, losing
        if best_lost < most_lost:
            break
    return best, best_lost
