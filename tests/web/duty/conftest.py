from tests.desk.duty.conftest import _fresh, document, good_night, platform, reachable  # noqa: F401 (fixtures)
from tests.web.console.conftest import (  # noqa: F401 (fixtures)
    _quick,
    ana,
    ben,
    desk,
    fold,
    log,
    person,
    signed_in,
    text,
)  # fmt: skip
