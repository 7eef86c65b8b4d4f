"""Who may come in: people with their roles, API keys with their scopes, one-time logins."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from evenhand.desk.fields import InstantField
from evenhand.engine.platform import Role


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username or "")


class User(AbstractBaseUser):
    """A person at the desk. Outside the desk only the pseudonym is ever shown."""

    email = models.EmailField(unique=True)
    pseudonym = models.CharField(max_length=32, unique=True)
    is_active = models.BooleanField(default=True)
    joined_at = InstantField()
    preferences = models.JSONField(default=dict)
    """Language, theme, keys: what the person set in the console (`preferences.Preferences`)."""

    second_factor: bool = False
    """Not kept: whether this session was opened or confirmed with a second factor. The middleware sets it."""
    by_key: str = ""
    """Not kept: the name of the API key through which the person acts; "" in the console."""
    known_roles: tuple[Role, ...] | None = None
    """Not kept: what `queries.granted_roles` found, for as long as this object lives."""

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.lower()
        super().save(*args, **kwargs)

    def __str__(self) -> str:
        return self.pseudonym


class RoleGrant(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=16)
    granted_at = InstantField()
    granted_by = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="role_once")]


class ApiKey(models.Model):
    """A key of the platform. Only its SHA-256 is kept; `prefix` is what people recognise it by."""

    name = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    acts_as = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    """Whose roles a key of scope `moderate` has: decisions belong to people."""
    created_at = InstantField()
    created_by = models.CharField(max_length=64)
    last_used_at = InstantField(null=True)
    revoked_at = InstantField(null=True)


class KeptAnswer(models.Model):
    """What a key was answered under an Idempotency-Key."""

    key_name = models.CharField(max_length=64)
    given = models.CharField(max_length=255)
    """The Idempotency-Key."""
    asked = models.CharField(max_length=64)
    """SHA-256 of the request."""
    status = models.SmallIntegerField(default=0)
    body = models.BinaryField(default=b"")
    at = InstantField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key_name", "given"], name="answered_once")]
        indexes = [models.Index(fields=["at"], name="answer_by_time")]


class OneTimeLogin(models.Model):
    """A link that signs in once (`evenhand demo` prints one)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    digest = models.CharField(max_length=64, unique=True)
    expires_at = InstantField()
    used_at = InstantField(null=True)
