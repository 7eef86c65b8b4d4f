"""A desk whose spam may be held, and audits behind it as if people had decided them: for black-box tests."""

from pathlib import Path

from tests.support import platform

WORDS = "crate of golden lanterns"
"""What says them is very likely spam."""
LIST = f"""
[[lists]]
id = "lanterns"
kind = "keyword"
policy = "spam"
terms = ["{WORDS}"]
probability = 0.98
"""
AUDITS = "import django; django.setup(); from tests.desk.enforcement.licensing import audits; audits(right=150)"
FITTED = """
import django; django.setup()
import msgspec, random
from django.utils import timezone
from evenhand.desk.enforcement.models import Calibration
from evenhand.engine.triage.calibration import fit, measure
draw = random.Random(1)
pairs = [(said, draw.random() < said ** 2) for said in (draw.random() for _ in range(400))]
curve, now = fit(pairs[:320]), timezone.now()
put_right = measure([(curve.at(said), true) for said, true in pairs[320:]])
Calibration.objects.create(
    policy="spam", fitted_at=now, changed_at=now, in_force=True, curve=msgspec.to_builtins(curve),
    before=msgspec.to_builtins(measure(pairs[320:])), after=msgspec.to_builtins(put_right),
)
"""
"""A curve in force: licences are measured on what the model itself says, and do not mind."""
ITEMS = 40
"""Enough that a budget of a half is never used up by the tests."""


def write(folder: Path, *, hooks: str) -> Path:
    """The small platform, with a licence to be earned for spam."""
    file = platform.write(folder, hooks=hooks)
    keys = 'hold = "remove"\nhold_limit = 0.05\nhold_budget = 0.5\nhold_hours = 6\n'
    file.write_text(file.read_text().replace('name = "Spam"\n', f'name = "Spam"\n{keys}') + LIST)
    return file
