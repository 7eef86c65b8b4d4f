"""A person on whom a mob turns: an accusation, a crowd within the hour, a hint at an address, a threat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from evenhand.connectors.demo import script
from evenhand.connectors.demo.scene import HOUR, Call, Json, Scene, seen, user
from evenhand.connectors.demo.town import Person, stranger

PILE = 150
PEAK_SECONDS = 1200
FROM_STRANGERS = 0.4
REPORTED = 0.22
WHEREABOUTS_AFTER, THREAT_AFTER = 2100, 2700


class _Mob(NamedTuple):
    scene: Scene
    plot: script.Mob
    target: Person
    accuser: Person
    origin: Json

    def comment(self, at: float, author: Person, text: str) -> Json:
        aimed, views = text.format(target=self.target.at), self.scene.chance.randint(10, 200)
        return self.scene.comment(at, author, aimed, self.origin, mentions=[user(self.target)], views=views)

    def bystander(self, *others: Person) -> Person:
        return self.scene.neighbour(self.target, self.accuser, *others)

    def report(self, at: float, item: Json, by: Person, policy: str, reasons: Sequence[str] = ()) -> Call:
        later = at + self.scene.chance.expovariate(1 / 300)
        said = reasons or (self.plot.own_reasons if by == self.target else self.plot.reasons)
        return self.scene.reported(later, item, by, policy, self.scene.chance.choice(said))


def mob(scene: Scene, at: float) -> Iterator[Call]:
    plots = script.load().stories.mobs
    plot = plots[scene.day.number % len(plots)]
    target = scene.neighbour()
    accuser = scene.neighbour(target)
    origin = scene.post(at, accuser, plot.origin.format(target=target.at), views=40)
    here = _Mob(scene, plot, target, accuser, origin)
    yield scene.sent(at, origin)
    yield scene.sent(at + HOUR, seen(origin, views=4800))
    yield here.report(at, origin, target, "smears")
    for number in range(PILE):
        yield from _blow(here, at, number)
    yield from _danger(here, at + WHEREABOUTS_AFTER, plot.whereabouts, "doxxing")
    yield from _danger(here, at + THREAT_AFTER, plot.threat, "threats")
    for text in plot.defence:
        sent = at + scene.chance.uniform(900, HOUR)
        yield scene.sent(sent, here.comment(sent, here.bystander(), text))
    yield scene.sent(at + HOUR, scene.post(at + HOUR, target, plot.own_words, views=25))


def _blow(mob: _Mob, start: float, number: int) -> Iterator[Call]:
    scene, chance = mob.scene, mob.scene.chance
    at = start + 120 + chance.triangular(0, HOUR, PEAK_SECONDS)
    if chance.random() < FROM_STRANGERS:
        author = stranger(chance, number + 300, days=chance.uniform(0.5, 20))
        yield scene.sent(at, scene.profile(author))
    else:
        author = scene.neighbour(mob.target)
    comment = mob.comment(at, author, chance.choice(mob.plot.pile))
    yield scene.sent(at, comment)
    if chance.random() < REPORTED:
        by = chance.choice([mob.target, mob.bystander(author)])
        yield mob.report(at, comment, by, chance.choice(["harassment", "harassment", "smears"]))


def _danger(mob: _Mob, at: float, text: str, policy: str) -> Iterator[Call]:
    author = stranger(mob.scene.chance, int(at) % 1000, days=3)
    yield mob.scene.sent(at, mob.scene.profile(author))
    blow = mob.comment(at, author, text)
    yield mob.scene.sent(at, blow)
    for reason in mob.scene.chance.sample(mob.plot.danger_reasons, 3):
        yield mob.report(at, blow, mob.bystander(author), policy, [reason])
