"""The tests' settings with a killer among the apps, and limits short enough to wait for."""

import os

os.environ.update(JOB_TIME_LIMIT="2", JOB_LEASE_SECONDS="3", QUIET_SECONDS="1", Q_WORKERS="1")

from tests.settings import *

INSTALLED_APPS = [*INSTALLED_APPS, "tests.worker.killing.Killing"]
