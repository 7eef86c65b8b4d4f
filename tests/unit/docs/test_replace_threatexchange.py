"""The how-to of the index runs as it is written, and prints what it says."""

import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs/how-to/replace-threatexchange.md"


def test_the_program_of_the_page_prints_what_its_comments_say():
    [program] = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    said = StringIO()
    with redirect_stdout(said):
        exec(compile(program, str(PAGE), "exec"), {})
    promised = re.findall(r"^print\(.*\)  # (.*)$", program, re.MULTILINE)
    assert said.getvalue().splitlines() == promised
    assert promised == ["1 {'id': 7}", "2"]
