"""People: create, roles, password, leave and return."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evenhand.desk.accounts import pseudonyms
from evenhand.desk.accounts.models import RoleGrant, User
from evenhand.desk.accounts.preferences import Preferences, kept
from evenhand.desk.accounts.services.refused import Refused
from evenhand.desk.accounts.services.sessions import revoke_sessions
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.engine.platform import Role

ROLES: tuple[Role, ...] = get_args(Role)


def create_user(email: str, roles: Iterable[str], password: str | None = None, *, by: str) -> User:
    """A new person with a pseudonym drawn for them. Without a password they come in by `one_time_login` first.

    Raises Refused: not an e-mail address, one that is taken, an unknown role, a weak password.
    """
    address = _address(email)
    wanted = [_role(role) for role in dict.fromkeys(roles)]
    user = User(email=address, joined_at=timezone.now())
    _set_password(user, password)
    with transaction.atomic():
        _refuse_taken(address)
        user.pseudonym = _free_pseudonym()
        user.save()
        RoleGrant.objects.bulk_create(
            RoleGrant(user=user, role=role, granted_at=user.joined_at, granted_by=by) for role in wanted
        )
        record(Act.USER_CREATED, actor=by, obj=_name(user), payload={"email": address, "roles": wanted})
    return user


@transaction.atomic
def grant_role(user: User, role: str, *, by: str) -> bool:
    """False when they had it. Raises Refused: no such role."""
    wanted = _role(role)
    _, new = RoleGrant.objects.get_or_create(
        user=user, role=wanted, defaults={"granted_at": timezone.now(), "granted_by": by}
    )
    if new:
        user.known_roles = None
        record(Act.ROLE_GRANTED, actor=by, obj=_name(user), payload={"role": wanted})
    return new


@transaction.atomic
def revoke_role(user: User, role: str, *, by: str) -> bool:
    """False when they did not have it. Raises Refused: no such role, or the desk's last admin."""
    unwanted = _role(role)
    if unwanted == "admin":
        _keep_an_admin_besides(user)
    gone, _each = RoleGrant.objects.filter(user=user, role=unwanted).delete()
    if gone:
        user.known_roles = None
        record(Act.ROLE_REVOKED, actor=by, obj=_name(user), payload={"role": unwanted})
    return bool(gone)


@transaction.atomic
def change_roles(user: User, *, grant: Iterable[str] = (), revoke: Iterable[str] = (), by: str) -> None:
    """Raises Refused like `grant_role` and `revoke_role`; then nothing has changed."""
    for role in grant:
        grant_role(user, role, by=by)
    for role in revoke:
        revoke_role(user, role, by=by)


@transaction.atomic
def deactivate(user: User, *, by: str) -> bool:
    """They are out at once: their sessions end, and they cannot come in again. False when they were out already.

    Raises Refused: the desk's last admin.
    """
    _keep_an_admin_besides(user)
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        return False
    user.is_active = False
    revoke_sessions(user, by=by)
    record(Act.USER_DEACTIVATED, actor=by, obj=_name(user))
    return True


@transaction.atomic
def reactivate(user: User, *, by: str) -> bool:
    """False when they were not out."""
    if not User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        return False
    user.is_active = True
    record(Act.USER_REACTIVATED, actor=by, obj=_name(user))
    return True


def change_password(user: User, password: str, *, by: str, keep: str | None = None) -> None:
    """Ends all their sessions except the one with the key `keep`. Raises Refused: a weak password."""
    _set_password(user, password)
    with transaction.atomic():
        user.save(update_fields=["password"])
        record(Act.PASSWORD_CHANGED, actor=by, obj=_name(user))
        revoke_sessions(user, by=by, keep=keep)


def set_preferences(user: User, preferences: Preferences) -> None:
    """How the console looks and listens for one person; nobody else's business, so it is in no ledger."""
    user.preferences = kept(preferences)
    user.save(update_fields=["preferences"])


def _name(user: User) -> str:
    return f"user:{user.pseudonym}"


def _role(role: str) -> Role:
    known = next((name for name in ROLES if name == role), None)
    if known is None:
        raise Refused(
            _("There is no role “%(role)s”. Roles: %(roles)s.") % {"role": role, "roles": ", ".join(ROLES)}, "roles"
        )
    return known


def _address(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
        User._meta.get_field("email").run_validators(address)  # noqa: SLF001 - Django's documented model API
    except ValidationError:
        raise Refused(_("“%(email)s” is not an e-mail address.") % {"email": email}, "email") from None
    return address


def _refuse_taken(address: str) -> None:
    if User.objects.filter(email=address).exists():
        raise Refused(_("Somebody with the address %(email)s is here already.") % {"email": address}, "email")


def _free_pseudonym() -> str:
    while True:
        drawn = pseudonyms.draw()
        if not User.objects.filter(pseudonym=drawn).exists():
            return drawn


def _set_password(user: User, password: str | None) -> None:
    if password is None:
        user.set_unusable_password()
        return
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), "password") from None
    user.set_password(password)


def _keep_an_admin_besides(user: User) -> None:
    """Two admins who remove each other at the same time wait for each other here."""
    admins = list(
        RoleGrant.objects.select_for_update().filter(role="admin", user__is_active=True).values_list("user_id")
    )
    if admins == [(user.pk,)]:
        raise Refused(_("%(name)s is the only admin. Make somebody else admin first.") % {"name": user.pseudonym})
