"""Before a policy's weight or lane changes: what would move in the queue."""

import re

import pytest
from django.utils import translation
from msgspec import structs

from evenhand.cli import moves
from evenhand.desk.cases.models import Case
from evenhand.desk.fields import now_micros
from evenhand.desk.policies import queries
from evenhand.desk.policies import services as policy_services
from tests.desk.conftest import *  # noqa: F403 (its fixtures)
from tests.desk.conftest import post, reported
from tests.web.policies.conftest import _client
from tests.web.policies.forms import form

HOUR = 3_600 * 1_000_000


@pytest.fixture
def admin(db):
    return _client("ada", "admin")


@pytest.fixture
def waiting(fold):
    """Ten about spam, then ten about harassment, which weighs 20 times as much."""
    now = now_micros()
    for number in range(10):
        fold(reported(post(f"s{number}", "the secret of the text", created_at=now - number * HOUR), policy="spam"))
        fold(reported(post(f"h{number}", created_at=now - number * HOUR), policy="harassment"))


def propose(admin, policy, **changes):
    address = f"/platform/edit/policies/?id={policy}"
    entries = form(admin.get(address)) | {name: [value] for name, value in changes.items()}
    return admin.post(address, entries)


def words(answer):
    main = answer.content.decode().partition("<main")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def test_a_new_weight_shows_how_many_cases_it_moves_and_which_most(waiting, admin):
    answer = propose(admin, "spam", harm="90")
    told = words(answer)
    assert re.search(r"Of 20 cases that wait now, \d+ would change place and 0 lane", told)
    assert "The biggest moves" in told
    first = Case.objects.filter(policy="spam").order_by("-rank").first()
    assert f"/cases/{first.pk}/" in answer.content.decode()


def test_a_new_lane_shows_how_many_change_lane(waiting, admin):
    assert "would change place and 10 lane" in words(propose(admin, "spam", lane="critical"))


def test_what_the_cases_say_is_not_shown(waiting, admin):
    assert "secret" not in propose(admin, "spam", harm="90").content.decode()


def test_a_change_of_words_moves_nothing_and_says_nothing_of_the_queue(waiting, admin):
    answer = propose(admin, "spam", guidance="Think twice.")
    assert "Think twice." in words(answer)
    assert "move in the queue" not in words(answer)


def test_where_nothing_waits_it_says_so(platform, admin):
    assert "No case waits: nothing moves." in words(propose(admin, "spam", harm="90"))


def test_it_is_told_in_german(waiting, admin):
    with translation.override("de"):
        answer = admin.post(
            "/platform/edit/policies/?id=spam",
            form(admin.get("/platform/edit/policies/?id=spam")) | {"harm": ["90"]},
            headers={"accept-language": "de"},
        )
    assert "Was in der Warteschlange wandern würde" in words(answer)


def test_the_command_tells_the_same_before_it_asks(waiting, runner_of):
    told = runner_of(harm=90.0)
    assert re.search(r"In the queue: of 20 cases, \d+ would change place and 0 lane\.", told)
    assert "The biggest moves:" in told
    assert "from place" in told


@pytest.fixture
def runner_of(capsys):
    def run(**changes):
        now = queries.current(fresh=True).platform
        policies = tuple(structs.replace(one, **changes) if one.id == "spam" else one for one in now.policies)
        document = structs.replace(now, policies=policies)
        assert not policy_services.preview(document).refusals
        moves.show(document)
        return capsys.readouterr().out

    return run
