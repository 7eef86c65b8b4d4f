from django.apps import AppConfig


class DueprocessConfig(AppConfig):
    name = "evenhand.desk.dueprocess"
    label = "dueprocess"

    def ready(self) -> None:
        from evenhand.desk.dueprocess import services
        from evenhand.desk.enforcement import services as enforcement
        from evenhand.desk.signals import services as signals

        signals.subscribe(services.absorb)
        enforcement.subscribe(services.heard)
