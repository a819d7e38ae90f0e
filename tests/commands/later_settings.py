"""The killed worker's settings, in a process that lives at the moment that NOW names."""

import os
from datetime import datetime

import time_machine

from tests.worker.killing_settings import *

time_machine.travel(datetime.fromisoformat(os.environ["NOW"]), tick=True).start()
