"""Makes report.html of a research bundle again, from its files alone: `python scripts/report.py` in its folder.

Needs Python 3.11 and nothing else; with scipy the page has p values and intervals of changes, too. `report.ipynb` goes
through it step by step.
"""

import sys
from pathlib import Path

from reporting.page import report
from reporting.read import NotABundle


def main(folder="."):
    """Write report.html into the folder of the bundle."""
    target = Path(folder) / "report.html"
    target.write_bytes(report(Path(folder)).encode())
    print(f"{target} is made.")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:2])
    except NotABundle as wrong:
        sys.exit(str(wrong))
