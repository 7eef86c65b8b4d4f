"""A day in Harbourlight: the same for the same seed, in order, told at a glance, and fit for the platform document."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from evenhand.connectors.demo import script
from evenhand.connectors.demo.plan import BACKLOG, DAY_HOURS, plan
from evenhand.connectors.demo.scene import HOUR, Day
from evenhand.connectors.demo.town import residents
from evenhand.data import dsa
from evenhand.engine import platform

START = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def calls():
    return plan(Day(START))


@pytest.fixture(scope="module")
def document():
    return platform.parse(script.text("platform.toml"), categories=dsa.categories())


def told(calls, story):
    return [call for call in calls if call.story.startswith(story)]


def texts(calls):
    return [call.body["data"]["text"] for call in calls if call.route == "items" and "text" in call.body["data"]]


def test_the_same_seed_tells_the_same_day_and_another_seed_another(calls):
    assert plan(Day(START)) == calls
    assert plan(Day(START, seed=2)) != calls


def test_the_next_day_uses_none_of_the_ids_of_this_one(calls):
    tomorrow = plan(Day(START, number=1))
    written = {
        call.body["id"] for call in calls if call.route == "items" and call.body["typeId"] in {"post", "comment"}
    }
    assert written.isdisjoint(call.body["id"] for call in tomorrow if call.route == "items")


def test_calls_come_in_order_and_inside_the_day(calls):
    moments = [call.at for call in calls]
    assert moments == sorted(moments)
    assert moments[0] >= 0
    assert moments[-1] <= DAY_HOURS * HOUR


def test_the_day_has_several_thousand_events_and_every_story(calls):
    routes = Counter(call.route for call in calls)
    assert routes["items"] > 3000
    assert routes["report"] > 400
    assert routes["appeal"] == len(script.load().stories.appeals)
    assert {name for name, _ in BACKLOG} <= {call.story.rpartition("-")[0] for call in calls}


def test_nothing_happens_in_the_future_of_a_fast_day():
    day = Day(START, number=1, speed=20)
    for call in plan(day):
        written = call.body["data"].get("posted_at") if call.route == "items" else call.body.get("reportedAt")
        if written:
            assert datetime.fromisoformat(written) <= day.moment(call.at)


def test_every_call_fits_the_platform_document(calls, document):
    types = {item_type.id: item_type for item_type in document.item_types}
    policies = {policy.id for policy in document.policies}
    actions = {action.id for action in document.actions}
    for call in calls:
        item = call.body.get("reportedItem") or call.body.get("actionedItem") or call.body
        fields = {field.name: field for field in types[item["typeId"]].fields}
        assert set(item["data"]) <= set(fields)
        assert {name for name, field in fields.items() if field.required} <= set(item["data"])
        if call.route == "report":
            assert call.body["reportedForReason"]["policyId"] in policies
        if call.route == "appeal":
            assert set(call.body["actionsTaken"]) <= actions


def test_a_crowd_writes_to_one_person_within_the_hour(calls):
    blows = [call for call in told(calls, "mob") if call.route == "items" and "mentions" in call.body["data"]]
    assert len({call.body["data"]["mentions"][0]["id"] for call in blows}) == 1
    assert len({call.author for call in blows}) > 50
    assert max(call.at for call in blows) - min(call.at for call in blows) <= 1.1 * HOUR


def test_spam_says_one_thing_in_many_ways(calls):
    spam = texts(told(calls, "spam"))
    assert len(set(spam)) > 0.9 * len(spam)
    assert sum("http" in text for text in spam) == len(spam)


def test_both_sides_of_the_town_s_argument_run_the_same_campaign(calls):
    ferry, bridge = (campaign.text for campaign in script.load().stories.campaigns)
    posts = texts(told(calls, "campaigns"))
    assert sum(text.startswith(ferry) for text in posts) == sum(text.startswith(bridge) for text in posts) > 50


def test_the_rumour_returns_in_new_words(calls):
    waves = {call.story for call in told(calls, "rumour")}
    assert len(waves) == 3
    assert len({text[:40] for text in texts(told(calls, "rumour"))}) >= 3


def test_a_flood_of_reports_by_fresh_accounts_hits_one_harmless_post(calls):
    reports = [call for call in told(calls, "false-reports") if call.route == "report"]
    assert len(reports) > 100
    assert len({call.body["reportedItem"]["id"] for call in reports}) == 1
    assert len({call.body["reporter"]["id"] for call in reports}) == len(reports)


def test_pictures_that_a_hash_list_knows_are_posted_and_reported_by_nobody(calls):
    hits = told(calls, "hash-hits")
    assert {call.route for call in hits} == {"items"}
    known = {one.picture for one in script.load().stories.known}
    posted = [call.body["data"]["pictures"][0] for call in hits if call.body["typeId"] == "post"]
    assert len(posted) == 3
    assert {address.rpartition("/")[2].removesuffix(".png") for address in posted} <= known


def test_handles_are_unique_and_dates_of_joining_lie_in_the_past(calls):
    assert len({person.handle for person in residents()}) == len(residents())
    assert all(person.joined_days_ago > 0 for person in residents())


def test_links_and_domains_lead_nowhere_real():
    words = script.text("stories.toml") + script.text("platform.toml")
    hosts = [part.split("/")[0] for part in words.replace("https://", "http://").split("http://")[1:]]
    assert all(host.startswith("127.0.0.1") or host.endswith(".example") for host in hosts)
    assert all(domain.endswith(".example") for domain in script.load().stories.spam.domains)
