"""The command line. Whatever the operator can mend is one sentence on stderr and exit code 2, never a traceback."""

import json
import logging
import signal
import sys
from dataclasses import asdict

import click
import flask_migrate
import waitress
from flask import Flask
from sqlalchemy.exc import OperationalError

from server import clock, create_app, doctor, installation, jobs, log_to_stderr, startup
from server.config import SETTINGS, Config, ConfigError
from server.errors import CannotStart, Refused
from server.worksheets.check import check_folder
from server.worksheets.library import Library, definitions

BODY_LIMIT = 5 * 1024 * 1024  # a little over what the application itself refuses with a sentence


class Sentences(click.Group):
    """A group of commands whose refusals are sentences; a bug still shows itself."""

    def invoke(self, ctx: click.Context):
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except (CannotStart, ConfigError) as refusal:
            click.echo(str(refusal), err=True)
        except Refused as refusal:
            click.echo(refusal.message, err=True)
        sys.exit(2)


@click.group(cls=Sentences)
@click.version_option(package_name="meantime")
def main() -> None:
    """Meantime: what people agree to do between therapy appointments."""


@main.command()
def serve() -> None:
    """Answer phones and staff on one port, and look for due reminders."""
    config = Config.from_env()
    startup.refuse_unsafe(config)
    startup.prepare(config)
    startup.refuse_old_schema(config)
    listen(create_app(config), config)


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
def restored() -> None:
    """After a restore from a copy: start a new epoch, so that phones send again what they hold."""
    config = Config.from_env()
    startup.refuse_old_schema(config)
    with create_app(config).app_context():
        installation.start_new_epoch()
    click.echo("A new epoch began: phones send again what they still hold when they next come by.")


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


@main.command()
def tick() -> None:
    """Look once for due reminders, by hand: plan, send, chain the audit, and say what came of it."""
    config = Config.from_env()
    startup.refuse_old_schema(config)
    with create_app(config).app_context():
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


@main.group()
def worksheets() -> None:
    """Check and list the definitions of worksheets."""


@worksheets.command()
def check() -> None:
    """Check every definition; each error names file, line and field."""
    folder = Config.from_env().worksheets
    problems = check_folder(folder)
    for problem in problems:
        click.echo(str(problem), err=True)
    read, errors = definitions(folder), sum(not problem.warning for problem in problems)
    click.echo(f"{len(read)} worksheets, {errors} errors, {len(problems) - errors} warnings")
    sys.exit(1 if errors or not read else 0)


@worksheets.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_them(as_json: bool) -> None:
    """List the newest version of every worksheet."""
    shelf = Library.load(Config.from_env().worksheets, allow_broken=True).all()
    rows = [{"id": one.id, "version": one.version, "title": one.title} for one in shelf]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    for row in [] if as_json else rows:
        click.echo(f"{row['id']:45} v{row['version']}  {row['title']}")


def bring_up(app: Flask) -> None:
    """Run the migrations that are missing. `CannotStart` when the database refuses."""
    try:
        with app.app_context():
            flask_migrate.upgrade()
    except OperationalError as wrong:
        raise CannotStart(f"The database cannot be brought up to date: {wrong.orig}.") from wrong


def listen(app: Flask, config: Config) -> None:
    """Answer until we are told to stop; requests under way are finished first."""
    log_to_stderr()
    logging.getLogger("alembic").setLevel(logging.WARNING)  # else it says its word at each /readyz
    try:
        server = waitress.create_server(app, **_options(config))
    except OSError as wrong:
        raise startup.refused_address(config, wrong) from wrong
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    click.echo(f"Meantime answers at {config.base_url} (staff: {config.base_url}/staff/). Stop it with Ctrl-C.")
    server.run()


def _options(config: Config) -> dict[str, object]:
    options: dict[str, object] = {
        "host": config.host,
        "port": config.port,
        "threads": config.threads,
        "ident": None,
        "max_request_body_size": BODY_LIMIT,
    }
    if config.is_behind_proxy:
        # Only then is the caller's own address in these headers, and nobody else can have written them.
        options |= {
            "trusted_proxy": "127.0.0.1",
            "trusted_proxy_count": 1,
            "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
            "clear_untrusted_proxy_headers": True,
        }
    return options
