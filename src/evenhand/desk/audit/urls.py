"""Addresses of the ledger."""

from django.urls import path

from evenhand.desk.audit import views

app_name = "audit"
urlpatterns = [
    path("ledger/", views.ledger, name="ledger"),
    path("ledger/checkpoint/", views.checkpoint, name="checkpoint"),
    path("ledger/growth/", views.growth, name="growth"),
    path("ledger/<int:seq>/", views.entry, name="entry"),
    path("ledger/<int:seq>/proof/", views.proof, name="proof"),
]
