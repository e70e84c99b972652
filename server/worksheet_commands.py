"""`meantime worksheets`: check and list the definitions."""

import json
import sys
from dataclasses import asdict

import click

from server.config import Config
from server.worksheets.check import check_folder, check_own
from server.worksheets.folders import OWN, definitions, own_definitions
from server.worksheets.library import Library
from server.worksheets.listing import Row, rows


@click.group()
def worksheets() -> None:
    """Check and list the definitions of worksheets."""


@worksheets.command()
def check() -> None:
    """Check every definition, those in the data folder included; each error names file, line and field."""
    config = _config()
    problems = [*check_folder(config.worksheets), *check_own(config.data / OWN, config.worksheets)]
    for problem in problems:
        click.echo(str(problem), err=True)
    read = [*definitions(config.worksheets), *own_definitions(config.data / OWN, config.worksheets, ())]
    errors = sum(not problem.warning for problem in problems)
    click.echo(f"{len(read)} worksheets, {errors} errors, {len(problems) - errors} warnings")
    sys.exit(1 if errors or not read else 0)


@worksheets.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_them(as_json: bool) -> None:
    """List the newest version of every worksheet; reading age in years, over all of its text."""
    config = _config()
    shelf = Library.load(config.worksheets, allow_broken=True, own=config.data / OWN)
    listed = rows(shelf.all(), config.worksheets)
    if as_json:
        click.echo(json.dumps([asdict(row) for row in listed], indent=2, ensure_ascii=False))
        return
    click.echo(_line("Worksheet", "v", "Fields", "Min", "Age", "Languages", "Notes"))
    for row in listed:
        figures = (row.version, row.fields, row.minutes, row.reading_age)
        click.echo(_line(row.id, *figures, " ".join(row.languages), _notes(row)))
    click.echo(f"{len(listed)} worksheets")
    for problem in shelf.problems:
        click.echo(f"Left out: {problem}", err=True)


def _line(worksheet: str, *columns: object) -> str:
    version, fields, minutes, age, languages, notes = map(str, columns)
    return f"{worksheet:46} {version:>2} {fields:>6} {minutes:>4} {age:>5}  {languages:11} {notes}".rstrip()


def _notes(row: Row) -> str:
    notes = {
        "asks about risk": row.asks_about_risk,
        "staff entry only": row.needs_procedure,
        "therapists": row.agreed_by == "therapist",
        "imported": row.imported,
    }
    return ", ".join(note for note, holds in notes.items() if holds)


def _config() -> Config:
    config = Config.from_env()
    config.refuse_no_worksheets()
    return config
