"""A platform in force, a moderator who looks, an admin who edits."""

import pytest
from django.test import Client

from evenhand.desk.accounts import services as accounts
from evenhand.desk.policies import services

PLATFORM = """\
# Harbour, as its people wrote it
name = "Harbour"
default_item_type = "post"
appeal_destination = "harbour"

[[item_types]]
id = "post"
name = "Post"
kind = "content"
description = "What people write."
fields = [
  { name = "text", type = "STRING", required = true },
  { name = "author", type = "RELATED_ITEM", role = "creator" },
  { name = "images", type = "IMAGE", container = "ARRAY" },
]

[[item_types]]
id = "80430d87718/../?<b>&"
name = "Account"
kind = "user"

[[policies]]
id = "abuse"
name = "Abuse"
text = "Be kind.\\nEven when it is <b>hard</b>."

[[policies]]
id = "threats"
name = "Threats"
parent = "abuse"
severity = "HIGH"
harm = 20.5
dsa = "STATEMENT_CATEGORY_CYBER_VIOLENCE"
codes = { coop = "17", ozone = "threat" }

[[policies]]
id = "children"
name = "Children"
child_safety = true
lane = "critical"

[[actions]]
id = "hide"
name = "Hide"
destination = "harbour"
key = "b"
undo = "show"
applies_to = ["post"]
custom = { reason = "hidden by a person" }
two_person = true
parameters = [
  { name = "days", type = "NUMBER", default = 7 },
  { name = "loud", type = "BOOLEAN", default = false },
  { name = "why", type = "SELECT", options = ["spam", "rude words"], default = "rude words" },
  { name = "also", type = "MULTISELECT", options = ["a", "b"], default = ["a", "b"], required = true },
  { name = "note", type = "STRING", default = "none" },
]

[[actions]]
id = "show"
name = "Show again"
destination = "harbour"

[[destinations]]
id = "harbour"
url = "https://harbour.example/hook"
headers = { X-Desk = "one" }
timeout_seconds = 2.5

[[queues]]
id = "threats"
name = "Threats"
policies = ["threats"]
roles = ["moderator", "legal"]

[[queues]]
id = "posts"
name = "Posts"
item_types = ["post"]

[[templates]]
id = "hidden-de"
when = "act"
language = "de"
policies = ["threats", "abuse"]
actions = ["hide"]
message = '''
Ihr Beitrag („{item_excerpt}“) ist verborgen: {policy}.
Grund: {reason}'''

[[lists]]
id = "scams"
kind = "regex"
policy = "abuse"
terms = ["(?i)free money", "pay  now "]
probability = 0.25
effect = "note"
"""


@pytest.fixture
def platform(db):
    return services.apply(services.read(PLATFORM), actor="user:ana", source=PLATFORM)


def _client(name: str, role: str) -> Client:
    user = accounts.create_user(f"{name}@example.com", (role,), None, by="system:test")
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def moderator(db):
    return _client("mo", "moderator")


@pytest.fixture
def admin(db):
    return _client("ada", "admin")
