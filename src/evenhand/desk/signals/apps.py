from django.apps import AppConfig


class SignalsConfig(AppConfig):
    name = "evenhand.desk.signals"
    label = "signals"

    def ready(self) -> None:
        from evenhand.desk.rules.queries import manual_labels
        from evenhand.desk.signals import services

        services.provide("label:", manual_labels)
