"""Addresses of the pages on deliveries."""

from __future__ import annotations

from django.urls import path

from evenhand.desk.enforcement import views

app_name = "enforcement"
urlpatterns = [
    path("", views.deliveries, name="deliveries"),
    path("to/<str:name>/", views.destination, name="destination"),
    path("to/<str:name>/disable/", views.disable, name="disable"),
    path("to/<str:name>/enable/", views.enable, name="enable"),
    path("to/<str:name>/replay/", views.replay_all, name="replay_all"),
    path("to/<str:name>/test/", views.test, name="test"),
    path("<str:message_id>/", views.delivery, name="delivery"),
    path("<str:message_id>/replay/", views.replay, name="replay"),
    path("<str:message_id>/second/", views.second, name="second"),
    path("<str:message_id>/cancel/", views.cancel, name="cancel"),
]
