"""Reports of all qualities: wrong ones by the crowd, pictures that a hash list knows, single incidents; and appeals."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.connectors.demo import script
from evenhand.connectors.demo.scene import HOUR, Call, Json, Scene
from evenhand.connectors.demo.script import Incident
from evenhand.connectors.demo.town import Person, stranger

FALSE_REPORTERS = 130
FALSE_MINUTES = 20


def false_reports(scene: Scene, at: float) -> Iterator[Call]:
    """A harmless post, and a crowd of fresh accounts that report it within minutes."""
    chance, words = scene.chance, script.load().stories.false_reports
    author = scene.neighbour()
    post = scene.post(at, author, words.post, views=180, pictures=[scene.picture(author.handle)])
    yield scene.sent(at, post)
    for number in range(FALSE_REPORTERS):
        by = stranger(chance, number + 500, days=chance.uniform(0.1, 3))
        later = at + 600 + chance.uniform(0, FALSE_MINUTES * 60)
        yield scene.sent(later, scene.profile(by))
        yield scene.reported(later, post, by, chance.choice(words.policies), chance.choice(words.reasons))


def hash_hits(scene: Scene, at: float) -> Iterator[Call]:
    """Pictures that a hash list knows are posted, and reported by nobody: the desk finds them."""
    for number, hit in enumerate(script.load().stories.hash_hits):
        uploader = stranger(scene.chance, number + 900, days=1)
        sent = at + number * 300
        yield scene.sent(sent, scene.profile(uploader))
        yield scene.sent(sent, scene.post(sent, uploader, hit.text, views=2, pictures=[scene.picture(hit.picture)]))


def incidents(scene: Scene, hours: float) -> Iterator[Call]:
    """Each once, at any time of the day."""
    for incident in script.load().stories.incidents:
        yield from _incident(scene, scene.chance.uniform(0, max(0.0, hours - 0.5) * HOUR), incident, hours * HOUR)


def appeals(scene: Scene, at: float) -> Iterator[Call]:
    """People ask for a second look at what was decided before this desk was here."""
    for number, appeal in enumerate(script.load().stories.appeals):
        asked = at + number * HOUR
        item = scene.post(asked - 6 * HOUR, scene.neighbour(), appeal.text, views=scene.chance.randint(50, 400))
        yield scene.sent(max(0.0, asked - 6 * HOUR), item)
        yield scene.appealed(asked, item, actions=[appeal.action], policy=appeal.policy, reason=appeal.reason)


def _incident(scene: Scene, at: float, incident: Incident, end: float) -> Iterator[Call]:
    chance = scene.chance
    author = scene.neighbour()
    item = _item(scene, at, author, incident)
    yield scene.sent(at, item)
    for reason in incident.reasons:
        later = min(end, at + chance.expovariate(1 / 500))
        yield scene.reported(later, item, scene.neighbour(author), incident.policy, reason)


def _item(scene: Scene, at: float, author: Person, incident: Incident) -> Json:
    text = scene.words(incident.text)
    if incident.kind == "message":
        return scene.message(at, author, text, to=scene.neighbour(author))
    views = scene.chance.randint(20, 600)
    if incident.kind == "comment":
        return scene.comment(at, author, text, views=views)
    return scene.post(at, author, text, views=views)
