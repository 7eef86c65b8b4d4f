"""A desk to test on: a platform document, people, and events that are folded at once."""

from collections.abc import Callable, Sequence
from itertools import count

import pytest

from evenhand.desk.accounts import services as accounts
from evenhand.desk.fields import now_micros
from evenhand.desk.intake import services as intake
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies import services as policy_services
from evenhand.desk.signals.services import DeskStore
from evenhand.engine.model import AppealMade, Event, Item, ItemSent, Ref, Reporter, ReportMade
from evenhand.runtime.eventlog import EventLog
from evenhand.runtime.eventlog.sqlite import SqliteLog
from evenhand.runtime.worker import PartitionWorker
from tests.support.platform import CHILD_SAFETY_QUEUE, DOCUMENT

PASSWORD = "correct horse battery staple"
_numbers = count(1)


def post(id_: str, text: str = "hello", author: str = "ann", **more: object) -> Item:
    return Item(
        ref=Ref("post", id_), kind="content", data={"text": text}, text=text, creator=Ref("account", author), **more
    )


def event(body: ItemSent | ReportMade | AppealMade, at: int | None = None) -> Event:
    return Event(id=f"{next(_numbers):032x}", at=at or now_micros(), source="key:test", body=body)


def sent(item: Item, at: int | None = None) -> Event:
    return event(ItemSent(item=item), at)


def reported(item: Item, reporter: str = "r1", policy: str | None = "spam", **more: object) -> Event:
    body = ReportMade(
        report_id=f"report-{next(_numbers)}",
        reporter=Reporter(kind="user", type="account", id=reporter),
        reported_at=now_micros(),
        item=item,
        policy=policy,
        **more,
    )
    return event(body)


def appealed(item: Item, appeal_id: str = "ap1", **more: object) -> Event:
    return event(AppealMade(appeal_id=appeal_id, by=Ref("account", "ann"), appealed_at=now_micros(), item=item, **more))


@pytest.fixture
def log(db, tmp_path, monkeypatch) -> EventLog:
    """An empty event log, instead of the process's own. A file on both databases: PostgreSQL's log shows nothing to a
    reader while a test's own transaction runs, and has the same contract tests."""
    log = SqliteLog(tmp_path / "log.sqlite3")
    monkeypatch.setattr(intake, "event_log", lambda: log)
    yield log
    log.close()


@pytest.fixture
def platform(db):
    """The small platform document of the tests, applied."""
    text = DOCUMENT.replace("{hooks}", "http://127.0.0.1:9/hooks").replace("{other}", "http://127.0.0.1:9/other")
    document = policy_services.read(text.replace("{queues}", CHILD_SAFETY_QUEUE))
    policy_services.apply(document, actor="system:test", expect=None)
    return policies.current(fresh=True)


@pytest.fixture
def fold(log, platform) -> Callable[[Sequence[Event]], None]:
    """Accept events and fold them."""
    worker = PartitionWorker(log, DeskStore(), owner="test", batch_events=100)

    def fold(*events: Event) -> None:
        intake.accept(events)
        while worker.step():
            pass

    return fold


@pytest.fixture
def person(db):
    def make(name: str, *roles: str):
        return accounts.create_user(
            f"{name}@example.com", roles=roles or ("moderator",), password=PASSWORD, by="system:test"
        )

    return make


@pytest.fixture
def ana(person):
    return person("ana")


@pytest.fixture
def ben(person):
    return person("ben")
