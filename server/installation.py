"""Begins an installation: its epoch, its service, the first account, and the sheet from which keys are put back."""

from pathlib import Path
from textwrap import fill

from server import clock
from server.audit import actions as audit
from server.errors import CannotStart
from server.extensions import atomic
from server.people import actions as people

FIRST_ROLES = ["administrator", "service_lead", "practitioner"]


def begin(*, service_name: str, name: str, sign_in_name: str) -> str:
    """Add the service and its first account. Returns the random password, which is kept nowhere.

    `CannotStart` when there is a service already: a second one is added by its administrator.
    """
    now = clock.now()
    with atomic():
        if people.how_many_services():
            raise CannotStart(
                "This installation has a service already: sign in, or give this one a database of its own."
            )
        people.new_epoch(why="install", now=now)
        service = people.add_service(name=service_name, by="operator", now=now)
        _, password = people.add_practitioner(
            service=service, name=name, sign_in_name=sign_in_name, roles=FIRST_ROLES, by="operator", now=now
        )
    return password


def start_new_epoch() -> None:
    """After a restore from a copy: phones send again what they still hold, and pull from the beginning.

    Whoever of the staff was signed in when the copy was made is not any more: some of them were signed out since.
    """
    now = clock.now()
    with atomic():
        people.new_epoch(why="restored", now=now)
        people.end_staff_sessions(now=now)


def note_copy(size: int) -> None:
    """Write down that a copy of everything was made, and how large."""
    with atomic():
        audit.record("copy.made", by="operator", detail={"bytes": size}, now=clock.now())


def recovery_sheet(key_file: Path) -> str:
    """What to print and lock away: the whole key file, and how to put it back."""
    how = fill(
        "Print this sheet and keep it locked away, apart from copies of the database. Whoever has both can read"
        " everything; without it a lost key file means that nothing can be read again. To put the keys back, type"
        f" the lines between the rules into {key_file} and let nobody but Meantime's account read it.",
        width=90,
    )
    rule = "-" * 90
    return f"RECOVERY SHEET\n\n{how}\n\n{rule}\n{key_file.read_text('utf-8').strip()}\n{rule}"
