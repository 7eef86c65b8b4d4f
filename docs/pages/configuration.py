"""The desk's own configuration: every key of evenhand.toml."""

import msgspec

from docs.pages import markdown
from evenhand.runtime.config import Config

INTRODUCTION = """\
The desk reads the first of these files that there is: the one named by `EVENHAND_CONFIG`, `./evenhand.toml`,
`evenhand.toml` in its data folder. Then the environment, where each key is in capitals after `EVENHAND_`, lists parted
by commas; a variable that ends in `_FILE` names a file that holds the value (for secrets). A key that is not in this
table is refused, with its name.

A process reads it when it starts. What you change counts for the next command, and for `evenhand serve` and `evenhand
worker` when they are restarted; `evenhand check` and the status page tell which of them runs with an older file, and
which keys differ. (People, API keys, rules and the platform document are not configuration: they count at once.)

    # evenhand.toml
    public_url = "https://desk.example"
    allow_private = ["10.0.0.7:8443"]"""


def page() -> str:
    docs, types = markdown.field_docs(Config), markdown.annotations(Config)
    rows = [
        (f"`{name}`", f"`{types[name]}`", f"`{_default(name)}`", docs.get(name, ""))
        for name in Config.__struct_fields__
    ]
    return markdown.page(
        "Configuration", INTRODUCTION, markdown.table(("key", "type", "default", "what it does"), rows)
    )


def _default(name: str) -> str:
    return msgspec.json.encode(getattr(Config(), name)).decode()
