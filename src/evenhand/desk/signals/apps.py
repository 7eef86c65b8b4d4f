from django.apps import AppConfig


class SignalsConfig(AppConfig):
    name = "evenhand.desk.signals"
    label = "signals"
