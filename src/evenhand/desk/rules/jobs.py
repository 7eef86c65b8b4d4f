"""What is due from time to time: rules that left their band step back to shadow."""

from __future__ import annotations

from evenhand.desk.fields import now_micros
from evenhand.desk.rules import queries, services
from evenhand.desk.rules.models import Life
from evenhand.desk.rules.queries.hits import HOUR

_DAY_HOURS = 24


def keep_in_band() -> list[str]:
    """Step back every live rule or canary whose fires of the last 24 h are outside its band; their names.

    The lower end counts once the rule has stood there for a whole day; the upper end at once.
    """
    now = now_micros()
    since = now // HOUR - _DAY_HOURS + 1
    fires = queries.totals(since_hour=since, stages=(Life.Stage.CANARY, Life.Stage.LIVE))
    stepped = []
    for life in queries.lives().values():
        if life.stage not in {Life.Stage.CANARY, Life.Stage.LIVE}:
            continue
        count = fires.get(life.rule, 0)
        stood_hours = (now - int(life.changed_at.timestamp() * 1e6)) / HOUR
        if life.high_per_day is not None and count > life.high_per_day:
            reason = f"It fired {count} times in 24 h; its band ends at {life.high_per_day:g}."
        elif life.low_per_day is not None and stood_hours >= _DAY_HOURS and count < life.low_per_day:
            reason = f"It fired {count} times in 24 h; its band begins at {life.low_per_day:g}."
        else:
            continue
        services.step_back(life, reason=reason)
        stepped.append(life.rule)
    return stepped
