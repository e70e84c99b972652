"""A headless Firefox, driven by WebDriver BiDi over a plain WebSocket: no driver program, no library of its own."""

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import threading
from pathlib import Path
from typing import Any

import aiohttp

from tests.cast import LONDON
from tests.journeys.driven import LITTLE_ROOM, PATIENCE, Driven, called, keys

PREFERENCES = {
    "remote.active-protocols": 1,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "dom.quotaManager.temporaryStorage.fixedLimit": LITTLE_ROOM // 1000 * 5,  # a fifth of it is for one origin
    "browser.sessionstore.resume_from_crash": False,
    "toolkit.startup.max_resumed_crashes": -1,
}


def missing() -> str:
    """The package to install; nothing when it is there."""
    return "" if _program() else "firefox-esr"


def _program() -> str | None:
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox(Driven):
    """One Firefox with a profile of its own, and the tab it opened with."""

    def __init__(self, profile: Path):
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
        (profile / "user.js").write_text("\n".join(lines))
        command = [_program(), "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
        self.process = subprocess.Popen(
            command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, start_new_session=True,
            env={**os.environ, "HOME": str(profile), "TZ": LONDON.key, "MOZ_DISABLE_CONTENT_SANDBOX": "1"},
        )  # fmt: skip
        self.number = 0
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.socket = self._wait(self._connect(self._address()))
        self.send("session.new", capabilities={})
        self.tab = self.send("browsingContext.getTree")["contexts"][0]["context"]

    def _address(self) -> str:
        for line in self.process.stderr:
            if found := re.search(r"BiDi listening on (ws://\S+)", line):
                self.rest = threading.Thread(target=self.process.stderr.read, daemon=True)  # or its pipe fills up
                self.rest.start()
                return found[1]
        raise AssertionError("Firefox did not open its socket")

    async def _connect(self, address: str) -> aiohttp.ClientWebSocketResponse:
        self.client = aiohttp.ClientSession()
        return await self.client.ws_connect(f"{address}/session", max_msg_size=0)

    def _wait(self, coroutine) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(PATIENCE)

    def send(self, method: str, **params: Any) -> dict:
        """One command, and its answer."""
        return self._wait(self._send(method, params))

    async def _send(self, method: str, params: dict) -> dict:
        self.number += 1
        await self.socket.send_json({"id": self.number, "method": method, "params": params})
        while True:
            answer = await self.socket.receive_json()
            if answer.get("id") == self.number:
                assert answer["type"] == "success", f"{method}: {answer}"
                return answer["result"]

    def open(self, address: str) -> None:
        self.send("browsingContext.navigate", context=self.tab, url=address, wait="complete")

    def reload(self) -> None:
        self.send("browsingContext.reload", context=self.tab, wait="complete")

    def back(self) -> None:
        self.send("browsingContext.traverseHistory", context=self.tab, delta=-1)

    def run(self, script: str, *values: Any) -> Any:
        expression = f"(async () => JSON.stringify(await {called(script, values)}))()"
        said = self.send("script.evaluate", expression=expression, target={"context": self.tab}, awaitPromise=True)
        assert said["type"] == "success", said["exceptionDetails"]["text"]
        return json.loads(said["result"].get("value") or "null")

    def new_tab(self) -> str:
        return self.turn_to(self.send("browsingContext.create", type="tab")["context"])

    def turn_to(self, tab: str) -> str:
        self.send("browsingContext.activate", context=tab)
        before, self.tab = self.tab, tab
        return before

    def type(self, text: str) -> None:
        self.send("input.performActions", context=self.tab, actions=keys(text))

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self._let_go()

    def close(self) -> None:
        if self.process.returncode is None:
            self.process.terminate()
            self._let_go()

    def _let_go(self) -> None:
        self._wait(self.client.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()
        self.process.wait(timeout=20)
        self.rest.join(10)
        self.process.stderr.close()
