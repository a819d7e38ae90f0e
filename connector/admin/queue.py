"""The queue's own tables: for engineers, to read. Job says all of it better to everybody else.

Django shows a table to those who may view it, and the role engineer alone holds that of these.
"""

from __future__ import annotations

import importlib

from django.contrib import admin
from django_q.models import Failure, OrmQ, Schedule, Success

from connector.admin.history import HistoryAdmin

# The queue's admin module has to have registered them before we can take them away again.
theirs = importlib.import_module("django_q.admin")
admin.site.unregister([Failure, OrmQ, Schedule, Success])


class ReadOnly(HistoryAdmin):
    """To read: what is pressed there would go past the jobs and past the audit."""

    actions = None


admin.site.register(Success, type("SuccessAdmin", (ReadOnly, theirs.TaskAdmin), {}))
admin.site.register(Failure, type("FailureAdmin", (ReadOnly, theirs.FailAdmin), {}))
admin.site.register(Schedule, type("ScheduleAdmin", (ReadOnly, theirs.ScheduleAdmin), {}))
admin.site.register(OrmQ, type("WaitingAdmin", (ReadOnly, theirs.QueueAdmin), {}))
