"""Chromium with a profile on disk and its memory of pages, under the same words as the browsers of `driven`."""

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Browser, Page

from tests.journeys.browsers import BROWSER_ARGUMENTS, CHROMIUM, PHONE
from tests.journeys.driven import Driven, called

# Playwright takes the memory for Back away.
AS_SHIPPED = ["--disable-back-forward-cache"]


class Chromium(Driven):
    """One Chromium with a profile of its own; `browser` is any that Playwright started."""

    def __init__(self, browser: Browser, profile: Path):
        self.profile = profile
        self.context = browser.browser_type.launch_persistent_context(
            profile, executable_path=CHROMIUM, args=BROWSER_ARGUMENTS, ignore_default_args=AS_SHIPPED, **PHONE
        )
        self.context.set_default_timeout(20_000)
        self.tabs: dict[str, Page] = {"0": self.context.pages[0]}
        self.tab = "0"

    @property
    def page(self) -> Page:
        """What the tab shows."""
        return self.tabs[self.tab]

    def open(self, address: str) -> None:
        self.page.goto(address)

    def reload(self) -> None:
        self.page.reload()

    def back(self) -> None:
        self.page.go_back(wait_until="commit")

    def run(self, script: str, *values: Any) -> Any:
        return self.page.evaluate(called(script, values))

    def new_tab(self) -> str:
        name = str(len(self.tabs))
        self.tabs[name] = self.context.new_page()
        return self.turn_to(name)

    def turn_to(self, tab: str) -> str:
        before, self.tab = self.tab, tab
        self.page.bring_to_front()
        return before

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def kill(self) -> None:
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                if f"--user-data-dir={self.profile}" in process.cmdline():
                    os.kill(process.pid, signal.SIGKILL)
                    process.wait(10)

    def close(self) -> None:
        with suppress(Exception):  # it may have been killed
            self.context.close()
