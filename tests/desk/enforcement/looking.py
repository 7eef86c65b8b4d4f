"""Desks whose decisions are all looked at again, and time that passes."""

from datetime import timedelta

from django.utils import timezone

from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.models import Decision, SecondLook
from evenhand.desk.enforcement.services import again, decide
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies import services as policy_services
from tests.support.platform import CHILD_SAFETY_QUEUE, DOCUMENT


def apply(share: float = 1.0) -> None:
    """The tests' document: this share of what proposes spam is looked at again."""
    text = DOCUMENT.replace("{hooks}", "http://127.0.0.1:9/hooks").replace("{other}", "http://127.0.0.1:9/other")
    text = text.replace('name = "Spam"\n', f'name = "Spam"\nsecond_looks = {share}\n')
    policy_services.apply(policy_services.read(text.replace("{queues}", CHILD_SAFETY_QUEUE)), actor="system:test")
    policies.current(fresh=True)


def later(**time: float) -> None:
    """So much passes after what was decided, and the desk looks for what to look at again."""
    gone = timedelta(**time)
    for row in Decision.objects.all():
        Decision.objects.filter(pk=row.pk).update(
            decided_at=row.decided_at - gone, effective_at=row.effective_at - gone
        )
    again.forget_progress()
    again.look()


def told() -> None:
    """The time in which a look can be taken back is over."""
    for row in SecondLook.objects.filter(decided_at__isnull=False):
        SecondLook.objects.filter(pk=row.pk).update(effective_at=row.effective_at - timedelta(minutes=5))
    for case in Case.objects.filter(kind="second", state="closed"):
        Case.objects.filter(pk=case.pk).update(closed_at=case.closed_at - timedelta(minutes=5))


def looked(first: Case, by: object, kind: str = "dismiss", **more: object) -> SecondLook:
    """The second look at this case is decided, and may be told."""
    look = SecondLook.objects.get(case__again=first)
    decide(look.case_id, version=look.case.version, by=by, kind=kind, **{"policy": None} | more)
    told()
    return SecondLook.objects.get(pk=look.pk)


def hurry() -> None:
    """What waits is due, and brought before its turn."""
    SecondLook.objects.update(drawn_at=timezone.now() - timedelta(hours=3))
