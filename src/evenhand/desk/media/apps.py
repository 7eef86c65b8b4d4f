from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "evenhand.desk.media"
    label = "media"

    def ready(self) -> None:
        from evenhand.desk.cases import services as cases
        from evenhand.desk.enforcement import services as enforcement
        from evenhand.desk.media import services
        from evenhand.desk.media.queries import alike, matching, standing
        from evenhand.desk.policies import services as policies
        from evenhand.desk.signals import services as signals

        signals.provide("known:", matching.provide)
        signals.provide("matched:", standing.provide)
        signals.subscribe(services.absorb)
        cases.know_media(alike.hashes)
        enforcement.subscribe(services.judged)
        policies.guard(services.guard)
