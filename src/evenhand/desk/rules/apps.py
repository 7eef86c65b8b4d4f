from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "evenhand.desk.rules"
    label = "rules"

    def ready(self) -> None:
        from evenhand.desk.policies import services as policies
        from evenhand.desk.rules import services

        policies.guard(services.guard)
