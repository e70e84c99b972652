"""What the tick does, one step at a time, with no timer inside: each also runs by hand and in tests."""

import logging
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from flask import current_app

from server import dispatching, lifeline, mail
from server.audit import actions as audit
from server.config import Config
from server.engagement.actions import roll_forward, running_short
from server.extensions import atomic
from server.people import rotating
from server.reminders import alarms, vitals
from server.reminders.actions import forget_ended
from server.reminders.channels import CHANNELS, PUSH
from server.reminders.senders import Nowhere, Sender
from server.reminders.senders.own import senders
from server.reminders.ways import set_up
from server.research import building
from server.safety import escalating
from server.sealing import ring
from server.totals import actions as totals
from server.totals import queries as total_queries

log = logging.getLogger(__name__)

LONGEST_LOOK = 60  # seconds: a push service that hangs, and then some
LAID_AT_ONCE = 100
WAITING = "Meantime: a flag waits"
COUNT_AGAIN = timedelta(minutes=55)  # the hourly look comes a little early or late
stopping = threading.Event()  # set when this process is told to end: nothing more is begun
SEALED_AT_ONCE = 500
SEALING_SECONDS = 20  # an hour: nobody who waits for a page or a push is held up for long
CHAIN_ROUNDS = 50  # at most so many batches of the audit in one tick


def say_alive(now: datetime) -> bool:
    """Tell whoever listens elsewhere that reminders go out; silence is the alarm. Whether anything was told.

    Nothing is told while something keeps them from going out (`vitals.troubles`). Whoever listens is not waited for.
    """
    address = current_app.config["MEANTIME"].signal_url
    if not address:
        return False
    if trouble := vitals.troubles(now):
        log.error("ALARM: the signal is held back. %s", " ".join(alarms.of_troubles(trouble)))
        return False
    return lifeline.signal_beside(address)


def plan_reminders(now: datetime) -> int:
    """Lay out the reminders of the next 48 hours. Returns how many are new."""
    new = dispatching.plan(now)
    went_well(vitals.PLAN, now)
    return new


def send_due_reminders(now: datetime, sender: Sender | None = None, most: int | None = None) -> Counter[str]:
    """Send whatever is due, or at most so many, by each way beside the others. Returns how many came to what."""
    counts = _send_by_each_way(now, most) if sender is None else _send_by(sender, now, most)
    went_well(vitals.DISPATCH, now)
    return counts


def went_well(step: str, now: datetime) -> None:
    """Keep that this step went well just now: what the signal and the doctor look for."""
    with atomic():
        vitals.beat(step, now)


def _send_by(sender: Sender, now: datetime, most: int | None) -> Counter[str]:
    return dispatching.dispatch(now, sender, most=most, told_to_stop=stopping.is_set)


def _send_by_each_way(now: datetime, most: int | None) -> Counter[str]:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    ways = own_senders()

    def dispatch(way: str) -> Counter[str]:
        return dispatching.dispatch(now, ways[way], most=most, channel=way, told_to_stop=stopping.is_set)

    def elsewhere(way: str) -> Counter[str]:
        with app.app_context():
            return dispatch(way)

    with ThreadPoolExecutor(len(ways)) as pool:  # a mail server that hangs delays no phone
        others = [pool.submit(elsewhere, way) for way in ways if way != PUSH]
        return sum((other.result() for other in others), dispatch(PUSH))


def pass_on_what_cannot_go(now: datetime) -> Counter[str]:
    """What is due by a way that is not set up here is marked, and goes the next way. Returns how many came to what."""
    some = [dispatching.dispatch(now, Nowhere(), channel=way) for way in CHANNELS if way not in set_up()]
    return sum(some, Counter[str]())


def chain_audit(now: datetime) -> int:
    """Chain the audit's new events. Returns how many."""
    chained = 0
    for _ in range(CHAIN_ROUNDS):
        with atomic():
            linked = audit.chain(now)
        chained += linked
        if not linked:
            break
    return chained


def escalate_flags(now: datetime) -> int:
    """Tell inboxes of flags about risk that nobody acknowledged within a working day, or that nobody can see.

    Returns how many took it. Ids only: no name and no word of a client. A mail server that cannot be reached is asked
    once a look.
    """
    with atomic():
        claims = escalating.claim(now=now)
    told, trouble = 0, None
    for claim in claims:
        if trouble not in ("unreachable", "not_set"):
            trouble = _tell_inbox(claim)
        with atomic():
            escalating.record(escalation=claim, trouble=trouble, now=now)
        told += trouble is None
    return told


def _tell_inbox(claim: escalating.Escalation) -> str | None:
    """None once the mail server took the message; else why it did not."""
    config: Config = current_app.config["MEANTIME"]
    address = f"{config.base_url}/staff/clients/{claim.client_id}/entries/{claim.entry_id}/flag"
    text = _waiting(address, claim.unseen)
    try:
        mail.send(address=config.smtp_url, sender=config.mail_from, to=claim.inbox, subject=WAITING, text=text)
    except mail.NotSent as wrong:
        log.error("ALARM: flag %s waits, and its service could not be told: %s.", claim.flag_id, wrong.why)
        return wrong.why
    return None


def _waiting(address: str, unseen: bool) -> str:
    why = "A flag about risk has waited for longer than one working day. Nobody has acknowledged it."
    if unseen:
        why = "A flag about risk waits. Nobody works with this client now, so it is on no practitioner's page."
    return (
        f"{why}\n\n{address}\n\n"
        "It opens for those who work with this client. If you do not, ask who does, and give them this address.\n"
        "This message is sent once. It holds no name and no answer.\n"
    )


def lay_out_ahead(now: datetime) -> int:
    """Lay out the coming weeks of what is agreed without an end. Returns of how many assignments."""
    short = running_short(now)
    for start in range(0, len(short), LAID_AT_ONCE):
        with atomic():
            roll_forward(short[start : start + LAID_AT_ONCE], now)
    return len(short)


def count_services(now: datetime) -> int:
    """Count each service afresh whose last count is nearly an hour old. Returns how many."""
    ids = total_queries.services_to_count(now - COUNT_AGAIN)
    for service_id in ids:
        body = total_queries.count(total_queries.service_to_count(service_id), now)  # looking holds no lock
        keep_count(service_id, body, now)
    return len(ids)


def keep_count(service_id: UUID, body: dict, now: datetime) -> None:
    """Keep what was counted of one service."""
    with atomic():
        totals.keep(service_id=service_id, body=body, now=now)


def seal_anew(now: datetime) -> int:
    """After the service key was changed: seal what is old under new keys, for some seconds. Returns how many rows."""
    began, rows = monotonic(), 0
    for kind, owner_id in rotating.turning(SEALED_AT_ONCE):
        if monotonic() - began > SEALING_SECONDS:
            break
        with atomic():
            rows += rotating.seal_anew(kind, owner_id, now)
    return rows


def build_bundles(now: datetime) -> str | None:
    """Build the bundle of a study that waits longest, if one does. Returns what became of it."""
    return building.build_next(now, stopping.is_set)


def tidy(now: datetime) -> int:
    """Remove push addresses that ended months ago, and bundles nobody may have any more. Returns how many."""
    with atomic():
        ended = forget_ended(now=now)
    return ended + building.remove_over(now)


def own_senders() -> dict[str, Sender]:
    """A sender for each way that this installation has."""
    return senders(current_app.config["MEANTIME"], ring().push_private)
