"""Where files of tests are quickest: in memory, where there is room."""

import os
import shutil
from pathlib import Path

MEMORY, ROOM = Path("/dev/shm"), 2_000_000_000  # where files are kept in memory, and how many bytes have to be free


def quickest_folder(to_run: bool = False) -> Path | None:
    """A folder in memory; None, which means the usual one, where there is too little.

    A copy of a database is a thousand small files, and each commit waits for the disk: where that is slow, it takes
    longer than most of the tests. `to_run`: programs have to run there, which containers often forbid.
    """
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free <= ROOM:
        return None
    return None if to_run and os.statvfs(MEMORY).f_flag & os.ST_NOEXEC else MEMORY
