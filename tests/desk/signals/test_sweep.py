"""State that has expired is forgotten, but not while an event waits that may need it."""

from evenhand.desk.fields import now_micros
from evenhand.desk.intake import services as intake
from evenhand.desk.signals.models import KeyedState
from evenhand.desk.signals.services import sweep
from tests.desk.conftest import post, sent

HOUR = 3_600_000_000


def test_what_has_expired_is_forgotten(fold):
    fold(sent(post("p1")))
    KeyedState.objects.create(part=0, key="old", value=b"\xc0", expires_at=now_micros() - HOUR)
    KeyedState.objects.create(part=0, key="new", value=b"\xc0", expires_at=now_micros() + HOUR)
    sweep()
    assert not KeyedState.objects.filter(key="old").exists()
    assert KeyedState.objects.filter(key="new").exists()


def test_what_an_event_may_need_that_waits_is_kept(fold):
    fold(sent(post("p1")))
    intake.accept([sent(post("p2"), at=now_micros() - 3 * HOUR)])
    for key, hours in (("needed", 2), ("not needed", 4)):
        KeyedState.objects.create(part=0, key=key, value=b"\xc0", expires_at=now_micros() - hours * HOUR)
    sweep()
    assert list(KeyedState.objects.filter(key__contains="needed").values_list("key", flat=True)) == ["needed"]
