"""Addresses of sign-in, of one's own account, of people and keys. allauth's names stand as allauth looks for them."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from django.urls import URLPattern, URLResolver, include, path

from evenhand.desk.accounts.views import keys, me, people, programs, second_factor, signin

_OWN = [
    path("login/once/<str:token>/", signin.login_once, name="login_once"),
    path("me/", me.me, name="me"),
    path("me/password/", me.password, name="password"),
    path("me/sessions/", me.sessions, name="sessions"),
    path("me/programs/", programs.programs, name="programs"),
    path("me/programs/<str:name>/end/", programs.end_program, name="end_program"),
    path("people/", people.people, name="people"),
    path("people/<str:pseudonym>/", people.person, name="person"),
    path("people/<str:pseudonym>/deactivate/", people.deactivate, name="deactivate"),
    path("people/<str:pseudonym>/reactivate/", people.reactivate, name="reactivate"),
    path("people/<str:pseudonym>/link/", people.login_link, name="login_link"),
    path("keys/", keys.keys, name="keys"),
    path("keys/<str:name>/revoke/", keys.revoke_key, name="revoke_key"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((_OWN, "accounts"))),
    path("login/", account.login, name="account_login"),
    path("login/code/", mfa.authenticate, name="mfa_authenticate"),
    path("logout/", account.logout, name="account_logout"),
    path("me/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("me/confirm/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("me/second-factor/", second_factor.overview, name="mfa_index"),
    path("me/second-factor/add/", second_factor.activate, name="mfa_activate_totp"),
    path("me/second-factor/remove/", second_factor.remove, name="mfa_deactivate_totp"),
    path("me/second-factor/codes/", second_factor.recovery_codes, name="mfa_view_recovery_codes"),
    path("me/second-factor/codes/new/", second_factor.new_recovery_codes, name="mfa_generate_recovery_codes"),
]
