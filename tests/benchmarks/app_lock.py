"""What sealing costs a slow phone: one record, and opening the app with a PIN."""

import statistics
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, Page, expect

SLOWER, TIMES, PIN = 6, 20, "270418"

# Notes how long each record takes to be sealed, from the asking until it is there.
WATCH = """
window.sealing = []
const seal = crypto.subtle.encrypt.bind(crypto.subtle)
crypto.subtle.encrypt = async (...given) => {
  const from = performance.now()
  const sealed = await seal(...given)
  window.sealing.push([performance.now() - from, sealed.byteLength])
  return sealed
}
"""


def seal_entry(context: BrowserContext, page: Page) -> float:
    """Milliseconds to seal a worksheet that is being written, on a processor six times slower: the median."""
    page.add_init_script(WATCH)
    page.reload()
    page.locator("a[href^='#/write/']").first.click()
    with slower(context, page):
        for n in range(TIMES):
            page.locator("textarea").first.fill(f"What I noticed, {n}. " * 100)
            page.wait_for_function("(n) => window.sealing.filter(([, size]) => size > 1500).length > n", arg=n)
    return statistics.median(page.evaluate("() => window.sealing.filter(([, size]) => size > 1500).map(([ms]) => ms)"))


def pin_unlock(context: BrowserContext, page: Page, base: str) -> float:
    """Seconds from *Open* on the lock screen to the first task of Today, on a page six times slower: the median.

    Chromium slows the page down and not its helpers, among which the PIN's rounds are worked out.
    """
    page.goto(f"{base}/#/settings")
    page.reload()
    page.get_by_role("button", name="Choose a PIN").click()
    for label in ("New PIN", "The same PIN again"):
        page.get_by_label(label).fill(PIN)
    page.get_by_role("button", name="Lock with this PIN").click()
    expect(page.get_by_role("button", name="Lock now")).to_be_visible()
    page.goto(f"{base}/#/")
    seconds = []
    for _ in range(5):
        page.reload()
        page.get_by_label("Your PIN").fill(PIN)
        with slower(context, page):
            seconds.append(page.evaluate(UNLOCK) / 1000)
    return statistics.median(seconds)


UNLOCK = """() => new Promise((resolve) => {
  const from = performance.now()
  const watching = new MutationObserver(() => {
    if (!document.querySelector('article[data-assignment]')) return
    watching.disconnect()
    requestAnimationFrame(() => resolve(performance.now() - from))
  })
  watching.observe(document, { childList: true, subtree: true })
  document.querySelector('[data-lock] button[type=submit]').click()
})"""


@contextmanager
def slower(context: BrowserContext, page: Page) -> Iterator[None]:
    """While it lasts, the page's processor is six times slower."""
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    yield
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
