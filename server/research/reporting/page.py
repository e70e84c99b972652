"""The report as one page that needs nothing else: no script, no picture, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from pathlib import Path
from typing import Any, Protocol

from .associated import Associated
from .barriers import Barriers
from .disengagement import Disengagement
from .equity import Equity
from .flow import Flow
from .intervals import Intervals
from .read import Person, codes, people, rows, told
from .reminders import Reminders
from .scored import Outcomes
from .shown import Section, Table
from .together import Together


class Part(Protocol):
    """What sees every person once and has something to say at the end."""

    def see(self, person: Person) -> None:
        """One person."""

    def section(self) -> Section:
        """What it comes to."""


def sections(folder: Path, alive: Callable[[], object] = int) -> list[Section]:
    """Everything the report says of a bundle, read once and one person at a time. `alive`: said for each."""
    words, together = codes(folder), Together(partial(rows, folder, "appointments"))
    parts: tuple[Part, ...] = (
        Flow(told(folder)), Intervals(), Barriers(words), Disengagement(), Reminders(), Outcomes(words, together),
        Associated(words), Equity(words),
    )  # fmt: skip
    for person in people(folder):
        alive()
        for part in parts:
            part.see(person)
    return [part.section() for part in parts]


def report(folder: Path, alive: Callable[[], object] = int) -> str:
    """The whole page. The same bundle makes the same page."""
    return page(told(folder), sections(folder, alive))


def page(known: dict[str, Any], several: Sequence[Section]) -> str:
    """The sections under one heading, each with its definition and its n."""
    inside = "".join(_section(one) for one in several)
    links = " · ".join(f'<a href="#{one.id}">{escape(one.title)}</a>' for one in several)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{TITLE}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{TITLE}</h1>\n"
        f"<p><strong>{escape(known['about'])}</strong></p>\n<p>As of {escape(known['as_of'])}. {ABOUT}</p>\n"
        f'<nav aria-label="On this page"><p>{links}</p></nav>\n{inside}'
        f"<h2>How this page was made</h2>\n<p>{MADE}</p>\n</main>\n</body>\n</html>\n"
    )


def _section(one: Section) -> str:
    tables = "".join(_table(table, f"{one.id}-{at}") for at, table in enumerate(one.tables))
    notes = "".join(f"<p>{escape(note)}</p>\n" for note in one.notes)
    drawing = f'<figure tabindex="0" role="group" aria-label="{escape(one.title)}: drawing">{one.drawing}</figure>\n'
    return (
        f'<section aria-labelledby="{one.id}">\n<h2 id="{one.id}">{escape(one.title)}</h2>\n'
        f"<p><strong>{escape(one.formula)}</strong> · n: {escape(one.n)}</p>\n<p class=says>{escape(one.says)}</p>\n"
        f"{drawing if one.drawing else ''}{tables}{notes}</section>\n"
    )


def _table(table: Table, name: str) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in table.head)
    rows = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in row[1:])}</tr>\n'
        for row in table.rows
    )
    nothing = f'<tr><td colspan="{len(table.head)}">Nothing to show: nobody, or 7 people or fewer.</td></tr>\n'
    return (
        f'<div class="wide" tabindex="0" role="region" aria-labelledby="{name}">\n<table>\n'
        f'<caption id="{name}">{escape(table.caption)}</caption>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>{rows or nothing}</tbody>\n</table>\n</div>\n"
    )


TITLE = "Work between appointments: report"
ABOUT = (
    "Figures and groups of 7 people or fewer are hidden, and so are counts that would tell of so few by what they are"
    " part of in the same table. Other counts are exact: put beside other tables, files or reports of the same people"
    " they may still tell of few. Every figure stands under its definition, with its number in codebook/figures.csv and"
    " what it is out of."
)
MADE = (
    "By <code>python scripts/report.py</code> in the folder of the bundle, from its files alone; scripts/report.ipynb"
    " is the same step by step. p values and intervals of changes need scipy; everything else needs Python 3.11 and"
    " nothing else. Personal data in the sense of the law may be behind small differences: share it under the bundle’s"
    " own agreement."
)
STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;color:#212b32;background:#fff;margin:0}"
    "main{max-width:60rem;margin:0 auto;padding:1rem}h1{font-size:1.75rem;line-height:1.2}"
    "h2{font-size:1.35rem;margin-top:2.5rem;border-top:1px solid #aeb7bd;padding-top:1rem}"
    "p{max-width:44rem}a{color:#005eb8}.says{color:#425563}"
    ".wide,figure{overflow-x:auto;margin:1rem 0}table{border-collapse:collapse;font-size:.9rem}"
    "caption{text-align:left;font-weight:600;padding:.25rem 0}"
    "th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;border-bottom:1px solid #d8dde0}"
    "tbody th{font-weight:400}td{font-variant-numeric:tabular-nums}"
    "figure svg{width:100%;height:auto;display:block;font:13px system-ui,sans-serif;fill:#212b32}"
    ":focus-visible{outline:3px solid #ffeb3b;outline-offset:0;box-shadow:0 0 0 6px #212b32}"
    "@media print{main{max-width:none}.wide,figure{overflow:visible}section{break-inside:auto}"
    "h2,caption,thead{break-after:avoid}figure,tr{break-inside:avoid}figure svg{max-width:11cm!important}"
    "table{font-size:.75rem}nav{display:none}}"
)
