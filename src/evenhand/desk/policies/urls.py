"""Addresses of the platform's pages, under /platform/."""

from __future__ import annotations

from django.urls import URLPattern, path

from evenhand.desk.policies.views import edit, history, overview

app_name = "policies"
urlpatterns: list[URLPattern] = [
    path("", overview.index, name="index"),
    path("text/", edit.text, name="text"),
    path("edit/<str:section>/", edit.edit, name="edit"),
    path("text/again/", edit.reopen, name="reopen"),
    path("apply/", edit.apply, name="apply"),
    path("platform.toml", history.download, name="download"),
    path("versions/", history.versions, name="versions"),
    path("versions/<int:number>/", history.version, name="version"),
    path("versions/<int:number>/platform.toml", history.download, name="download_version"),
]
