"""The wheel holds everything it serves: app, worksheets, templates and migrations, and needs no Node."""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.localhost import free_port

ROOT = Path(__file__).resolve().parents[2]
COMMAND = "import server, sys; sys.stderr.write(server.__file__); from server.commands import main; main()"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel of this checkout, built with the tools already here."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "-qq", "--no-deps", "--no-build-isolation", "-w", folder]
    source = folder / "source"
    names = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True, capture_output=True, text=True,
    ).stdout.split("\0")  # fmt: skip
    for name in filter(None, names):
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    for built in ("dist", "dist-staff"):  # what ./run built, so that it is not built twice
        if (ROOT / "pwa" / built).exists():
            shutil.copytree(ROOT / "pwa" / built, source / "pwa" / built)
    (source / "pwa" / "node_modules").symlink_to(ROOT / "pwa" / "node_modules")
    done = subprocess.run([*pip, source], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_all_of_the_package_and_no_test(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())
    tracked = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "server"], check=True, capture_output=True, text=True
    ).stdout.split()
    assert [name for name in tracked if name not in held] == []
    assert [name for name in held if name.startswith(("tests/", "pwa/"))] == []


def test_the_wheel_holds_app_style_and_every_worksheet(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())
    assert {"server/_built/phone/index.html", "server/_built/phone/sw.js"} <= held
    assert any(name.startswith("server/_built/static/") and name.endswith(".css") for name in held)
    worksheets = {path.relative_to(ROOT).as_posix() for path in (ROOT / "worksheets").rglob("*.yaml")}
    assert {f"server/_built/{name}" for name in worksheets} <= held
    of_a_bundle = ("recompute.py", "bundle/load.py", "bundle/load.R")
    assert {f"server/_built/{name}" for name in of_a_bundle} <= held


def test_the_wheel_serves_the_app_where_there_is_no_node(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    port = free_port()
    environment = {
        "PYTHONPATH": str(tmp_path / "site"),
        "PATH": str(tmp_path),
        "MEANTIME_DATA": str(tmp_path / "data"),
        "MEANTIME_PORT": str(port),
        "LANG": os.environ.get("LANG", "C.UTF-8"),
    }
    run = {"cwd": tmp_path, "env": environment, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    begun = subprocess.run([sys.executable, "-c", COMMAND, "install"], text=True, **run)
    assert begun.returncode == 0, begun.stderr
    assert begun.stderr.startswith(str(tmp_path / "site")), "the checkout was imported, not the wheel"
    server = subprocess.Popen([sys.executable, "-c", COMMAND, "serve"], **run)
    try:
        for page in ("/", "/staff/sign-in"):
            styles = re.findall(r'href="(/[^"]+\.css[^"]*)"', _page(f"http://127.0.0.1:{port}{page}").decode())
            assert styles, f"{page} has no style"
            assert all(len(_page(f"http://127.0.0.1:{port}{style}")) > 1000 for style in styles)
    finally:
        server.kill()
        server.communicate()


def _page(address: str) -> bytes:
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return answer.read()
        except urllib.error.HTTPError:
            raise
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
