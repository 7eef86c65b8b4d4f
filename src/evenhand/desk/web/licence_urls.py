"""Addresses of the page on licences to hold."""

from django.urls import path

from evenhand.desk.web.views import licences

app_name = "licences"
urlpatterns = [
    path("", licences.overview, name="overview"),
    path("stop/", licences.stop, name="stop"),
    path("resume/", licences.resume, name="resume"),
]
