from django.apps import AppConfig


class EnforcementConfig(AppConfig):
    name = "evenhand.desk.enforcement"
    label = "enforcement"

    def ready(self) -> None:
<<<<<<< src/evenhand/desk/enforcement/apps.py
        from evenhand.desk.enforcement.services import holds, licences, licensing, subscribe
        from evenhand.desk.signals import services as signals

        signals.subscribe(holds.absorb)
        signals.subscribe(licensing.absorb)
=======
        from evenhand.desk.enforcement.services import holds, like, subscribe
        from evenhand.desk.signals import services as signals

        signals.subscribe(holds.absorb)
        signals.subscribe(like.absorb)
>>>>>>> /tmp/cl/m.new
        subscribe(holds.settle)
        subscribe(licences.settle)
