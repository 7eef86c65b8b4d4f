from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "evenhand.desk.rules"
    label = "rules"
