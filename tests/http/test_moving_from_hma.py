"""The how-to's way from HMA, as it is typed: its contents by their numbers into a file, and the file into a bank."""

import json
import re
import subprocess

from docs.generate import FOLDER
from tests.http.test_hma import FAR, PDQ, Client, desk, listening, until
from tests.support.desk import EVENHAND, evenhand

PAGE = (FOLDER / "how-to/replace-hma.md").read_text("utf-8")


def test_the_script_on_the_page_brings_a_bank_here(tmp_path):
    old, new = (tmp_path / name for name in ("old", "new"))
    for folder in (old, new):
        folder.mkdir()
        desk(folder)
    with listening(old, "--policy", "spam") as child:
        client = Client(child.wait_for("listening on ").partition("listening on ")[2].strip())
        until(lambda: client.get("/status").status == 200)
        client.json("POST", "/c/banks", {"name": "EXAMPLE", "enabled": True})
        client.json("POST", "/c/bank/EXAMPLE/signal", {"pdq": PDQ, "md5": "ab" * 16, "note": "an advert"})
        client.json("POST", "/c/bank/EXAMPLE/signal", {"pdq": FAR})
        subprocess.run(["sh", "-c", script(client.url, str(new))], cwd=tmp_path, check=True, timeout=60)
    asked = evenhand("media", "match", "--hash", f"pdq:{PDQ}", "--hash", f"pdq:{FAR}", "--json", data=new)
    assert [len(json.loads(line)["matches"]) for line in asked.splitlines()] == [1, 1]


def script(hma: str, data: str) -> str:
    """What the page says, for these places and for fewer numbers."""
    text = re.search(r"```sh\n(.*?)```", PAGE, re.DOTALL)[1]
    for said, meant in (
        ("http://hma.example:5000", hma), ("seq 1 5000", "seq 1 9"), ("evenhand media", f"{EVENHAND} media"),
        ("./desk", data),
    ):  # fmt: skip
        assert said in text
        text = text.replace(said, meant)
    return text
