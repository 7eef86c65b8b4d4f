"""Addresses of the versions of rules, under /rules/-/: a dash is no rule's name."""

from __future__ import annotations

from django.urls import URLPattern, path

from evenhand.desk.rules.views import versions

app_name = "rules"
urlpatterns: list[URLPattern] = [
    path("versions/", versions.versions, name="versions"),
    path("versions/<int:number>/", versions.version, name="version"),
    path("versions/<int:number>/again/", versions.restore, name="restore"),
]
