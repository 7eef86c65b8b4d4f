"""The environment of every test process: a data folder of its own, set before Django reads its settings.

A pytest plugin (`-p` in pyproject.toml), because pytest-django loads the settings before any conftest.
"""

import atexit
import os
import shutil
import tempfile

KEPT = ("EVENHAND_TEST_", "EVENHAND_CHROMIUM")


def _forget_the_desk_of_this_machine() -> None:
    for name in [name for name in os.environ if name.startswith("EVENHAND_") and not name.startswith(KEPT)]:
        del os.environ[name]


_forget_the_desk_of_this_machine()
DATA = tempfile.mkdtemp(prefix="evenhand-test-")
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
os.environ["EVENHAND_DATA"] = DATA
os.environ["EVENHAND_CONFIG"] = os.devnull
os.environ["DJANGO_SETTINGS_MODULE"] = "evenhand.desk.settings"
# The browser tests leave Playwright's event loop in their thread; those after them are as synchronous as before.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
