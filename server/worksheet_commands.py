"""`meantime worksheets`: check, list and translate the definitions."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from server.config import Config
from server.errors import CannotStart
from server.fhir.files import already_here, free_place, keep, write_out
from server.fhir.importing import Unreadable, imported_definition, parsed
from server.measures.imported import take_text
from server.measures.library import Measures, folder_of
from server.worksheets import reading
from server.worksheets.check import check_folder, check_own, hashes
from server.worksheets.folders import OWN, files_in, published_in
from server.worksheets.library import Library
from server.worksheets.listing import Row, rows
from server.worksheets.structure import schema_at
from server.worksheets.translations import faults, file_of, filled_up, is_language, problems_in, read_translation


@click.group()
def worksheets() -> None:
    """Check, list, publish, translate, export and import the definitions of worksheets."""


@worksheets.command()
def check() -> None:
    """Check every definition, those in the data folder included; each error names file, line and field."""
    config = _config()
    shelf = _shelf(config)
    problems = [*check_folder(config.worksheets), *check_own(config.data / OWN, config.worksheets)]
    for folder in (config.worksheets, config.data / OWN):
        problems += problems_in(folder, shelf.every())
    for problem in problems:
        click.echo(str(problem), err=True)
    files = [*files_in(config.worksheets), *files_in(config.data / OWN)]
    errors = sum(not problem.warning for problem in problems)
    click.echo(f"{len(files)} worksheets, {errors} errors, {len(problems) - errors} warnings")
    sys.exit(1 if errors or not files else 0)


@worksheets.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_them(as_json: bool) -> None:
    """List the newest version of every worksheet; reading age in years, over all of its text."""
    config = _config()
    shelf = _shelf(config)
    listed = rows(shelf.all(), config.worksheets, config.data / OWN)
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


@worksheets.command()
@click.argument("language")
@click.argument("worksheet_id", metavar="ID")
@click.option("--renew", multiple=True, metavar="KEY", help="This text was mended after its English changed.")
def translate(language: str, worksheet_id: str, renew: tuple[str, ...]) -> None:
    """Write or fill up the translation of a worksheet: every text with its English beside it, for somebody to fill in.

    ID is like low-intensity-cbt/worry-time. What was translated before stays.
    """
    config = _config()
    shelf = _shelf(config)
    worksheet = shelf.newest(worksheet_id)
    if worksheet is None or not is_language(language):
        raise click.ClickException("Name a language, like cy, and a worksheet of `meantime worksheets list`.")
    ships = (config.worksheets / f"{worksheet.key}.yaml").exists()
    if worksheet.imported:
        raise click.ClickException("An instrument from elsewhere is not translated here: import its official text.")
    path = file_of(config.worksheets if ships else config.data / OWN, language, worksheet)
    try:
        old = read_translation(path)[0] if path.exists() else None
    except reading.Unreadable as wrong:
        raise click.ClickException(f"{path}:{wrong.line}: {wrong.message}") from None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(filled_up(worksheet, language, old, renew), encoding="utf-8")
    found = [code for _, code, _ in faults(worksheet, read_translation(path)[0])]
    click.echo(f"{path}: {found.count('missing')} to write, {found.count('stale')} stale")


@worksheets.command()
def publish() -> None:
    """Write the hash of each new worksheet into published.json: from then on its file cannot change."""
    config = _config()
    wrong = [one for one in check_folder(config.worksheets) if not one.warning]
    for problem in wrong:
        click.echo(str(problem), err=True)
    if wrong:
        raise click.ClickException("Nothing was published: mend what is named above first.")
    published, found = published_in(config.worksheets), hashes(config.worksheets)
    new = sorted(set(found) - set(published))
    text = json.dumps(dict(sorted({**published, **found}.items())), indent=2) + "\n"
    (config.worksheets / "published.json").write_text(text, encoding="utf-8")
    click.echo("\n".join(new) or "Every worksheet was published before.")


@worksheets.command("export")
@click.argument("ids", nargs=-1)
@click.option("--fhir", "as_fhir", is_flag=True, help="As FHIR R4 Questionnaires: the one format there is.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to write to.")
def export_them(ids: tuple[str, ...], as_fhir: bool, out: Path) -> None:
    """Write worksheets out, those of the IDS or all of them: the newest version, one file each."""
    if not as_fhir:
        raise CannotStart("Say in which format: meantime worksheets export --fhir --out FOLDER.")
    config = _config()
    shelf = _shelf(config)
    found = {one.id: one for one in shelf.all()}
    for unknown in [one for one in ids if one not in found]:
        raise CannotStart(f"There is no worksheet {unknown}: meantime worksheets list shows what there is.")
    written = write_out([found[one] for one in ids] if ids else list(found.values()), out)
    click.echo(f"{len(written)} Questionnaires in {out}")


@worksheets.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--risk", multiple=True, metavar="LINKID", help="A question that asks about risk, as the clinician said.")
@click.option("--risk-answered-by", help="The clinician who said of every question whether it asks about risk.")
@click.option("--as-measure", metavar="ID", help="The file is the text of this measure, like phq-9: check it as such.")
def import_them(
    files: tuple[Path, ...], risk: tuple[str, ...], risk_answered_by: str | None, as_measure: str | None
) -> None:
    """Take FHIR R4 Questionnaires over as worksheets of this service's own; refuse with every reason.

    Nothing is asked. Unless a clinician is named who said which questions ask about risk, only staff fill it in.
    """
    if as_measure:
        taken = [_import_text(path, _config(), as_measure) for path in files]
        sys.exit(0 if all(taken) else 1)
    if risk and not risk_answered_by:
        raise CannotStart("Name the clinician who said what asks about risk: --risk-answered-by NAME.")
    config = _config()
    marked = risk if risk_answered_by else None
    taken = [_import_one(path, config, marked, risk_answered_by) for path in files]
    if any(taken):
        click.echo("Start meantime serve again to offer what is new.")
    sys.exit(0 if all(taken) else 1)


def _import_text(path: Path, config: Config, measure_id: str) -> bool:
    """Keep the text of a measure, once it is checked against its scorer."""
    measure = Measures.load(folder_of(config)).newest(measure_id)
    if measure is None:
        raise CannotStart(f"There is no measure {measure_id}: Administration lists what there is.")
    resource = _parsed(path)
    if resource is None:
        return False
    found = take_text(measure, resource, config.data, schema_at(config.worksheets))
    for said in found.refused:
        click.echo(f"{path}: {said}", err=True)
    if found.already:
        click.echo(f"{path}: already here as {found.already}")
    if found.kept:
        who = "only staff until a response procedure is recorded" if measure.risk_items else "clients too"
        click.echo(f"{path}: {found.kept}. Who may fill it in: {who}.")
        click.echo("Start meantime serve again to offer it as a task, and to show it beside the boxes for scores.")
    for said in found.to_look_at:
        click.echo(f"  {said}")
    return not found.refused


def _parsed(path: Path) -> Any:
    """The JSON of a file; None, and said why, where it is none."""
    try:
        found = parsed(path.read_bytes())
        return {} if found is None else found  # null is read, and is no Questionnaire
    except Unreadable as wrong:
        click.echo(f"{path}: {wrong}", err=True)
        return None
    except OSError as wrong:
        raise CannotStart(f"{path} cannot be read: {(wrong.strerror or str(wrong)).lower()}.") from wrong


def _import_one(path: Path, config: Config, risk: tuple[str, ...] | None, answered_by: str | None) -> bool:
    resource = _parsed(path)
    if resource is None:
        return False
    worksheet_id, version = free_place(config.data, resource if isinstance(resource, dict) else {})
    found = imported_definition(
        resource,
        worksheet_id=worksheet_id,
        version=version,
        schema=schema_at(config.worksheets),
        risk=risk,
        answered_by=answered_by,
    )
    for said in found.refused:
        click.echo(f"{path}: {said}", err=True)
    if found.definition is None:
        click.echo(f"{path}: refused, {len(found.refused)} reasons", err=True)
        return False
    if here := already_here(config.data, found.definition):
        click.echo(f"{path}: already here as {here}")
        return True
    kept = keep(config.data, found.definition, resource)
    click.echo(f"{path}: {kept}" + (", staff entry only" if found.definition.get("staff_entry") else ""))
    for said in found.kept:
        click.echo(f"  only in the source: {said}")
    return True


def _line(worksheet: str, *columns: object) -> str:
    version, fields, minutes, age, languages, notes = map(str, columns)
    return f"{worksheet:46} {version:>2} {fields:>6} {minutes:>4} {age:>5}  {languages:11} {notes}".rstrip()


def _notes(row: Row) -> str:
    notes = {
        "asks about risk": row.asks_about_risk,
        "staff entry only": row.staff_entry,
        "needs a response procedure": row.needs_procedure,
        "therapists": row.agreed_by == "therapist",
        "imported": row.imported,
    }
    return ", ".join(note for note, holds in notes.items() if holds)


def _shelf(config: Config) -> Library:
    """What can be read of both folders."""
    return Library.load(config.worksheets, allow_broken=True, own=config.data / OWN)


def _config() -> Config:
    config = Config.from_env()
    config.refuse_no_worksheets()
    return config
