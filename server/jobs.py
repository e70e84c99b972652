"""What the tick does, one step at a time, with no timer inside: each also runs by hand and in tests."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import TypeVar
from uuid import UUID

from flask import current_app

from server import mail
from server.audit import actions as audit
from server.config import Config
from server.engagement.actions import roll_forward, running_short
from server.extensions import atomic
from server.people import rotating
from server.reminders import planning, push, queries, sending
from server.reminders.actions import forget_ended
from server.reminders.push import Message, Sender
from server.reminders.sending import Claim
from server.safety import escalating
from server.sealing import ring
from server.totals import actions as totals
from server.totals import queries as total_queries

T = TypeVar("T")
log = logging.getLogger(__name__)

RULES_AT_ONCE = 500
CHECKED_AT_ONCE = 50
LONGEST_LOOK = 60  # seconds: a push service that hangs, and then some
LAID_AT_ONCE = 100
WAITING = "Meantime: a flag waits"
COUNT_AGAIN = timedelta(minutes=55)  # the hourly look comes a little early or late
SEALING_SECONDS = 20  # an hour: nobody who waits for a page or a push is held up for long
CHAIN_ROUNDS = 50  # at most so many batches of the audit in one tick


def plan_reminders(now: datetime) -> int:
    """Lay out the reminders of the next 48 hours, in steps that hold no lock for long. Returns how many are new."""
    new = 0
    for rule_ids in _batches(queries.rules_to_plan(now.date()), RULES_AT_ONCE):
        with atomic():
            new += planning.plan(now, rule_ids)
    return new


def send_due_reminders(now: datetime, sender: Sender | None = None) -> Counter[str]:
    """Send what is due. Returns how many came to what.

    Claimed under a lease and committed, checked once more, sent, and written down in small windows; a repeat after
    a crash is made invisible by Topic and tag. One row that breaks the program is put off and never stops the rest.
    """
    sender, at, counts = sender or own_sender(), _clock_from(now), Counter[str]()
    while True:
        with atomic():
            counts["expired"] += sending.expire(now=at())
            claims = sending.claim(now=at())
        if not claims:
            break
        for window in sender.send(_checked(claims, at, counts), at()):
            with atomic():
                for message, outcome in window:
                    _record(message, outcome, at())
            counts.update(outcome.kind for _, outcome in window)
    _sound(counts, at())
    return +counts


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
    for some in _batches(short, LAID_AT_ONCE):
        with atomic():
            roll_forward(some, now)
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
    for kind, owner_id in rotating.turning(RULES_AT_ONCE):
        if monotonic() - began > SEALING_SECONDS:
            break
        with atomic():
            rows += rotating.seal_anew(kind, owner_id, now)
    return rows


def tidy(now: datetime) -> int:
    """Remove push addresses that ended months ago: each could still be sent to. Returns how many."""
    with atomic():
        return forget_ended(now=now)


def own_sender() -> Sender:
    """Web push with this installation's keys and the hosts it trusts."""
    config: Config = current_app.config["MEANTIME"]
    return push.web_push(ring().push_private, config.push_contact, config.push_hosts)


def _checked(claims: Sequence[Claim], at: Callable[[], datetime], counts: Counter[str]) -> Iterator[Message]:
    base_url = current_app.config["MEANTIME"].base_url
    for some in _batches(claims, CHECKED_AT_ONCE):
        try:
            messages = _check(some, base_url, at())
        except Exception:
            log.exception("A batch of %d reminders could not be checked; each is tried alone.", len(some))
            messages = [message for claim in some for message in _check_alone(claim, base_url, at(), counts)]
        counts["dropped"] += len(some) - len(messages)
        yield from messages


def _check_alone(claim: Claim, base_url: str, now: datetime, counts: Counter[str]) -> list[Message]:
    try:
        return _check([claim], base_url, now)
    except Exception:
        log.exception("Reminder %s broke its check; it is put off.", claim.delivery_id)
        counts["trouble"] += 1
        with atomic():
            sending.put_off(claims=[claim], now=now)
        return []


def _check(claims: Sequence[Claim], base_url: str, now: datetime) -> list[Message]:
    with atomic():
        return sending.check(claims=claims, base_url=base_url, now=now)


def _record(message: Message, outcome: push.Outcome, now: datetime) -> None:
    ref = message.ref
    sending.record(claim=ref.claim, subscription_id=ref.subscription_id, outcome=outcome, now=now)


def _sound(counts: Counter[str], now: datetime) -> None:
    """Say aloud what somebody has to look at."""
    if counts[push.ALARM]:
        log.error("ALARM: %d messages were refused because of our push keys. Nothing was deleted.", counts[push.ALARM])
    if counts[push.BUG]:
        log.error("ALARM: %d messages were not accepted as they were.", counts[push.BUG])
    if counts["expired"]:
        log.warning("%d reminders were too late to be sent.", counts["expired"])
    if stuck := queries.stuck_since(now):
        log.error("ALARM: a reminder due at %s has not been claimed.", stuck.isoformat(timespec="seconds"))


def _clock_from(now: datetime) -> Callable[[], datetime]:
    # The moment handed in, plus what has really passed since: a pretended hour stays pretended.
    started = monotonic()
    return lambda: now + timedelta(seconds=monotonic() - started)


def _batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[start : start + size] for start in range(0, len(items), size))
