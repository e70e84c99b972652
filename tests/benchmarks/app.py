"""What the phone app weighs, what Lighthouse says of it, and how fast it opens, seals and unlocks on a slow phone."""

import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import flask_migrate
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from build_app import node_and_environment
from server import clock, create_app
from server.config import Config
from server.extensions import atomic
from server.people import pairing
from server.sealing import make_key_file
from tests.benchmarks.app_lock import pin_unlock, seal_entry
from tests.benchmarks.app_weight import BESIDES, DIST, STARTS, files_of, weights
from tests.cast import people_of_two_services

ROOT = Path(__file__).resolve().parents[2]
LIGHTHOUSE = Path(__file__).parent / "lighthouse"
CHROMIUM = os.environ.get("MEANTIME_TEST_CHROMIUM", "/usr/bin/chromium")
CATEGORIES = ("performance", "accessibility", "best-practices")
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
SLOWER, TIMES = 6, 7

# Says, on the page's own clock (0 is when the page was asked for), when the first task of Today had been painted.
WATCH = """
new MutationObserver((_, watching) => {
  if (!document.querySelector('article[data-assignment]')) return
  watching.disconnect()
  requestAnimationFrame(() => setTimeout(() => { window.todayAt = performance.now() }))
}).observe(document, { childList: true, subtree: true })
"""


def main() -> None:
    """Print each figure on a line of its own."""
    with tempfile.TemporaryDirectory(prefix="meantime-app-") as folder, serving(Path(folder)) as (base, code):
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            context, page = paired(browser, base, code)
            say("app_offline_today", f"{offline_today(context, page):.2f}", "s")
            say_weights(context, page, base)
            say("app_seal_entry", f"{seal_entry(context, page):.1f}", "ms")
            say("app_pin_unlock", f"{pin_unlock(context, page, base):.2f}", "s")
            browser.close()
        lighthouse(base.replace("localhost", "127.0.0.1"), Path(folder))


def say(name: str, value: str, unit: str) -> None:
    """One figure."""
    print(f"{name} {value} {unit}", flush=True)


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, str]]:
    """The cast's installation, served as it would be; its address, and a pairing code for Anna."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://localhost:{port}"
    env = {**os.environ, "MEANTIME_DATA": str(folder), "MEANTIME_PORT": str(port), "MEANTIME_BASE_URL": base}
    config = Config.from_env(env)
    make_key_file(config.key_file)
    app = create_app(config)
    with app.app_context():
        flask_migrate.upgrade()
        cast = people_of_two_services(now=clock.now())
        cast.agree(now=clock.now())
        with atomic():
            _, code = pairing.invite(client=cast.anna, by=cast.ben, now=clock.now())
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()
    command = [sys.executable, "-c", "from server.commands import main; main(['serve'])"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, cwd=ROOT, env=env, **quiet)
    try:
        wait_for(f"{base}/healthz")
        yield base, code
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(address: str) -> None:
    """Until it answers, or for 20 seconds."""
    for _ in range(200):
        try:
            urlopen(address, timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("The server did not start.")


def paired(browser: Browser, base: str, code: str) -> tuple[BrowserContext, Page]:
    """A phone with Today before it, and its worker in control."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.goto(f"{base}/#pair={code}")
    for button in ("Connect this phone", "Continue", "No, only me", "No reminders"):
        page.get_by_role("button", name=button).click()
    expect(page.locator("article[data-assignment]").first).to_be_visible(timeout=30_000)
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    return context, page


def say_weights(context: BrowserContext, page: Page, base: str) -> None:
    """The heaviest start as the figure, each of them beside it; and that Chromium fetches no more than was weighed."""
    every = weights(STARTS)
    say("app_first_load_brotli", f"{max(every.values()) / 1000:.1f}", "kB")
    for name, packed in {**every, **weights(BESIDES)}.items():
        say(f"app_start_{name}", f"{packed / 1000:.1f}", "kB")
    unweighed = first_load(context, page, base) - files_of(STARTS["today_with_all_it_may_say"], DIST)
    if unweighed:
        sys.exit(f"The first screen fetched what was not weighed: {sorted(unweighed)}")


def first_load(context: BrowserContext, page: Page, base: str) -> set[str]:
    """Every file asked for until Today shows a plan that waits for a yes, with nothing kept by browser or worker.

    What sends is fetched a moment later, whether or not the first screen is there yet; it is held back here.
    """
    page.goto("about:blank")
    session = context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": base, "storageTypes": "cache_storage,service_workers"})
    session.send("Network.clearBrowserCache")
    asked: list[str] = []
    sends = re.compile("/assets/synchronise-")
    page.route(sends, lambda route: route.abort())
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{base}/", wait_until="commit")
    expect(page.locator("[data-more]")).to_be_visible()
    page.wait_for_load_state("networkidle")
    paths = {urlsplit(url).path.lstrip("/") or "index.html" for url in asked if not sends.search(url)}
    page.unroute(sends)
    page.reload()
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    return {path for path in paths if not path.startswith("api/")}


def offline_today(context: BrowserContext, page: Page) -> float:
    """Seconds from opening the app to its first task, offline, on a processor six times slower: the median."""
    page.add_init_script(WATCH)
    context.set_offline(True)
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    seconds = []
    for _ in range(TIMES):
        page.reload()
        page.wait_for_function("() => window.todayAt > 0", polling=50)
        seconds.append(page.evaluate("() => window.todayAt") / 1000)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    context.set_offline(False)
    return statistics.median(seconds)


def lighthouse(base: str, folder: Path) -> None:
    """What Lighthouse gives the first page, with its mobile preset; a sentence where it cannot be had."""
    node, env = node_and_environment()
    program = LIGHTHOUSE / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not program.is_file():
        npm = node.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        install = [node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        if subprocess.run(install, cwd=LIGHTHOUSE, env=env, check=False).returncode:
            print("Lighthouse could not be installed, so its figures are missing.", file=sys.stderr)
            return
    report = folder / "report.json"
    command = [node, program, f"{base}/", "--quiet", "--output=json", f"--output-path={report}"]
    command += [f"--only-categories={','.join(CATEGORIES)}", "--chrome-flags=--headless=new --no-sandbox"]
    subprocess.run(command, env={**env, "CHROME_PATH": CHROMIUM}, check=True, timeout=240)
    found = json.loads(report.read_text("utf-8"))
    for name in CATEGORIES:
        say(f"app_lighthouse_{name.replace('-', '_')}", f"{found['categories'][name]['score'] * 100:.0f}", "points")
    for audit in found["audits"].values():
        if audit["score"] is not None and audit["score"] < 0.9:
            print(f"  {audit['id']}: {audit.get('displayValue') or audit['title']}", file=sys.stderr)


if __name__ == "__main__":
    main()
