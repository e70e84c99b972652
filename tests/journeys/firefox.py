"""A headless Firefox, driven by WebDriver BiDi over a plain WebSocket: no driver program, no library of its own."""

import asyncio
import json
import os
import re
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import aiohttp

from tests.cast import LONDON

PREFERENCES = {
    "remote.active-protocols": 1,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}
PATIENCE = 30  # seconds for any one answer


class Firefox:
    """One Firefox with a profile of its own, and the tab it opened with."""

    def __init__(self, program: str, profile: Path):
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
        (profile / "user.js").write_text("\n".join(lines))
        command = [program, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
        self.process = subprocess.Popen(
            command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
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
        """Load a page; without a network, from what the worker kept."""
        self.send("browsingContext.navigate", context=self.tab, url=address, wait="complete")

    def reload(self) -> None:
        """Load it again."""
        self.send("browsingContext.reload", context=self.tab, wait="complete")

    def run(self, script: str, *values: Any) -> Any:
        """What a function of the page's own returns, for values that are plain."""
        expression = f"(async () => JSON.stringify(await ({script})(...{json.dumps(values)})))()"
        said = self.send("script.evaluate", expression=expression, target={"context": self.tab}, awaitPromise=True)
        assert said["type"] == "success", said
        return json.loads(said["result"].get("value") or "null")

    def until(self, script: str, *values: Any, patience: float = 20) -> Any:
        """Ask again and again until it says something true."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if found := self.run(script, *values):
                return found
            time.sleep(0.1)
        raise AssertionError(f"never true: {script} {values}; the page says: {self.run(SAYS)[:800]}")

    def press(self, name: str) -> None:
        """Click the button or link with these words, once it is there and still."""
        self.until(CLICK, name)

    def see(self, text: str, patience: float = 20) -> None:
        """Wait until these words show."""
        self.until("(text) => document.body.innerText.includes(text)", text, patience=patience)

    def write(self, label: str, text: str) -> None:
        """Focus the field with this label and type, key by key."""
        self.until(FOCUS, label)
        keys = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self.send("input.performActions", context=self.tab, actions=[{"type": "key", "id": "keys", "actions": keys}])

    def close(self) -> None:
        """End it."""
        self._wait(self.client.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()
        self.process.terminate()
        self.process.wait(timeout=20)
        self.rest.join(10)
        self.process.stderr.close()


SAYS = "() => document.body.innerText"

CLICK = """async (name) => {
  const all = [...document.querySelectorAll('button, a')]
  const one = all.find((each) => each.innerText.trim().startsWith(name) && !each.disabled)
  if (!one) return false
  const before = one.getBoundingClientRect().top
  await new Promise((later) => setTimeout(later, 60))
  if (!one.isConnected || one.getBoundingClientRect().top !== before) return false
  one.click()
  return true
}"""

FOCUS = """(label) => {
  const found = [...document.querySelectorAll('label')].find((each) => each.innerText.trim().startsWith(label))
  found?.control?.focus()
  return !!found?.control && document.activeElement === found.control
}"""
