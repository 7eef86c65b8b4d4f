"""A small rule project, published, and rules that are moved to a stage."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from evenhand.desk.policies import queries as policies
from evenhand.desk.policies import services as policy_services
from evenhand.desk.policies.queries import Snapshot
from evenhand.desk.rules import queries, services

MAIN = """
Text: str = JsonData(path='$.text')
Author: Entity[str] = EntityJson(type='Account', path='$.evenhand.author.id')
Recent = IncrementWindow(key=f'posts/{AuthorId}', window_seconds=3600, when_all=[True])
AuthorId: str = JsonData(path='$.evenhand.author.id')

Pills = Rule(when_all=[StringContains(s=Text, phrase='cheap pills')], description=f'{AuthorId} sells pills')
Flood = Rule(when_all=[Recent >= 3], description='three posts in an hour')
Known = Rule(when_all=[HasLabel(entity=Author, label='seller')], description='a known seller')

WhenRules(rules_any=[Pills], then=[
    Enqueue(policy='spam', probability=0.8),
    LabelAdd(entity=Author, label='seller', expires_after=TimeDelta(days=30)),
])
WhenRules(rules_any=[Flood], then=[Hold(policy='spam', hours=12)])
WhenRules(rules_any=[Known], then=[Enqueue(policy='harassment', probability=0.3)])
"""
CONFIG = {"labels": {"seller": {"valid_for": ["Account"], "connotation": "negative", "description": "sells"}}}


@pytest.fixture
def platform(platform) -> Snapshot:
    """The small platform, whose spam can be hidden while it waits."""
    before = platform.platform
    spam, *others = before.policies
    policy_services.apply(replace(before, policies=(replace(spam, hold="remove"), *others)), actor="system:test")
    return policies.current(fresh=True)


@pytest.fixture
def project(platform) -> int:
    return services.publish({"main.sml": MAIN}, CONFIG, actor="system:test").version


@pytest.fixture
def to_stage(project) -> Callable[..., None]:
    """Move a rule there, through shadow where its life asks for it."""

    def move(rule: str, stage: str, **more: object) -> None:
        if stage in ("canary", "live"):
            services.move(rule, "shadow", actor="user:ana", owner="ana", reason="see what it does")
        services.move(rule, stage, actor="user:ana", owner="ana", reason="it was right", **more)  # type: ignore[arg-type]
        queries.forget()  # a test's transaction is never committed, which would do so

    return move
