"""The command line. Whatever the operator can mend is one sentence on stderr and exit code 2, never a traceback."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import click
import flask_migrate
from flask import Flask
from sqlalchemy.exc import OperationalError

from server import (
    clock,
    copies,
    create_app,
    demo,
    doctor,
    installation,
    jobs,
    queueing,
    quiet,
    serving,
    startup,
)
from server import worker as working
from server.audit_commands import audit
from server.config import SETTINGS, Config, ConfigError
from server.demo import synthetic
from server.errors import CannotStart, Refused
from server.extensions import atomic, db, using
from server.key_commands import erase, keys, say_what_lies_still
from server.people import actions as people
from server.people.codes import spell
from server.research import export as research
from server.research.actions import built
from server.research.bundle import target_of
from server.research.part_process import step_back
from server.research.parts import usual_processes
from server.research.tables import left_out
from server.research.trouble import CannotBuild
from server.sealing import read_key_file
from server.worksheet_commands import worksheets
from server.worksheets.folders import OWN

AFTER_RESTORING = (
    "A new epoch began: phones send again what they still hold when they next come by, and staff sign in anew."
    "\nA phone or an account that was removed after the copy was made is back: remove it again."
    "\nIf the service key was changed after it, run meantime keys reseal. Which research bundles were released, fetched"
    "\nor asked back after it is not known here any more: ask who fetched one since."
)

# A day or a moment, as people type it and as a manifest has it.
MOMENTS = ["%Y-%m-%d", *(f"%Y-%m-%d{by}%H:%M:%S{more}" for by in "T " for more in ("", "%z", ".%f", ".%f%z"))]
DAY_ALONE = "--day is for --clients: the demonstration without it ends today. Nothing was made."

SEALED_HASHES = "0031"  # the version of the database that sealed the hashes of what phones sent


class Sentences(click.Group):
    """A group of commands whose refusals are sentences; a bug still shows itself."""

    def invoke(self, ctx: click.Context):
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except (CannotStart, ConfigError, CannotBuild) as refusal:
            click.echo(str(refusal), err=True)
        except Refused as refusal:
            click.echo(refusal.message, err=True)
        sys.exit(2)


@click.group(cls=Sentences)
@click.version_option(package_name="meantime")
def main() -> None:
    """Meantime: what people agree to do between therapy appointments."""


@main.command()
@click.option("--demo", "as_demo", is_flag=True, help="Serve the demonstration; make it where there is none yet.")
def serve(as_demo: bool) -> None:
    """Answer phones and staff on one port, and look for due reminders."""
    config = Config.from_env()
    if as_demo:
        config = replace(config, demo=True)
    startup.refuse_unsafe(config)
    startup.prepare(config)
    if not as_demo:
        startup.refuse_old_schema(config)
    app = create_app(config)
    greeting = show_demo(app, config) if as_demo else ""
    quiet.start()
    serving.listen(app, config, lambda: click.echo(f"Meantime answers at {config.base_url}\n{greeting}"))


@main.command()
def worker() -> None:
    """Plan and send on PostgreSQL, taking jobs beside other workers; start as many as needed, on any machine."""
    config = Config.from_env()
    if config.is_sqlite:
        raise CannotStart("On SQLite meantime serve looks for due reminders by itself: workers need PostgreSQL.")
    startup.refuse_unsafe(config)
    startup.refuse_old_schema(config)
    app = create_app(config)
    with app.app_context():
        queueing.refuse_old_tables(db.engine)
    quiet.start()
    click.echo("This worker takes jobs now.")
    working.work(app)


@main.command("demo")
@click.option("--clients", type=int, help="Instead, whole synthetic services of so many people (docs/synthetic.md).")
@click.option("--seed", type=int, default=demo.SEED, help="The same number makes the same data.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="With --clients: the day the data ends; today.")
def fill_demo(clients: int | None, seed: int, day: datetime | None) -> None:
    """Fill an empty database with a believable service: people, 12 weeks of appointments, work and reminders."""
    if day is not None and clients is None:
        raise Refused("bad-input", DAY_ALONE)
    config = Config.from_env()
    startup.prepare(config)
    app = create_app(config)
    bring_up(app)
    with app.app_context():
        if clients is not None:
            click.echo(fill_synthetic(config, clients, seed, day))
            return
        demo.keep_sign_in(config.data, demo.fill(now=clock.now(), seed=seed).sign_ins)
        click.echo(_how_to_get_in(config))


@main.command()
@click.option("--service", "service_name", default="Our service", help="Name of the organisation.")
@click.option("--name", default="First administrator", help="Name of the first account's owner.")
@click.option("--sign-in-name", default="admin", help="What they sign in with.")
def install(service_name: str, name: str, sign_in_name: str) -> None:
    """Make keys, tables, the service and the first account; print its password and the recovery sheet."""
    config = Config.from_env()
    startup.prepare(config)
    app = create_app(config)
    bring_up(app)
    with app.app_context():
        password = installation.begin(service_name=service_name, name=name, sign_in_name=sign_in_name)
    click.echo(installation.recovery_sheet(config.key_file))
    click.echo(f"\nSign in at {config.base_url}/staff/ as {sign_in_name} with the password {password}")
    click.echo("It is shown this once, and has to be changed at the first sign-in.")


@main.command()
@click.option("--out", required=True, type=click.Path(path_type=Path), help="File to make; it may not be there yet.")
def backup(out: Path) -> None:
    """Copy the whole database into one file, while it is used. The keys are not in it: keep them elsewhere."""
    config = Config.from_env()
    startup.refuse_old_schema(config)
    size = copies.write(config, out)
    with using(create_app(config)):
        installation.note_copy(size)
    click.echo(f"{out}: {size:,} bytes. Without the key file {config.key_file} nobody can read what people wrote.")
    if (config.data / OWN).is_dir():
        click.echo(f"The worksheets of your own in {config.data / OWN} are not in it: copy that folder too.")


@main.command()
@click.argument("copy", type=click.Path(path_type=Path))
def restore(copy: Path) -> None:
    """Put a copy in the place of the database, and start a new epoch, so that phones send again what they hold."""
    config = Config.from_env()
    read_key_file(config.key_file)  # else a missing one would be made anew, and open nothing
    copies.refuse_in_use(config)
    with copies.staged(config, copy) as staged:
        copies.opens(staged)
        app = create_app(staged)
        bring_up(app)
        with using(app):
            installation.start_new_epoch()
        former = copies.settle(config, clock.now())
    click.echo(f"{copy} is the database now{f'; the one before is {former}' if former else ''}.")
    click.echo(AFTER_RESTORING)


@main.command()
def restored() -> None:
    """After a database was put back by other means than meantime restore: do what that does besides."""
    config = Config.from_env()
    startup.refuse_old_schema(config)
    with using(create_app(config)):
        left = installation.start_new_epoch()
    click.echo(AFTER_RESTORING)
    say_what_lies_still(left)


@main.command()
def migrate() -> None:
    """Bring the database to this version, and say so."""
    config = Config.from_env()
    startup.prepare(config)
    before = startup.revision(config)
    bring_up(create_app(config))
    now = startup.newest_revision()
    went = "" if before == now else f"went from {before or 'nothing'} to"
    click.echo(f"The database {went or 'is at'} {now}.")
    if not config.is_sqlite and before and before < SEALED_HASHES:
        click.echo("Hashes that lay in the open are sealed now. The old ones, and samples of wrapped keys, lie in the")
        click.echo("database's files until, when it is quiet, you run in psql:")
        click.echo("VACUUM FULL client, revision, quarantined, pg_statistic;")


@main.command()
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to make; it may not be there yet.")
@click.option("--as-of", type=click.DateTime(MOMENTS), help="Moment the figures are as of, in UTC; now, if left out.")
@click.option("--project", default="local", help="Project whose names for people are used.")
@click.option("--basis", help="Lawful basis to include who was not asked; written down. Who said no is never in it.")
@click.option("--zip", "zipped", is_flag=True, help="Make OUT.zip instead of a folder.")
@click.option(
    "--previous",
    type=click.Path(path_type=Path),
    help="The bundle released last: CHANGES.md compares with it.",
)
@click.option(
    "--processes", type=click.IntRange(1), help="How many write at once, on PostgreSQL; cores less one, up to 4."
)
def export(
    out: Path,
    as_of: datetime | None,
    project: str,
    basis: str | None,
    zipped: bool,
    previous: Path | None,
    processes: int | None,
) -> None:
    """Write a de-identified bundle for research, with its codebook and a manifest."""
    config = Config.from_env()
    startup.refuse_old_schema(config)
    step_back()
    several = processes or usual_processes()
    moment = as_of and (as_of.astimezone(UTC) if as_of.tzinfo else as_of.replace(tzinfo=UTC))
    with using(create_app(config)), _progress_bar("Clients") as bar:
        manifest = research.export(
            out,
            now=clock.now(),
            as_of=moment,
            project=project,
            basis=basis,
            zip=zipped,
            previous=previous,
            progress=_progress(bar),
            processes=several if several > 1 else 0,
        )
        with atomic():
            built(manifest=manifest, by="operator", now=clock.now())
    kept_out = ", ".join(f"{why} {count}" for why, count in manifest.for_bundle()["excluded"].items())
    click.echo(f"{target_of(out, zipped)}: {manifest.clients} clients (left out, to the nearest 5: {kept_out})")
    for file in manifest.files:
        click.echo(f"  {file.path}")
    for sentence in left_out():
        click.echo(sentence, err=True)


@main.command()
def tick() -> None:
    """Look once for due reminders, by hand: plan, send, chain the audit, and say what came of it."""
    config = Config.from_env()
    startup.refuse_old_schema(config)
    with using(create_app(config)):
        planned = jobs.plan_reminders(clock.now())
        outcomes = jobs.send_due_reminders(clock.now())
        chained = jobs.chain_audit(clock.now())
    sent = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items())) or "none due"
    click.echo(f"Planned {planned}; sent: {sent}; {chained} audit events chained.")


@main.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def look_over(as_json: bool) -> None:
    """Look the installation over; exit code 1 when something is refused."""
    config = Config.from_env()
    findings = doctor.examine(config)
    if as_json:
        settings = {setting.name: setting.meaning for setting in SETTINGS}
        click.echo(json.dumps({"settings": settings, "findings": [asdict(one) for one in findings]}, indent=2))
    for finding in [] if as_json else findings:
        click.echo(f"{finding.state:8} {finding.check:14} {finding.sentence}")
    sys.exit(any(finding.state == doctor.REFUSED for finding in findings))


main.add_command(worksheets)
main.add_command(audit)
main.add_command(keys)
main.add_command(erase)


def bring_up(app: Flask) -> None:
    """Run the migrations that are missing. `CannotStart` when the database refuses."""
    try:
        with using(app):
            flask_migrate.upgrade()
            if db.engine.dialect.name == "postgresql":
                queueing.bring_up(db.engine)
    except OperationalError as wrong:
        raise CannotStart(f"The database cannot be brought up to date: {wrong.orig}.") from wrong


def show_demo(app: Flask, config: Config) -> str:
    """Make the demonstration where there is none, and say how to get in."""
    bring_up(app)
    with app.app_context():
        if not people.how_many_services():
            click.echo("Making the demonstration …")
            demo.keep_sign_in(config.data, demo.fill(now=clock.now()).sign_ins)
        elif not demo.kept_sign_in(config.data):
            raise CannotStart(f"What is in {config.data} is no whole demonstration: delete it and start again.")
        return _how_to_get_in(config)


def fill_synthetic(config: Config, clients: int, seed: int, day: datetime | None) -> str:
    """Make synthetic services up to the beginning of a day, and say what they are and how to get in."""
    until = min(day.replace(tzinfo=UTC), clock.now()) if day else clock.now().replace(hour=0, minute=0, second=0)
    until = until.replace(microsecond=0)
    with _progress_bar("Clients") as bar:
        sign_ins = synthetic.fill_synthetic(clients=clients, seed=seed, until=until, progress=_progress(bar))
    lines = [f"{clients:,} SYNTHETIC people up to {until:%Y-%m-%d}, seed {seed}: none of them is real."]
    lines += [f"  {one.sign_in_name:18} {one.password}   {one.name}" for one in sign_ins]
    kept = demo.keep_sign_in(config.data, sign_ins)
    return "\n".join([*lines, f"  These sign-ins are kept in {kept}"])


def _how_to_get_in(config: Config) -> str:
    client, code = demo.pairing_code(now=clock.now())
    lines = ["Demonstration: no real people.", "", f"  Staff   {config.base_url}/staff/"]
    for one in demo.kept_sign_in(config.data):
        lines.append(f"          {one.sign_in_name:8} {one.password}   {one.name}, {one.roles}")
    lines += [f"  Phone   {config.base_url}/#pair={spell(code)}", f"          pairs one more phone of {client}"]
    lines.append(f"  This sign-in is kept in {config.data / demo.SIGN_IN}")
    return "\n".join(lines)


def _progress_bar(label: str):
    """How many are done, how many a second and how much time is left; nothing where nobody looks on."""
    return click.progressbar(
        length=1, label=label, file=sys.stderr, hidden=not sys.stderr.isatty(), show_pos=True, item_show_func=_said
    )


def _said(rate: str | None) -> str:
    return rate or ""


def _progress(bar) -> Callable[[int, int], None]:
    def show(done: int, of: int) -> None:
        bar.length = of
        bar.update(done - bar.pos, f"{1 / bar.time_per_iteration:,.0f} a second" if bar.time_per_iteration else "")

    return show
