"""Putting a platform document in force."""

import hashlib
import threading

import msgspec
import pytest
from django.db import connection, transaction

from evenhand.desk.audit import queries as audit
from evenhand.desk.policies import queries, services
from evenhand.engine.platform import Platform, Policy, Queue

pytestmark = pytest.mark.django_db

SPAM = Policy("spam", "Spam", text="No spam.")
FIRST = Platform("Harbour", policies=(SPAM,))
SECOND = Platform("Harbour", policies=(SPAM, Policy("scam", "Scam")))


def kept_versions() -> list[int]:
    return [kept.version for kept in queries.versions().versions]


def told() -> list[tuple[str, str]]:
    """Who did what, in the ledger."""
    return [(row.actor, row.obj) for row in audit.page(limit=10).rows if row.act == "platform_applied"]


def apply(document: Platform, expect: int | None = None, **more: str) -> services.Applied:
    return services.apply(document, actor="user:ana", expect=expect, **more)


def test_the_first_document_becomes_version_1():
    applied = apply(FIRST, source='name = "Harbour" # ours')
    kept = queries.stored(1)
    assert applied.version == kept.version == 1
    assert kept.applied_by == "user:ana"
    assert kept.digest == hashlib.sha256(kept.document.encode()).hexdigest()
    assert kept.source == 'name = "Harbour" # ours'
    assert kept.summary == ['Platform: name: "Unconfigured" → "Harbour"', 'Policy "spam" (Spam) is new']
    assert msgspec.json.decode(kept.document, type=Platform) == FIRST


def test_the_next_document_tells_what_it_changed():
    apply(FIRST)
    applied = apply(SECOND)
    assert applied.version == 2
    assert [str(change) for change in applied.changes] == ['Policy "scam" (Scam) is new']


def test_the_same_document_again_is_no_new_version():
    apply(FIRST)
    again = apply(FIRST)
    assert (again.version, again.changes) == (1, ())
    assert kept_versions() == [1]
    assert told() == [("user:ana", "platform:1")]


def test_equal_documents_are_the_same_however_their_tables_are_ordered():
    def coded(codes: dict[str, str]) -> Platform:
        return Platform("x", policies=(Policy("spam", "Spam", codes=codes),))

    apply(coded({"a": "1", "b": "2"}))
    assert apply(coded({"b": "2", "a": "1"})).version == 1


def test_going_back_to_an_older_document_is_a_version_of_its_own():
    apply(FIRST)
    apply(SECOND)
    assert apply(FIRST).version == 3


def test_each_version_has_its_ledger_entry():
    apply(FIRST)
    apply(SECOND)
    assert told() == [("user:ana", "platform:2"), ("user:ana", "platform:1")]


def test_without_its_ledger_entry_nothing_is_applied(monkeypatch):
    def broken(*_args: object, **_kwargs: object) -> int:
        raise RuntimeError("the ledger is full")

    monkeypatch.setattr(services.audit, "record", broken)
    with pytest.raises(RuntimeError):
        apply(FIRST)
    assert kept_versions() == []
    assert queries.current(fresh=True).version == 0


def test_a_change_of_what_is_no_longer_in_force_is_a_conflict():
    apply(FIRST)
    apply(SECOND)
    with pytest.raises(services.Conflict) as conflict:
        apply(Platform("Harbour"), expect=1)
    assert (conflict.value.version, conflict.value.by) == (2, "user:ana")
    assert "Version 2 is in force" in conflict.value.problems[0]
    assert queries.latest()[0] == 2


def test_expecting_none_before_the_first():
    assert apply(FIRST, expect=0).version == 1
    with pytest.raises(services.Conflict):
        apply(SECOND, expect=0)


def test_a_repeated_request_is_no_conflict_with_itself():
    apply(FIRST, expect=0)
    assert apply(FIRST, expect=0).version == 1


def test_a_number_that_is_taken_meanwhile_is_a_conflict(monkeypatch):
    """Two people apply at the same moment on PostgreSQL: both saw version 1."""
    apply(FIRST)
    seen = queries.current(fresh=True)
    apply(SECOND)
    monkeypatch.setattr(services.queries, "current", lambda **_: seen)
    with pytest.raises(services.Conflict):
        apply(Platform("Harbour"), expect=1)
    assert kept_versions() == [2, 1]


def test_a_document_with_mistakes_is_refused_with_all_of_them():
    broken = Platform("", policies=(Policy("a", "A", parent="b", harm=-1.0),))
    with pytest.raises(services.Refused) as refused:
        apply(broken)
    assert len(refused.value.problems) == 3
    assert kept_versions() == []


def test_text_is_read_with_the_desks_own_categories():
    good = 'name = "x"\n[[policies]]\nid = "a"\nname = "A"\ndsa = "STATEMENT_CATEGORY_VIOLENCE"'
    assert services.read(good).policies[0].dsa == "STATEMENT_CATEGORY_VIOLENCE"
    with pytest.raises(services.Invalid):
        services.read(good.replace("VIOLENCE", "BAD_MANNERS"))


class TestGuards:
    @pytest.fixture
    def guards(self, monkeypatch):
        found: list[services.Guard] = []
        monkeypatch.setattr(services, "_guards", found)
        return found

    def test_what_a_guard_says_refuses_the_document(self, guards):
        services.guard(lambda _old, _new: ["3 open cases need it."])
        with pytest.raises(services.Refused, match="3 open cases"):
            apply(FIRST)
        assert kept_versions() == []

    def test_a_guard_sees_the_old_and_the_new(self, guards):
        seen = []
        services.guard(lambda old, new: seen.append((old, new)) or [])
        apply(FIRST)
        apply(SECOND)
        assert seen[1] == (FIRST, SECOND)

    def test_a_guard_is_not_asked_when_nothing_changes(self, guards):
        apply(FIRST)
        services.guard(lambda _old, _new: ["no"])
        assert apply(FIRST).version == 1

    def test_registering_twice_is_registering_once(self, guards):
        def check(_old, _new):
            return []

        assert services.guard(check) is services.guard(check) is check
        assert guards == [check]


class TestPolicyVersions:
    def versions(self) -> dict[str, int]:
        return queries.current(fresh=True).policy_versions

    def test_a_policy_keeps_its_version_while_its_words_stay(self):
        apply(FIRST)
        apply(SECOND)
        apply(msgspec.structs.replace(SECOND, queues=(Queue("q", "Q"),)))
        assert self.versions() == {"spam": 1, "scam": 2}

    def test_new_words_are_a_new_version_of_that_policy_alone(self):
        apply(SECOND)
        spam = msgspec.structs.replace(SPAM, text="No spam at all.")
        apply(msgspec.structs.replace(SECOND, policies=(spam, SECOND.policies[1])))
        assert self.versions() == {"spam": 2, "scam": 1}

    def test_another_weight_is_no_other_text(self):
        apply(FIRST)
        apply(msgspec.structs.replace(FIRST, policies=(msgspec.structs.replace(SPAM, harm=9.0),)))
        assert self.versions() == {"spam": 1}


@pytest.mark.django_db(transaction=True)
def test_of_many_who_apply_at_once_each_is_applied_or_told_and_no_number_is_left_out():
    documents = [Platform(f"Harbour {n}") for n in range(6)]
    outcomes = []

    def run(document: Platform) -> None:
        try:
            outcomes.append(apply(document).version)
        except services.Conflict:
            outcomes.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(document,)) for document in documents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    applied = sorted(version for version in outcomes if version)
    assert len(outcomes) == 6
    assert applied == list(range(1, len(applied) + 1)) != []
    assert kept_versions() == applied[::-1]


def test_applying_inside_a_transaction_that_fails_leaves_no_trace():
    with transaction.atomic():
        apply(FIRST)
        transaction.set_rollback(True)
    assert queries.current(fresh=True).version == 0
