from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "evenhand.desk.intake"
    label = "intake"
