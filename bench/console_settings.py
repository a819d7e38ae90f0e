"""The project's settings, with every answer of the console saying how many queries it took."""

from suitesync.settings import *  # noqa: F403
from suitesync.settings import MIDDLEWARE

MIDDLEWARE = ["bench.counted.count_queries", *MIDDLEWARE]
