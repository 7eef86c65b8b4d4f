"""The detector of docs/how-to/write-a-detector.md works as it is written there."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "write-a-detector.md"


def test_the_code_of_the_page_runs_and_its_claims_hold():
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert len(blocks) == 2
    exec(compile("\n".join(blocks), str(PAGE), "exec"), {})
