"""The console as a Django app."""

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """Pages and mails: it has no table and no rule of its own."""

    name = "dashboard"
