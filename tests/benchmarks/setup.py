"""How long from ./run to the first page: in a fresh clone with empty caches, and again when all is in place."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 600  # seconds until we give up waiting for the first page
PAGES = ("/", "/staff/sign-in")


def main() -> None:
    """Print setup_cold and setup_warm, in seconds. What is measured is the last commit, as a clone has it."""
    with tempfile.TemporaryDirectory(prefix="meantime-setup-") as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        environment = _bare_environment(Path(folder))
        print(f"setup_cold {_first_page(clone, environment):.1f} s", flush=True)
        print(f"setup_warm {_first_page(clone, environment):.1f} s", flush=True)


def _bare_environment(folder: Path) -> dict[str, str]:
    """Our environment without our virtual one, and with empty caches, as on a machine that never saw us."""
    caches = {"PIP_CACHE_DIR": "pip", "UV_CACHE_DIR": "uv", "npm_config_cache": "npm"}
    port = str(_free_port())
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("MEANTIME_", "VIRTUAL_ENV"))}
    bare["PATH"] = os.pathsep.join(part for part in bare["PATH"].split(os.pathsep) if ".venv" not in part)
    return bare | {name: str(folder / sub) for name, sub in caches.items()} | {"MEANTIME_PORT": port}


def _first_page(clone: Path, environment: dict[str, str]) -> float:
    begun = time.monotonic()
    with (clone.parent / "said.txt").open("w") as said:
        started = subprocess.Popen(
            ["./run"], cwd=clone, env=environment, stdout=said, stderr=said, start_new_session=True
        )
    try:
        while not all(_answers(f"http://127.0.0.1:{environment['MEANTIME_PORT']}{page}") for page in PAGES):
            if started.poll() is not None or time.monotonic() - begun > PATIENCE:
                sys.exit(f"./run did not get as far as a page. It said:\n{(clone.parent / 'said.txt').read_text()}")
            time.sleep(0.05)
        return time.monotonic() - begun
    finally:
        if started.poll() is None:
            os.killpg(started.pid, signal.SIGTERM)
        started.wait(timeout=30)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    main()
