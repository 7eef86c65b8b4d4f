"""A policy that may be held, and audits as they would have been decided."""

from datetime import timedelta

from django.utils import timezone

from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.models import Audit, PolicyLicence
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies import services as policy_services
from tests.support.platform import CHILD_SAFETY_QUEUE, DOCUMENT


def apply(*, together: float = 1.0, **keys: float) -> None:
    """The tests' document, with these keys for spam, which is held by removing. `together`: the budget of all."""
    lines = "".join(f"{key} = {value}\n" for key, value in keys.items())
    text = DOCUMENT.replace("{hooks}", "http://127.0.0.1:9/hooks").replace("{other}", "http://127.0.0.1:9/other")
    text = text.replace('name = "Spam"\n', f'name = "Spam"\nhold = "remove"\n{lines}')
    text = f"hold_budget = {together}\n{text}"
    policy_services.apply(policy_services.read(text.replace("{queues}", CHILD_SAFETY_QUEUE)), actor="system:test")
    policies.current(fresh=True)


def audits(*, right: int = 0, wrong: int = 0, waiting: int = 0, score: float = 0.96, days: float = 1) -> list[Audit]:
    """Drawn in this order, `days` ago."""
    outcomes = ["upheld"] * right + ["dismissed"] * wrong + [""] * waiting
    now, first = timezone.now(), Audit.objects.count()
    cases = Case.objects.bulk_create(
        Case(
            item_type="post",
            item_id=f"audited-{first + number}",
            state="closed" if outcome else "open",
            outcome=outcome,
            policy="spam",
            opened_at=now,
            changed_at=now,
            closed_at=now if outcome else None,
        )
        for number, outcome in enumerate(outcomes)
    )
    drawn_at = now - timedelta(days=days)
    return Audit.objects.bulk_create(
        Audit(case=case, policy="spam", score=score, inclusion=0.05, drawn_at=drawn_at) for case in cases
    )


def grant(score: float = 0.2, limit: float = 0.2) -> PolicyLicence:
    """A licence that no audit stands behind."""
    now = timezone.now()
    return PolicyLicence.objects.create(
        policy="spam", score=score, limit=limit, nearest=score, audited=212, wrong=3, bound=0.046, once=0.036,
        waiting=0, computed_at=now, changed_at=now,
    )  # fmt: skip
