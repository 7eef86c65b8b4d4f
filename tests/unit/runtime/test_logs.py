"""A log line never tells what it should not."""

from evenhand.runtime.logs import redact


def test_what_is_not_on_the_list_is_named_but_not_told():
    line = redact(
        None, "info", {"event": "A case was opened.", "case_id": 7, "text": "she lives at", "url": "https://x"}
    )
    assert line == {"event": "A case was opened.", "case_id": 7, "text": "[redacted]", "url": "[redacted]"}
