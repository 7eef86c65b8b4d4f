"""`evenhand users` and `evenhand keys`, as who runs the desk types them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from click.testing import CliRunner
from django.test import Client

from evenhand.cli import common
from evenhand.cli.keys import keys
from evenhand.cli.users import users
from evenhand.desk.accounts import queries, services

PASSWORD = "four unrelated words here"


@pytest.fixture
def run(db):
    """Run a command in this process, on the desk of the tests."""

    def run(group, *arguments, given=""):
        return CliRunner().invoke(group, [*arguments, "--data", os.environ["EVENHAND_DATA"]], input=given)

    return run


@pytest.fixture
def kim(db):
    return services.create_user("kim@example.com", ["moderator"], PASSWORD, by="system:test")


def test_somebody_is_created_with_a_password_from_standard_input(run, told):
    result = run(
        users, "create", "kim@example.com", "--role", "moderator", "--role", "admin", "--password-stdin",
        given=f"{PASSWORD}\n",
    )  # fmt: skip
    assert (result.exit_code, result.stdout) == (0, "")
    user = queries.person("kim@example.com")
    assert queries.granted_roles(user) == ("moderator", "admin")
    assert user.check_password(PASSWORD)
    assert told() == [("user_created", "system:cli", f"user:{user.pseudonym}")]


def test_without_a_password_a_link_is_printed_alone_that_signs_in(run):
    result = run(users, "create", "kim@example.com", "--role", "moderator")
    [path] = re.fullmatch(r"http://[^/]+(/login/once/[\w-]{43}/)\n", result.stdout).groups()
    assert Client().post(path).status_code == 302


@pytest.mark.parametrize(
    ("arguments", "given", "says"),
    [
        (("create", "kim@example.com", "--role", "emperor"), "", "There is no role “emperor”. Roles: moderator,"),
        (("create", "kim", "--role", "admin"), "", "“kim” is not an e-mail address."),
        (("create", "kim@example.com", "--role", "admin", "--password-stdin"), "short\n", "too short"),
        (("create", "kim@example.com", "--role", "admin", "--password-stdin"), "", "No password came in"),
        (("roles", "nobody@example.com"), "", "Nobody here has the address or pseudonym nobody@example.com."),
        (("password", "nobody@example.com"), "", "--password-stdin"),
    ],
)
def test_what_cannot_be_is_told_on_standard_error_and_changes_nothing(run, arguments, given, says):
    result = run(users, *arguments, given=given)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert says in result.stderr
    assert queries.people() == []


def test_roles_are_shown_granted_and_revoked(run, kim):
    assert run(users, "roles", "kim@example.com").stdout == "moderator\n"
    granted = run(users, "roles", kim.pseudonym, "--grant", "legal", "--grant", "auditor")
    assert granted.stdout == "moderator,legal,auditor\n"
    assert run(users, "roles", "kim@example.com", "--revoke", "legal").stdout == "moderator,auditor\n"


def test_the_last_admin_is_not_locked_out_by_a_command(run):
    services.create_user("boss@example.com", ["admin"], by="system:test")
    for arguments in (("roles", "boss@example.com", "--revoke", "admin"), ("deactivate", "boss@example.com")):
        assert "is the only admin" in run(users, *arguments).stderr
    assert run(users, "roles", "boss@example.com").stdout == "admin\n"


def test_somebody_leaves_and_returns(run, kim):
    assert run(users, "deactivate", "kim@example.com").exit_code == 0
    assert "(deactivated)" in run(users, "list").stdout
    assert "was out already" in run(users, "deactivate", "kim@example.com").stderr
    assert run(users, "reactivate", "kim@example.com").exit_code == 0
    assert queries.people()[0].is_active


def test_a_forgotten_password_is_replaced(run, kim):
    assert run(users, "password", "kim@example.com", "--password-stdin", given="quite another phrase\n").exit_code == 0
    assert queries.person("kim@example.com").check_password("quite another phrase")


def test_a_login_link_is_printed_alone(run, kim):
    assert re.fullmatch(r"http://\S+/login/once/[\w-]{43}/\n", run(users, "login-link", "kim@example.com").stdout)


def test_a_second_factor_is_told_and_taken_away(run, kim):
    assert run(users, "second-factor", "kim@example.com").stdout == "none\n"
    TOTP.activate(kim, generate_totp_secret())
    assert run(users, "second-factor", "kim@example.com").stdout == "set up\n"
    assert run(users, "second-factor", "kim@example.com", "--remove").stdout == "none\n"


def test_people_are_listed_for_people_and_for_machines(run, kim):
    assert kim.pseudonym in run(users, "list").stdout
    [line] = run(users, "list", "--json").stdout.splitlines()
    told = json.loads(line)
    assert (told["email"], told["roles"], told["active"], told["second_factor"]) == (
        "kim@example.com", ["moderator"], True, False,
    )  # fmt: skip


def test_a_key_is_printed_alone_and_works(run):
    result = run(keys, "create", "web", "--scope", "ingest,report")
    assert re.fullmatch(r"evh_[\w-]{43}\n", result.stdout)
    assert queries.key(result.stdout.strip(), "report").name == "web"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("create", "web", "--scope", "ingest,fly"), "There is no scope “fly”. Scopes: ingest, report, act, read,"),
        (("create", "two words", "--scope", "read"), "“two words” cannot be a key's name"),
        (("revoke", "ghost"), "There is no key named “ghost”."),
    ],
)
def test_what_cannot_be_a_key_is_told_precisely(run, arguments, says):
    result = run(keys, *arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert says in result.stderr
    assert queries.api_keys() == []


def test_keys_are_listed_and_revoked_but_never_shown_again(run):
    raw = run(keys, "create", "web", "--scope", "read").stdout.strip()
    assert "last used never" in run(keys, "list").stdout
    assert run(keys, "revoke", "web").exit_code == 0
    assert "was revoked already" in run(keys, "revoke", "web").stderr
    for listed in (run(keys, "list").stdout, run(keys, "list", "--json").stdout):
        assert raw not in listed
        assert "revoked" in listed


@pytest.mark.parametrize("group", [users, keys])
def test_the_help_teaches_by_example(group):
    for command in (group, *group.commands.values()):
        text = command.get_help(command.make_context(command.name, [], resilient_parsing=True))
        assert f"evenhand {group.name} " in text, command.name


def test_it_works_on_a_folder_that_nobody_served_yet(tmp_path):
    environment = {**os.environ, "EVENHAND_DATA": "", "DATABASE_URL": ""}
    evenhand = Path(sys.executable).with_name("evenhand")
    command = [evenhand, "keys", "create", "web", "--scope", "ingest", "--data", tmp_path / "desk"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"evh_[\w-]{43}\n", done.stdout)


def test_a_database_that_is_ready_is_left_alone(db, monkeypatch):
    monkeypatch.setattr("django.core.management.call_command", lambda *_args, **_kwargs: pytest.fail("migrated again"))
    common.ready_database()
