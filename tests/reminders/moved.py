"""Planted in a nursery: whatever is born there goes by the clock that a test moves, and has its roles imported."""

import os
from importlib import import_module
from pathlib import Path

from server import clock, steady
from tests.reminders.processes import CLOCK, MovedClock

clock.now = MovedClock(Path(os.environ[CLOCK])).now
# Only the program's clock is moved here; that a clock which jumps is not believed is shown elsewhere (R14).
steady.off_the_database = lambda now: None
steady.Steady.trouble = lambda self, now, passed: None
import_module("tests.reminders.roles")
