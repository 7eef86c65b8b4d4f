from django.apps import AppConfig


class ReferralConfig(AppConfig):
    name = "evenhand.desk.referral"
    label = "referral"
