"""The project's settings with the bare view as its only address."""

from suitesync.settings import *  # noqa: F403

ROOT_URLCONF = "bench.bare"
