"""Makes report.html of a research bundle again, from its files alone: `python scripts/report.py` in its folder.

Needs Python 3.11 and nothing else; with scipy the page has p values and intervals of changes, too. A page that is not
the one that is there goes beside it, as `report-here.html`: what came with the bundle stays as its checksum has it.
`report.ipynb` goes through it step by step.
"""

import sys
from pathlib import Path

from reporting.page import report
from reporting.read import NotABundle


def main(folder="."):
    """Write the page into the folder of the bundle."""
    target, page = Path(folder) / "report.html", report(Path(folder)).encode()
    if target.exists() and target.read_bytes() == page:
        print(f"{target} says just that.")
        return
    if target.exists():
        print(f"{target} says something else (was it made with scipy?) and is left as it is.")
        target = target.with_name("report-here.html")
    target.write_bytes(page)
    print(f"{target} is made.")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:2])
    except NotABundle as wrong:
        sys.exit(str(wrong))
