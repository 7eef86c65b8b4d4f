from django.apps import AppConfig


class DutyConfig(AppConfig):
    name = "evenhand.desk.duty"
    label = "duty"

    def ready(self) -> None:
        from evenhand.desk.cases import services as cases
        from evenhand.desk.duty.queries import sparing, ways
        from evenhand.desk.enforcement.queries import deliveries

        deliveries.provide(ways.shown)
        cases.spare(sparing.passed_over)
