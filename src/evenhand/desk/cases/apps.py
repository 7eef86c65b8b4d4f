from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "evenhand.desk.cases"
    label = "cases"

    def ready(self) -> None:
        from evenhand.desk.cases import services
        from evenhand.desk.policies import services as policies
        from evenhand.desk.signals import services as signals

        policies.guard(services.guard)
        signals.subscribe(services.absorb)
        signals.provide("reporter:", services.tallies)
