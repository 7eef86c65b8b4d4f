"""Every address of the desk. Each app names its own; here they are put together."""

from django.urls import URLPattern, URLResolver, include, path

from evenhand.desk.intake.api.ready import ready
from evenhand.desk.intake.api.routing import patterns
from evenhand.desk.web.openapi import views
from evenhand.desk.web.openapi.operations import OPERATIONS

urlpatterns: list[URLPattern | URLResolver] = [
    path("ready", ready, name="ready"),
    path("api/", include(patterns(OPERATIONS))),
    path("api/docs", views.docs, name="api_docs"),
    path("api/openapi.json", views.openapi, name="openapi"),
    path("", include("evenhand.desk.accounts.urls")),
    path("deliveries/", include("evenhand.desk.enforcement.urls")),
    path("platform/", include("evenhand.desk.policies.urls")),
    path("licences/", include("evenhand.desk.web.licence_urls")),
    path("rules/-/", include("evenhand.desk.rules.urls")),
    path("", include("evenhand.desk.audit.urls")),
    path("", include("evenhand.desk.web.urls")),
]

handler400 = "evenhand.desk.web.views.errors.bad_request"
handler403 = "evenhand.desk.web.views.errors.forbidden"
handler404 = "evenhand.desk.web.views.errors.not_found"
handler500 = "evenhand.desk.web.views.errors.server_error"
