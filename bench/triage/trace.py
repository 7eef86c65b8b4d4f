"""The frozen trace: what happened on a made-up platform, with what is true kept apart from what anybody may see.

specs/triage.md §4.2 and §4.3. `make(world, seed, load)` gives the same on every machine; a test holds its digest.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import NormalDist

from msgspec import Struct

from bench.triage.chance import Chance, zipf_mean
from bench.triage.crowd import People
from bench.triage.texts import edited, link, quoted, text
from bench.triage.world import CRITICAL, IN_CAMPAIGNS, ITEMS_A_DAY, MIX, REASONS, VIOLATING, World

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
START = 1_790_553_600 * SECOND
"""A Monday, 00:00 UTC, which is the local time of the platform."""
BASE_RATE = sum(share * rate for share, rate in zip(MIX, VIOLATING, strict=True))
PEAK_HOUR = 20
SIZES = (1.6, 2, 500)
"""Of campaigns: Zipf's exponent, the smallest and the largest. ASSUMED."""
MEAN_SIZE = zipf_mean(*SIZES)
SEVERE = (REASONS.index("urgent"), CRITICAL)


class Report(Struct, frozen=True):
    at: int
    reporter: str
    reason: int
    """Index of REASONS."""
    views: int
    """How often the item was seen by then: the platform tells with the report."""


class Seen(Struct, frozen=True, kw_only=True):
    """What a policy may see of an item, from its first report on; of its reports, those made by then."""

    id: int
    author: str
    created_at: int
    text: str
    media: int
    score: float
    """The platform's classifier: how likely the item breaks a policy, right on average over all items."""
    score_reason: int
    """Which policy the classifier means."""
    reports: tuple[Report, ...]


class Truth(Struct, frozen=True, kw_only=True):
    """What no policy sees but the oracle."""

    violating: bool
    reason: int
    views: float
    """All that it would ever get, if nobody did anything."""
    half_life: float
    """In microseconds."""
    campaign: int
    """0: none."""
    mobbed: bool
    seconds: float
    """What a person needs to decide it."""


class Trace(Struct, frozen=True):
    """`seen` and `truth` are parallel, in the order in which the items were first reported."""

    world: World
    seed: int
    load: float
    seen: tuple[Seen, ...]
    truth: tuple[Truth, ...]


class _Draft(Struct, frozen=True):
    reason: int
    violating: bool
    created_at: int
    text: str
    campaign: int


def make(world: World, seed: int, load: float) -> Trace:
    """`load`: arrivals, in what one person with 30 hours a week can handle."""
    chance, words = Chance("trace", world.name, seed, load), Chance("texts", world.name, seed, load)
    people = People(chance, load)
    wanted = chance.poisson(load * ITEMS_A_DAY * world.days)
    made = [_item(world, chance, people, draft) for draft in _drafts(world, chance, words, wanted)]
    made.sort(key=lambda one: (one[0].reports[0].at, one[0].text))
    seen = tuple(_numbered(number, one) for number, (one, _) in enumerate(made))
    return Trace(world, seed, load, seen, tuple(truth for _, truth in made))


def _numbered(number: int, one: Seen) -> Seen:
    return Seen(
        id=number, author=one.author, created_at=one.created_at, text=one.text, media=one.media, score=one.score,
        score_reason=one.score_reason, reports=one.reports,
    )  # fmt: skip


def _drafts(world: World, chance: Chance, words: Chance, wanted: int) -> Iterator[_Draft]:
    """Single items and campaigns, until there are enough. The larger campaigns are, the fewer of them."""
    singly = [mix * (1 - share) for mix, share in zip(MIX, IN_CAMPAIGNS, strict=True)]
    together = [mix * share / MEAN_SIZE for mix, share in zip(MIX, IN_CAMPAIGNS, strict=True)]
    count = campaign = 0
    while count < wanted:
        drawn = chance.index([*singly, *together])
        reason, many = drawn % len(MIX), drawn >= len(MIX)
        campaign += many
        violating = chance.uniform() < VIOLATING[reason]
        first = _Draft(reason, violating, _moment(world, chance), _single(words, reason), campaign if many else 0)
        drafts = list(_campaign(world, chance, words, first)) if many else [first]
        count += len(drafts)
        yield from drafts


def _single(chance: Chance, reason: int) -> str:
    said = text(chance)
    return f"{said} {link(chance)}" if reason == 0 and chance.uniform() < 0.5 else said


def _campaign(world: World, chance: Chance, words: Chance, first: _Draft) -> Iterator[_Draft]:
    """Within some hours, by many people, each a little changed."""
    for _ in range(chance.zipf(*SIZES)):
        at = first.created_at + int(chance.exponential(6 * HOUR))
        if chance.uniform() < world.impurity:
            yield _Draft(first.reason, not first.violating, at, quoted(words, first.text), first.campaign)
        else:
            yield _Draft(first.reason, first.violating, at, edited(words, first.text), first.campaign)


def _moment(world: World, chance: Chance) -> int:
    """By the hour of the day: three times as much at its peak as twelve hours away."""
    while True:
        at = chance.uniform() * world.days
        if chance.uniform() < (2 + math.cos(2 * math.pi * (at * 24 - PEAK_HOUR) / 24)) / 3:
            return START + int(at * DAY)


def _item(world: World, chance: Chance, people: People, draft: _Draft) -> tuple[Seen, Truth]:
    views = chance.lognormal(world.views, world.views_spread)
    half_life = chance.lognormal(chance.one_of(world.half_lives), world.half_life_spread) * MINUTE
    mobbed = not draft.violating and chance.uniform() < world.mobs
    media = chance.whole(1, 3) if chance.uniform() < 0.2 else 0
    truth = Truth(
        violating=draft.violating,
        reason=draft.reason,
        views=round(views, 3),
        half_life=round(half_life),
        campaign=draft.campaign,
        mobbed=mobbed,
        seconds=round(_seconds(chance, media), 3),
    )
    score, means = _score(world, chance, truth)
    seen = Seen(
        id=0,
        author=people.author(violating=draft.violating),
        created_at=draft.created_at,
        text=draft.text,
        media=media,
        score=score,
        score_reason=means,
        reports=tuple(_reports(world, chance, people, draft, truth)),
    )
    return seen, truth


def _seconds(chance: Chance, media: int) -> float:
    """86 s in the mean; pictures take longer."""
    return chance.lognormal((120.0 if media else 77.5) * math.exp(-0.18), 0.6)


def _score(world: World, chance: Chance, truth: Truth) -> tuple[float, int]:
    """Binormal, as far apart as the AUC says; as the probability that it is right on average."""
    apart = math.sqrt(2) * NormalDist().inv_cdf(world.auc[truth.reason])
    height = apart * truth.violating + chance.normal()
    logit = apart * height - apart**2 / 2 + math.log(BASE_RATE / (1 - BASE_RATE))
    logit += world.mobs_move_score * truth.mobbed
    right = chance.uniform() < world.score_names
    return round(1 / (1 + math.exp(-logit)), 4), truth.reason if right else chance.index(MIX)


def _reports(world: World, chance: Chance, people: People, draft: _Draft, truth: Truth) -> list[Report]:
    """One at least, when somebody sees it: reports come as views do. A mob comes within hours of the first."""

    def report(wait: float, reporter: str, reason: int) -> Report:
        expected = truth.views * (1 - 2.0 ** (-wait / truth.half_life))
        return Report(draft.created_at + int(wait), reporter, reason, 1 + chance.poisson(expected))

    extra = chance.poisson(world.report_rate[truth.violating] * truth.views)
    waits = [chance.exponential(truth.half_life / math.log(2)) for _ in range(1 + min(extra, world.most_reports - 1))]
    made = []
    for wait in sorted(waits):
        reason = chance.index(MIX) if chance.uniform() < world.wrong_reasons else truth.reason
        made.append(report(wait, people.reporter(violating=truth.violating), reason))
    if truth.mobbed:
        cry = chance.one_of(SEVERE)
        for _ in range(chance.whole(30, 300)):
            made.append(report(min(waits) + chance.exponential(2 * HOUR), people.mobster(), cry))  # noqa: PERF401 (the order of draws is part of the trace)
    return sorted(made, key=lambda one: (one.at, one.reporter))
