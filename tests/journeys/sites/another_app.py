"""Has the process that imports it serve another build of the phone app: the one that its environment names."""

import os
from pathlib import Path

from server.config import Config

Config.phone_app = property(lambda self: Path(os.environ["TEST_PHONE_APP"]))
