from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "evenhand.desk.web"
    label = "web"
