"""`meantime audit`: keep the newest links elsewhere, and prove that nothing before them was changed."""

import sys
from pathlib import Path

import click

from server import clock, create_app, jobs, startup
from server.audit.kept_heads import read_heads, write_heads
from server.audit.queries import check_chains, heads
from server.audit.rules import said_of
from server.config import Config
from server.errors import CannotStart
from server.extensions import using
from server.sealing import ring


@click.group()
def audit() -> None:
    """Who saw or did what: a chain of hashes, its newest links to keep elsewhere, and the proof."""


@audit.command()
def head() -> None:
    """Print the newest link of every chain, signed. Keep it where nobody who holds this machine can change it."""
    config = Config.from_env()
    startup.refuse_old_schema(config)
    with using(create_app(config)):
        jobs.chain_audit(clock.now())
        click.echo(write_heads(heads(), ring(), clock.now()))


@audit.command()
@click.option(
    "--head",
    "kept",
    multiple=True,
    type=click.Path(path_type=Path),
    help="What meantime audit head printed earlier; can be given more than once. Shows a tail that was cut off.",
)
def verify(kept: tuple[Path, ...]) -> None:
    """Walk every chain; exit code 1 when one was changed, cut or put in another order."""
    config = Config.from_env()
    startup.refuse_old_schema(config)
    with using(create_app(config)):
        verdicts = check_chains(kept=read_heads([(str(path), _read(path)) for path in kept], ring()))
    for service_id, verdict in verdicts.items():
        click.echo(said_of(service_id, verdict))
    if not kept:
        click.echo("A tail that was cut off shows only against a head that was kept elsewhere: --head FILE.")
    sys.exit(any(not verdict.whole for verdict in verdicts.values()))


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        raise CannotStart(f"{path} cannot be read.") from wrong
