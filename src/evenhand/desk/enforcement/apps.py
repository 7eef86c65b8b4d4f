from django.apps import AppConfig


class EnforcementConfig(AppConfig):
    name = "evenhand.desk.enforcement"
    label = "enforcement"
