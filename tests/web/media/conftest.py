"""A console with a bank of known media, a list that fills it, and a post that matches."""

from types import SimpleNamespace

import pytest

from evenhand.desk.cases.models import Case
from evenhand.desk.media import services
from evenhand.desk.media.models import Match
from evenhand.engine.model import Media
from tests.desk.conftest import event, post, sent
from tests.desk.media.conftest import (  # noqa: F401 (fixtures)
    ACTOR,
    _nothing_from_another_test,
    bank,
    flipped,
    hash_of,
    hashed,
    listed,
    pdq,
    source,
    take_in,
)
from tests.web.console.conftest import (  # noqa: F401 (fixtures)
    _quick,
    ana,
    ben,
    desk,
    fold,
    log,
    person,
    platform,
    signed_in,
    text,
)

PICTURE = "https://m.example/boat.png"


@pytest.fixture
def matched(source, fold):  # noqa: F811 (a fixture asks for a fixture)
    """One list knows a picture; two people posted it, the second time a little changed."""
    take_in(source, listed("boat", pdq=hash_of("boat")), listed("other"))
    for number, (author, bits) in enumerate((("ann", 0), ("bob", 7))):
        media = (Media(url=PICTURE, kind="image", field="image"),)
        fold(sent(post(f"p{number}", f"My boat {number}", author=author, media=media)))
        fold(event(hashed(f"p{number}", pdq(flipped(hash_of("boat"), bits)))))
    return SimpleNamespace(
        source=source, matches=list(Match.objects.order_by("pk")), cases=list(Case.objects.order_by("pk"))
    )


@pytest.fixture
def second_list(matched):
    """Another list that has the same picture, before a third post of it comes."""
    other = services.make_source("other-list", bank="KNOWN", kind="other", actor=ACTOR)
    take_in(other, listed("x1", pdq=hash_of("boat")), listed("x2"))
    return other


@pytest.fixture
def decide(desk):  # noqa: F811 (a fixture asks for a fixture)
    def decide(case: Case, do: str):
        desk.get(f"/cases/{case.pk}/")
        data = {"do": do, "version": Case.objects.get(pk=case.pk).version, "policy": "spam"}
        return desk.post(f"/cases/{case.pk}/decide/", data)

    return decide
