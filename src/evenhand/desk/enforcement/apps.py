from django.apps import AppConfig


class EnforcementConfig(AppConfig):
    name = "evenhand.desk.enforcement"
    label = "enforcement"

    def ready(self) -> None:
        from evenhand.desk.cases.queries.curves import provide
        from evenhand.desk.cases.services.lease import bring
        from evenhand.desk.enforcement.queries import calibrations
        from evenhand.desk.enforcement.services import again, auditing, holds, licences, licensing, like, subscribe
        from evenhand.desk.signals import services as signals

        signals.subscribe(holds.absorb)
        signals.subscribe(licensing.absorb)
        signals.subscribe(like.absorb)
        subscribe(holds.settle)
        subscribe(licences.settle)
        subscribe(again.settle)
        bring(auditing.due)
        bring(again.due)
        provide(calibrations.in_force)
