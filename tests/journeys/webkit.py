"""WebKitGTK, the engine of Safari, driven by its own WebDriver on a screen of its own."""

import json
import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.cast import LONDON
from tests.journeys.driven import LITTLE_ROOM, PATIENCE, Driven, called, keys
from tests.localhost import free_port

WINDOW = Path(__file__).with_name("webkit_window.py")
PYTHON = "/usr/bin/python3"  # the one that Debian's bindings of WebKit belong to
BINDINGS = "import gi; gi.require_version('WebKit2', '4.1'); from gi.repository import WebKit2"


def missing() -> str:
    """The package to install; nothing when all is there."""
    for program, package in (("WebKitWebDriver", "webkit2gtk-driver"), ("Xvfb", "xvfb"), (PYTHON, "python3-gi")):
        if not shutil.which(program):
            return package
    there = subprocess.run([PYTHON, "-c", BINDINGS], capture_output=True, check=False).returncode == 0
    return "" if there else "gir1.2-webkit2-4.1"


class WebKit(Driven):
    """One WebKit with a profile on disk."""

    def __init__(self, profile: Path):
        self.screen, display = _screen()
        port = free_port()
        self.base = f"http://127.0.0.1:{port}"
        environment = {**os.environ, "DISPLAY": display, "GDK_BACKEND": "x11", "HOME": str(profile), "TZ": LONDON.key}
        self.driver = subprocess.Popen(
            ["WebKitWebDriver", f"--port={port}"], env=environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._until_it_listens()
        room = LITTLE_ROOM / shutil.disk_usage(profile).total
        options = {"binary": PYTHON, "args": [str(WINDOW), str(profile), str(room)]}
        asked = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        self.base += f"/session/{self._post('/session', asked)['sessionId']}"
        self.tab = self._get("/window")

    def _until_it_listens(self) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(OSError):
                return self._get("/status")
            time.sleep(0.05)
        raise AssertionError("the driver of WebKit does not answer")

    def _get(self, path: str) -> Any:
        return self._answer(Request(self.base + path))

    def _post(self, path: str, body: dict) -> Any:
        kind = {"Content-Type": "application/json"}
        return self._answer(Request(self.base + path, data=json.dumps(body).encode(), headers=kind))

    def _answer(self, request: Request) -> Any:
        try:
            with urlopen(request, timeout=PATIENCE + 10) as reply:
                return json.load(reply)["value"]
        except HTTPError as refused:
            raise AssertionError(f"{request.selector}: {refused.read().decode()}") from None

    def open(self, address: str) -> None:
        self._post("/url", {"url": address})

    def reload(self) -> None:
        self._post("/refresh", {})

    def back(self) -> None:
        self._post("/back", {})

    def run(self, script: str, *values: Any) -> Any:
        tell = f"Promise.resolve({called(script, values)}).then(done, (error) => done({{ failed: String(error) }}))"
        said = self._post("/execute/async", {"script": f"const done = arguments[0]; {tell}", "args": []})
        assert not (isinstance(said, dict) and "failed" in said), said
        return said

    def new_tab(self) -> str:
        return self.turn_to(self._post("/window/new", {"type": "tab"})["handle"])

    def turn_to(self, tab: str) -> str:
        self._post("/window", {"handle": tab})
        before, self.tab = self.tab, tab
        return before

    def type(self, text: str) -> None:
        self._post("/actions", {"actions": keys(text)})

    def kill(self) -> None:
        os.killpg(self.driver.pid, signal.SIGKILL)  # the driver's, the window's, the page's and the storage's
        self.driver.wait(20)
        self.screen.terminate()
        self.screen.wait(20)

    def close(self) -> None:
        if self.driver.returncode is None:
            self.kill()


def _screen() -> tuple[subprocess.Popen, str]:
    """A screen that nobody sees, and its name."""
    said, says = os.pipe()
    command = ["Xvfb", "-displayfd", str(says), "-screen", "0", "800x900x24", "-nolisten", "tcp"]
    screen = subprocess.Popen(command, pass_fds=[says], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(says)
    with os.fdopen(said) as pipe:
        number = pipe.readline().strip()
    assert number, "there is no screen for WebKit"
    return screen, f":{number}"
