"""One picture of many screens; python -m tests.library.contact_sheet FOLDER runs the journey and keeps them there."""

import base64
import os
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
JOURNEY = "tests/journeys/test_whole_library.py"
STYLE = """
  body { margin: 12px; font: 11px arial, sans-serif; background: #d8dde0; }
  main { display: grid; grid-template-columns: repeat(13, 104px); gap: 10px; }
  figure { margin: 0; } figcaption { height: 26px; overflow: hidden; }
  div { height: 250px; overflow: hidden; background: #fff; } img { width: 104px; display: block; }
"""


def join(browser: Browser, pictures: list[Path], out: Path) -> Path:
    """The pictures side by side, each with the name of its file, cut off after some screens, as one JPEG."""
    page = browser.new_page(viewport={"width": 1520, "height": 800})
    figures = "".join(_figure(path) for path in pictures)
    page.set_content(f"<style>{STYLE}</style><main>{figures}</main>")
    page.wait_for_function("() => [...document.images].every((one) => one.complete && one.naturalWidth > 0)")
    page.screenshot(path=out, type="jpeg", quality=22, full_page=True)
    page.close()
    return out


def _figure(path: Path) -> str:
    name = path.stem.rpartition("-")[0].partition("_")[2].replace("-", " ")
    data = base64.b64encode(path.read_bytes()).decode()
    return f"<figure><figcaption>{name}</figcaption><div><img src='data:image/jpeg;base64,{data}'></div></figure>"


if __name__ == "__main__":
    env = {**os.environ, "MEANTIME_TEST_PICTURES": str(Path(sys.argv[1]).resolve())}
    command = [sys.executable, "-m", "pytest", JOURNEY, "-q", "-p", "no:xdist"]
    sys.exit(subprocess.run(command, cwd=ROOT, env=env, check=False).returncode)
