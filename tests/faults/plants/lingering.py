"""A thread that still has something to write when its server ends, into the file that MEANTIME_LINGERS names."""

import os
import threading
import time
from pathlib import Path


def write() -> None:
    """Too late for a process that waits for nobody."""
    time.sleep(1)
    Path(os.environ["MEANTIME_LINGERS"]).write_text("written")


threading.Thread(target=write).start()
