"""Django's admin: settings can be changed by those who may, what happened can only be read."""

from django.contrib import admin

from connector.admin import accounts, history, people, queue

__all__ = ["accounts", "history", "people", "queue"]

admin.site.site_header = "SuiteSync"
admin.site.site_title = "SuiteSync"
admin.site.index_title = "Settings and history"
