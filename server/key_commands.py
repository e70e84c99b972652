"""`meantime keys` and `meantime erase`: change keys while the service goes on, and destroy one client's for good."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from uuid import UUID

import click
from flask import current_app

from server import clock, create_app, installation, startup
from server.config import Config
from server.errors import CannotStart
from server.extensions import atomic, db, using
from server.people import rotating
from server.sealing import add_service_key, drop_service_key, hold, ring
from server.signing import BUNDLE, public_key

AT_ONCE = 100  # owners wrapped anew in one transaction


@click.group()
def keys() -> None:
    """Change the service key; what is under which."""


@keys.command()
def show() -> None:
    """Say how many clients and services are under which service key, and how much is still to be sealed anew."""
    with _open():
        counts = rotating.wrapped_under()
        for name in sorted({*ring().wrapping, *counts}):
            current = ", the current one" if name == ring().current else ""
            gone = "" if name in ring().wrapping else ", which is not in the key file"
            click.echo(f"{name}: {counts.get(name, 0)}{current}{gone}")
        click.echo(f"To be sealed anew: {len(rotating.turning(1_000_000))}. Erased: {len(ring().erased)}.")


@keys.command()
def bundle() -> None:
    """Print the public key that bundles for research are signed with: give it to whoever gets one."""
    with _open():
        click.echo(public_key(ring(), BUNDLE), nl=False)


@keys.command()
def rotate() -> None:
    """Make a new service key and put everybody under it, while the service goes on. One that broke off goes on."""
    with _open() as config:
        behind = rotating.behind()
        if behind:
            click.echo(f"An earlier change to {ring().current} was not finished: it goes on.")
        else:
            hold(current_app, add_service_key(config.key_file, clock.now()))
            behind = rotating.behind()
        for some in _batches(behind):
            with atomic():
                for kind, owner_id in some:
                    rotating.wrap_anew(kind, owner_id, clock.now())
        with atomic():
            rotating.note_rotation(now=clock.now())
        click.echo(f"{len(behind)} clients and services are under {ring().current}; new words under new keys.")
        click.echo("Older ones are sealed anew in the hours to come by meantime serve, or now by meantime keys reseal.")
        click.echo("Keep the new sheet, and the old one for as long as you keep copies made before today.\n")
        click.echo(installation.recovery_sheet(config.key_file))


@keys.command()
def reseal() -> None:
    """Seal anew by hand what is still under the keys before; the first pass. An hour later a second lets those go."""
    with _open():
        began, rows = monotonic(), 0
        for kind, owner_id in rotating.turning(1_000_000):
            with atomic():
                rows += rotating.seal_anew(kind, owner_id, clock.now())
        click.echo(f"{rows} rows sealed anew in {monotonic() - began:.0f} s.")


@keys.command()
def check() -> None:
    """Open everything that is sealed; exit code 1 when something was changed or was moved from another row."""
    broken = 0
    with _open():
        everybody = rotating.owners()
        for kind, owner_id in everybody:
            for one in rotating.what_does_not_open(kind, owner_id):
                click.echo(f"Does not open: {one}.")
                broken += 1
            db.session.rollback()
    click.echo(f"Of {len(everybody)} clients and services {broken} sealed values do not open.")
    sys.exit(broken > 0)


@keys.command()
@click.argument("name")
def retire(name: str) -> None:
    """Take a service key out of the key file. Copies of the database made before the change open never again."""
    with _open() as config:
        if name not in ring().wrapping:
            raise CannotStart(f"There is no key {name} in {config.key_file}.")
        if name == ring().current or rotating.wrapped_under().get(name):
            raise CannotStart(f"{name} is in use: run meantime keys rotate first.")
        until = (ring().rotated or clock.now() - rotating.LET_GO) + rotating.LET_GO
        if clock.now() < until:
            raise CannotStart(f"Somebody may still be writing under {name}: come again after {until:%H:%M} UTC.")
        drop_service_key(config.key_file, name)
        click.echo(f"{name} is gone from {config.key_file}: destroy the old recovery sheet too.")


@click.command()
@click.argument("client_id", type=click.UUID)
@click.option("--yes", is_flag=True, help="Do not ask again.")
def erase(client_id: UUID, yes: bool) -> None:
    """Destroy a client's key: what was written by and about them opens never again, nor does a copy put back."""
    with _open() as config:
        who = installation.erasable(client_id)
        if not yes:
            click.echo(who)
            click.confirm("Nothing of this client can be read again by anybody. Go on?", abort=True)
        left = installation.erase(client_id, config.key_file)
        click.echo(
            f"Erased: {client_id}. The key file says so: keep that version of it, and this database's next copy."
        )
        say_what_lies_still(left)
        click.echo("Who has an older copy of the database, or PostgreSQL's log from before, and a key file, this one")
        click.echo("too, could still open it with a program of their own: destroy those copies, or run")
        click.echo("meantime keys rotate, and an hour later meantime keys retire, which ends all older copies.")


def say_what_lies_still(tables: list[str]) -> None:
    """Of what was erased, in the files of these tables: others used them all the while."""
    if tables:
        click.echo("The database was busy, and some of what was erased lies in its files still. When it is quiet,")
        click.echo(f"run in psql: VACUUM FULL {', '.join(tables)}.")


@contextmanager
def _open() -> Iterator[Config]:
    config = Config.from_env()
    startup.refuse_old_schema(config)
    with using(create_app(config)):
        yield config


def _batches(owners: list) -> Iterator[list]:
    return (owners[start : start + AT_ONCE] for start in range(0, len(owners), AT_ONCE))
