"""An older release of the phone app: the one that is built, under other names, as releases differ."""

import re
import shutil
from pathlib import Path

from tests.journeys.sites.running import ROOT

BUILT = ROOT / "pwa" / "dist"
MARK = '<meta name="release" content="older">'


def make(folder: Path) -> None:
    """Build it: another version, and no script or style that has the name of one of today's."""
    shutil.copytree(BUILT, folder, ignore=shutil.ignore_patterns("*.br", ".built"))
    names = {one.name: f"{one.stem}-older{one.suffix}" for one in (folder / "assets").iterdir()}
    for old, new in names.items():
        (folder / "assets" / old).rename(folder / "assets" / new)
    any_name = re.compile("|".join(map(re.escape, names)))
    for one in (
        *folder.glob("*.html"),
        *folder.glob("*.js"),
        *folder.glob("assets/*.js"),
        *folder.glob("assets/*.css"),
    ):
        one.write_text(any_name.sub(lambda found: names[found[0]], one.read_text(encoding="utf-8")), encoding="utf-8")
    worker, page = folder / "sw.js", folder / "index.html"
    worker.write_text(worker.read_text(encoding="utf-8").replace("VERSION=`", "VERSION=`older-"), encoding="utf-8")
    page.write_text(page.read_text(encoding="utf-8").replace("<title>", f"{MARK}<title>"), encoding="utf-8")
