from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "evenhand.desk.policies"
    label = "policies"
