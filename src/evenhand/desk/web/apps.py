from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "evenhand.desk.web"
    label = "web"

    def ready(self) -> None:
        from evenhand.desk.policies import pages
        from evenhand.desk.web.pages import moves

        pages.panel(moves.panel)
