"""Each house lint catches the bad sample, and leaves the good one alone."""

from pathlib import PurePosixPath

import pytest

from tests.lints import pages, promises, rooms
from tests.lints.__main__ import LINTS, complaints
from tests.lints.source import Source

DESK = "src/evenhand/desk"
OPEN_WORD = "TO" + "DO"
UNFINISHED = "NotImplemented" + "Error"
EXCEPTION = "# no" + "qa: S608"

BAD = [
    (rooms.queries_only_in_doors, f"{DESK}/web/views/queue.py", "Case.objects.filter(state='open')"),
    (rooms.queries_only_in_doors, f"{DESK}/web/views/queue.py", "with connection.cursor() as cursor: pass"),
    (rooms.queries_only_in_doors, f"{DESK}/web/views/queue.py", "from evenhand.desk import sql"),
    (rooms.models_stay_in_their_app, f"{DESK}/web/views.py", "from evenhand.desk.cases.models import Case"),
    (rooms.models_stay_in_their_app, f"{DESK}/web/views.py", "from evenhand.desk.cases import models"),
    (rooms.models_stay_in_their_app, "src/evenhand/cli/users.py", "import evenhand.desk.accounts.models"),
    (rooms.tables_stay_in_their_app, f"{DESK}/cases/services/a.py", "run('UPDATE signals_signal SET effect = 1')"),
    (rooms.tables_stay_in_their_app, f"{DESK}/signals/queries.py", "rows('SELECT 1 FROM cases_case')"),
    (promises.decision_has_ledger_entry, f"{DESK}/enforcement/services.py", "def f():\n    Decision(uid='1').save()"),
    (
        promises.decision_has_ledger_entry,
        f"{DESK}/enforcement/services.py",
        "def f():\n    return Decision.objects.create()\ndef g():\n    record(f())\ndef h():\n    f()",
    ),
    (promises.view_has_permission, f"{DESK}/web/views/queue.py", "def queue(request): return 1"),
    (promises.view_has_permission, f"{DESK}/web/views.py", "@public()\ndef queue(request): return 1"),
    (promises.view_has_permission, f"{DESK}/cases/views.py", "@require_GET\ndef queue(request): return 1"),
    (promises.engine_has_no_clock, "src/evenhand/engine/detect.py", "datetime.now(UTC)"),
    (promises.failures_are_told, "src/evenhand/x.py", "try:\n    f()\nexcept Exception:\n    pass"),
    (promises.failures_are_told, "src/evenhand/x.py", "try:\n    f()\nexcept:\n    ..."),
    (
        promises.failures_are_told,
        "src/evenhand/x.py",
        "for x in y:\n    try: f()\n    except (ValueError, Exception): continue",
    ),
    (promises.failures_are_told, "src/evenhand/x.py", "with suppress(Exception): f()"),
    (promises.nothing_is_left_open, "src/evenhand/x.py", f"x = 1  # {OPEN_WORD} later"),
    (promises.nothing_is_left_open, "src/evenhand/x.py", f"raise {UNFINISHED}"),
    (promises.nothing_is_left_open, "src/evenhand/x.py", f"x = 1  {EXCEPTION}"),
    (promises.nothing_is_left_open, "tests/test_x.py", "@pytest.mark.skip\ndef test_x(): pass"),
    (promises.nothing_is_left_open, "tests/test_x.py", "@pytest.mark.xfail(strict=True)\ndef test_x(): pass"),
    (promises.nothing_is_left_open, "tests/test_x.py", "pytest.skip()"),
    (promises.files_are_one_room, "src/evenhand/x.py", "x = 1\n" * 401),
    (pages.media_is_closed, f"{DESK}/web/templates/web/case.html", '<img src="{{ item.url }}" alt="">'),
    (pages.media_is_closed, f"{DESK}/web/templates/web/case.html", "<p>x</p>\n<video\n controls>"),
    (pages.no_inline_code, f"{DESK}/web/templates/web/case.html", "<script>go()</script>"),
    (pages.no_inline_code, f"{DESK}/web/templates/web/case.html", '<p style="color: red">'),
    (pages.no_inline_code, f"{DESK}/web/templates/web/case.html", '<a onclick="go()">'),
    (pages.no_inline_code, f"{DESK}/web/templates/web/case.html", '<a href="javascript:go()">'),
]
GOOD = [
    (rooms.queries_only_in_doors, f"{DESK}/cases/queries/lists.py", "Case.objects.filter(state='open')"),
    (rooms.queries_only_in_doors, f"{DESK}/cases/migrations/0002_x.py", "apps.get_model('cases.Case').objects.all()"),
    (rooms.models_stay_in_their_app, f"{DESK}/cases/services.py", "from evenhand.desk.cases.models import Case"),
    (
        rooms.models_stay_in_their_app,
        f"{DESK}/web/views.py",
        "if TYPE_CHECKING:\n    from evenhand.desk.cases.models import Case",
    ),
    (rooms.tables_stay_in_their_app, f"{DESK}/cases/queries.py", "'SELECT 1 FROM signals_signal JOIN cases_case'"),
    (
        promises.decision_has_ledger_entry,
        f"{DESK}/enforcement/services.py",
        "def _write():\n    Decision().save()\ndef decide():\n    _write()\n    audit.record(Act.DECIDED)",
    ),
    (
        promises.view_has_permission,
        f"{DESK}/web/views.py",
        "@requires(Permission.DECIDE)\ndef queue(request): return 1",
    ),
    (promises.view_has_permission, f"{DESK}/web/views.py", "@public('sign-in page')\ndef login(request): return 1"),
    (promises.view_has_permission, f"{DESK}/web/views.py", "def _helper(request): return 1"),
    (promises.engine_has_no_clock, "src/evenhand/engine/detect.py", "def f(now): return case.now()"),
    (
        promises.failures_are_told,
        "src/evenhand/x.py",
        "try:\n    f()\nexcept Exception:\n    log.exception('x')\n    raise",
    ),
    (promises.failures_are_told, "src/evenhand/x.py", "try:\n    f()\nexcept KeyError:\n    pass"),
    (promises.nothing_is_left_open, "src/evenhand/x.py", f"x = 1  {EXCEPTION} (constant parts)"),
    (promises.nothing_is_left_open, "tests/test_x.py", "pytest.skip('no Chromium here')"),
    (pages.media_is_closed, f"{DESK}/web/templates/web/parts/media.html", '<img src="{{ url }}" alt="">'),
    (
        pages.media_is_closed,
        f"{DESK}/web/templates/web/base.html",
        """<img src="{% static 'web/mark.svg' %}" alt="">""",
    ),
    (pages.media_is_closed, f"{DESK}/web/templates/web/base.html", "{# never an <img> here #}"),
    (
        pages.no_inline_code,
        f"{DESK}/web/templates/web/base.html",
        """<script src="{% static 'x.js' %}" defer></script>""",
    ),
]


@pytest.mark.parametrize(("check", "path", "text"), BAD)
def test_a_bad_sample_is_caught(check, path, text):
    assert list(check(Source(PurePosixPath(path), text)))


@pytest.mark.parametrize(("check", "path", "text"), GOOD)
def test_a_good_sample_passes(check, path, text):
    assert not list(check(Source(PurePosixPath(path), text)))


def test_every_lint_has_a_bad_sample_and_a_reason():
    assert {lint.check for lint in LINTS} == {check for check, _, _ in BAD}
    assert all(lint.why for lint in LINTS)


def test_a_complaint_names_file_line_and_lint():
    source = Source(PurePosixPath("src/evenhand/x.py"), f"x = 1\ny = 2  # {OPEN_WORD}\n")
    (line,) = complaints(LINTS, iter([source]))
    assert line.startswith("src/evenhand/x.py:2: [nothing-left-open]")
