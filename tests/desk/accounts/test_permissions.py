"""Which role may do what, and what is closed to whom."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse

from evenhand.desk.accounts import queries, services
from evenhand.desk.accounts.permissions import GRANTS, Permission, actor, allowed, granting, public, requires

pytestmark = pytest.mark.django_db
CONTENT = {
    Permission.SEE_CASES,
    Permission.SEARCH,
    Permission.SEE_MEDIA,
    Permission.DECIDE,
    Permission.ESCALATE,
    Permission.SECOND,
    Permission.HEAR_APPEALS,
    Permission.SEE_CHILD_SAFETY,
    Permission.SEE_DELIVERIES,
    Permission.REPLAY_DELIVERIES,
}


@pytest.fixture
def somebody():
    def make(*roles, second_factor=False):
        number = len(queries.people())
        user = services.create_user(f"p{number}@example.com", roles, by="system:test")
        user.second_factor = second_factor
        return user

    return make


def test_every_role_has_its_permissions_and_every_permission_some_role():
    assert set(GRANTS) == {"moderator", "child_safety", "legal", "auditor", "admin"}
    granted = set().union(*GRANTS.values())
    assert granted == set(Permission) - {Permission.OWN_ACCOUNT}


@pytest.mark.parametrize("role", ["auditor", "admin"])
def test_who_audits_or_configures_never_sees_content(role, somebody):
    assert not [permission for permission in CONTENT if allowed(somebody(role), permission)]


def test_a_moderator_decides_and_sees_no_child_safety_even_with_a_second_factor(somebody):
    user = somebody("moderator", second_factor=True)
    assert allowed(user, Permission.DECIDE)
    assert not allowed(user, Permission.SEE_CHILD_SAFETY)


def test_child_safety_is_in_force_only_after_a_second_factor(somebody):
    user = somebody("child_safety", "auditor")
    assert queries.roles(user) == {"auditor"}
    assert not allowed(user, Permission.SEE_CHILD_SAFETY)
    assert not allowed(user, Permission.DECIDE)
    user.second_factor = True
    assert queries.roles(user) == {"auditor", "child_safety"}
    assert allowed(user, Permission.SEE_CHILD_SAFETY)


def test_several_roles_add_up(somebody):
    user = somebody("moderator", "admin")
    assert allowed(user, Permission.DECIDE)
    assert allowed(user, Permission.MANAGE_KEYS)
    assert not allowed(user, Permission.SEE_LEDGER)


def test_a_role_that_is_gone_counts_no_more_for_the_next_request(somebody):
    user = somebody("admin", "moderator")
    somebody("admin")
    services.revoke_role(user, "admin", by="system:test")
    assert not allowed(queries.person(user.email), Permission.MANAGE_KEYS)


def test_who_is_out_or_nobody_may_nothing(somebody):
    somebody("admin")
    user = somebody("moderator")
    services.deactivate(user, by="system:test")
    assert not any(allowed(user, permission) for permission in Permission)
    assert not any(allowed(AnonymousUser(), permission) for permission in Permission)


def test_everybody_who_is_here_has_an_account_of_their_own(somebody):
    assert allowed(somebody(), Permission.OWN_ACCOUNT)


def test_roles_are_asked_for_once_for_a_request(somebody, django_assert_num_queries):
    user = queries.person(somebody("moderator").email)
    with django_assert_num_queries(1):
        assert all(allowed(user, permission) for permission in GRANTS["moderator"])


def test_the_ledger_calls_people_by_pseudonym(somebody):
    user = somebody("moderator")
    assert actor(user) == f"user:{user.pseudonym}"
    assert "@" not in actor(user)


def test_it_is_known_which_roles_would_do():
    assert granting(Permission.MANAGE_PEOPLE) == ("admin",)
    assert granting(Permission.SEE_LEDGER) == ("legal", "auditor")


def test_a_stranger_with_htmx_is_sent_to_sign_in_as_a_whole_page():
    view = requires(Permission.DECIDE)(lambda request: HttpResponse("content"))
    htmx = SimpleNamespace(current_url_abs_path="/cases/7/?tab=2")
    response = view(SimpleNamespace(user=AnonymousUser(), htmx=htmx))
    assert response["HX-Redirect"] == "/login/?next=%2Fcases%2F7%2F%3Ftab%3D2"
    assert response.content == b""


def test_a_page_for_everybody_says_why():
    with pytest.raises(ValueError, match="say why"):
        public("")
    assert public("it is the way in")(len) is len
