from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "evenhand.desk.audit"
    label = "audit"
