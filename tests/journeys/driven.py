"""What a story asks of any browser, by the words that somebody would go by."""

import json
import time
from abc import ABC, abstractmethod
from typing import Any

from playwright.sync_api import Error

PATIENCE = 30  # seconds for any one answer
LITTLE_ROOM = 10_000_000  # bytes that an origin may keep


class Driven(ABC):
    """A browser with a profile of its own, and the tab that it looks at."""

    @abstractmethod
    def open(self, address: str) -> None:
        """Load a page; without a network, from what the worker kept."""

    @abstractmethod
    def reload(self) -> None:
        """Load it again."""

    @abstractmethod
    def back(self) -> None:
        """The Back button."""

    @abstractmethod
    def run(self, script: str, *values: Any) -> Any:
        """What a function of the page's own returns, for values that are plain."""

    @abstractmethod
    def new_tab(self) -> str:
        """Another tab, which it looks at from now on; the name of the one before."""

    @abstractmethod
    def turn_to(self, tab: str) -> str:
        """Look at a tab; the name of the one before."""

    @abstractmethod
    def type(self, text: str) -> None:
        """Type, key by key."""

    @abstractmethod
    def kill(self) -> None:
        """SIGKILL to all of its processes; none of them can tidy up."""

    @abstractmethod
    def close(self) -> None:
        """End it, if it still runs."""

    def until(self, script: str, *values: Any, patience: float = 20) -> Any:
        """Ask again and again until it says something true."""
        end, refused = time.monotonic() + patience, ""
        while time.monotonic() < end:
            try:
                if found := self.run(script, *values):
                    return found
            except (AssertionError, Error) as moving:  # the page was on its way to another
                refused = moving
            time.sleep(0.1)
        raise AssertionError(f"never true: {script} {values} {refused}; the page says: {self.run(SAYS)[:800]}")

    def press(self, name: str) -> None:
        """Click the button or link with these words, once it is there and still."""
        self.until(CLICK, name)

    def see(self, text: str, patience: float = 20) -> None:
        """Wait until these words show."""
        self.until("(text) => document.body.innerText.includes(text)", text, patience=patience)

    def says(self) -> str:
        """All words that show now."""
        return self.run(SAYS)

    def write(self, label: str, text: str) -> None:
        """Focus the field with this label and type, key by key."""
        self.until(FOCUS, label)
        self.type(text)

    def paste(self, label: str, text: str) -> None:
        """Put a text into the field with this label, all at once."""
        self.until(FOCUS, label)
        self.run(PASTE, text)


def keys(text: str) -> list[dict]:
    """Each key pressed and let go, as WebDriver and its successor spell it."""
    strokes = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
    return [{"type": "key", "id": "keys", "actions": strokes}]


def called(script: str, values: tuple) -> str:
    """The call of a function on plain values, for a protocol that takes an expression."""
    return f"({script})(...{json.dumps(values)})"


PASTE = """(text) => {
  document.activeElement.value = text
  document.activeElement.dispatchEvent(new Event('input', { bubbles: true }))
}"""

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
