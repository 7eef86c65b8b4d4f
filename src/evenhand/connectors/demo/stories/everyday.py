"""Ordinary life: people post, answer, and now and then report what they do not like."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.connectors.demo import script
from evenhand.connectors.demo.scene import HOUR, Call, Json, Scene
from evenhand.connectors.demo.town import residents

POSTS_PER_HOUR = 60
COMMENTS_PER_POST = 0.9
REPORTS_PER_POST = 0.12
PICTURE_EVERY = 9
PICTURES = 40
WHOLE_SENTENCE_EVERY = 7


def arrivals(scene: Scene, at: float) -> Iterator[Call]:
    """Everybody's profile, and the groups."""
    for person in residents():
        yield scene.sent(at, scene.profile(person))
    for group in script.load().town.groups:
        data = {"title": group.title, "about": group.about, "opened_at": scene.day.iso(at)}
        yield scene.sent(at, {"id": group.id, "typeId": "group", "data": data})


def life(scene: Scene, hours: float) -> Iterator[Call]:
    at = 0.0
    while (at := at + scene.chance.expovariate(POSTS_PER_HOUR / HOUR)) < hours * HOUR:
        yield from _conversation(scene, at, hours * HOUR)


def _conversation(scene: Scene, at: float, end: float) -> Iterator[Call]:
    chance, author = scene.chance, scene.neighbour()
    everyday = script.load().everyday
    post = scene.post(
        at,
        author,
        _words(scene),
        views=chance.randint(3, 60),
        **_more(scene),
    )
    yield scene.sent(at, post)
    later = at
    while chance.random() < COMMENTS_PER_POST / (1 + COMMENTS_PER_POST):
        later += chance.expovariate(1 / 600)
        if later < end:
            yield scene.sent(
                later, scene.comment(later, scene.neighbour(), scene.words(chance.choice(everyday.comments)), post)
            )
    later = at + chance.expovariate(1 / 900)
    if chance.random() < REPORTS_PER_POST and later < end:
        ordinary = chance.choice(script.load().stories.ordinary_reasons)
        yield scene.reported(later, post, scene.neighbour(author), ordinary.policy, chance.choice(ordinary.texts))


def _words(scene: Scene) -> str:
    everyday, chance = script.load().everyday, scene.chance
    sentence = f"{chance.choice(everyday.starts)} {chance.choice(everyday.middles)}."
    if chance.randrange(WHOLE_SENTENCE_EVERY) == 0:
        sentence = chance.choice(everyday.posts)
    return scene.words(" ".join([sentence, *chance.sample(everyday.tails, chance.choice([0, 1, 1, 2]))]))


def _more(scene: Scene) -> Json:
    more: Json = {}
    if scene.chance.randrange(3) == 0:
        more["group"] = {"id": scene.chance.choice(script.load().town.groups).id, "typeId": "group"}
    if scene.chance.randrange(PICTURE_EVERY) == 0:
        more["pictures"] = [scene.picture(f"harbour-{scene.chance.randrange(PICTURES)}")]
    return more
