"""Between claim and outcome: check once more, make the message, and write down what came of it, many at a time.

At least once, never silently twice: the claim is committed before anything is sent, an outcome counts only with
the token of its lease, and a repeat after a crash replaces the first on the phone by Topic and tag (trust.md C2).
"""

import random
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from server.extensions import among, db
from server.people.models import Client
from server.reminders import claiming, decisions, letters, origins, push, rules, wording
from server.reminders.actions import forget_subscription
from server.reminders.channels import NOT_SAFE, NOT_SET_UP, PUSH, UNSAFE_HOURS, Ways
from server.reminders.claiming import Claim
from server.reminders.facts import facts_of, live_phones
from server.reminders.models import Delivery, PushSubscription, ReminderRule
from server.reminders.planning import append_events, event_of
from server.reminders.push import Message
from server.reminders.queries import proof_of
from server.reminders.rules import Facts
from server.reminders.senders import ALARM, GONE, LATER, SENT, Outcome
from server.reminders.ways import NO_SUCH_ADDRESS, end, fall_back, is_dead, ways_of

TEST_LIVES = 300  # seconds
PERHAPS_SENT = "perhaps-sent"  # nobody can say: it goes no other way, or there would be two of it
FAILED = "no-phone", "resting", NOT_SET_UP  # wanted, and this way could not; anything else was not wanted


@dataclass(frozen=True)
class Sending:
    """What a message's `ref` holds: whose outcome it is, by which subscription it goes, and to which push service."""

    claim: Claim
    subscription_id: UUID | None
    origin: str = ""


def check(*, claims: Sequence[Claim], base_url: str, now: datetime) -> list[Message]:
    """Look once more, just before sending: cancel what is no longer wanted, and make the messages of the rest."""
    claiming.hold(claims=claims, now=now)
    tokens = {claim.delivery_id: claim for claim in claims}
    found = db.session.scalars(
        select(Delivery)
        .where(among(Delivery.id, tokens), Delivery.state == "claimed")
        .order_by(Delivery.due_at, Delivery.id)
        .execution_options(populate_existing=True)
    ).all()
    ours = [row for row in found if row.lease_token == tokens[row.id].token]
    if not ours:
        return []
    phones = live_phones(row.client_id for row in ours)
    facts = facts_of(ours, phones)
    held = _read_for(ours)
    ways, perhaps = ways_of(row.client_id for row in ours), letters.sent_perhaps(ours)
    unsure = letters.unanswered(ours)
    gate = origins.Gate(_origins(ours, phones), now)
    messages, events = [], []
    for row in ours:
        if why := _objection(row, facts[row.id], ways[row.client_id], now):
            events.append(_drop(row, why, now))
        elif again := gate.shut_until(_origin(row, phones)):
            another = row.id not in unsure and ways[row.client_id].after(row.channel)
            another = another and now >= row.due_at + rules.PATIENCE
            events.append(_drop(row, "resting", now) if another else _wait(row, again, now))
        elif row.channel == PUSH:
            phone, until = phones[row.client_id][0], _worth_until(row, facts[row.id], now)
            messages.append(_message(row, tokens[row.id], phone, base_url, until - now))
        else:
            ref = Sending(tokens[row.id], None, _origin(row, phones))
            messages.append(letters.letter(row, ref, ways[row.client_id], base_url, row.id in perhaps))
    db.session.flush()
    append_events(events)
    decisions.note([row for row in ours if row.state != "planned"], facts, now)  # what waits is not decided yet
    passed_on = [row for row in ours if row.state == "failed" or row.why in (NOT_SAFE, UNSAFE_HOURS)]
    fall_back([row for row in passed_on if row.id not in unsure], ways, now)
    del held
    return messages


def _read_for(rows: Sequence[Delivery]) -> list:
    # Read at once and held: opening each address needs its client's key, and each message its rule.
    clients = select(Client).where(among(Client.id, {row.client_id for row in rows}))
    hours = select(ReminderRule).where(among(ReminderRule.id, {row.rule_id for row in rows}))
    return [*db.session.scalars(clients), *db.session.scalars(hours)]


def record(*, claim: Claim, subscription_id: UUID | None, outcome: Outcome, now: datetime) -> bool:
    """Write down what came of one sending; only while the lease is still ours. Answers whether it was."""
    return record_all(outcomes=[(Sending(claim, subscription_id), outcome)], now=now) == 1


def record_all(*, outcomes: Sequence[tuple[Sending, Outcome]], now: datetime) -> int:
    """Write down what came of a window of sendings, in a handful of statements. Returns of how many: those still ours.

    A dead address is forgotten, and a push service in trouble remembered, whoever holds the lease by now.
    """
    for sending, outcome in outcomes:
        if outcome.kind == GONE and sending.subscription_id:
            forget_subscription(subscription_id=sending.subscription_id, why="gone", now=now)
    origins.note([(sending.origin, outcome) for sending, outcome in outcomes], now)
    taken = _accept([each for each in outcomes if each[1].kind == SENT], now)
    told = {sending.claim.delivery_id: (sending, outcome) for sending, outcome in outcomes if outcome.kind != SENT}
    return taken + (_settle_all(told, now) if told else 0)


def _accept(outcomes: Sequence[tuple[Sending, Outcome]], now: datetime) -> int:
    # What nearly all of them come to, in three statements for a window.
    if not outcomes:
        return 0
    rows = db.session.execute(
        update(Delivery)
        .where(*claiming.ours([sending.claim for sending, _ in outcomes]))
        .values(
            state="accepted", why=None, try_after=None, lease_token=None, lease_until=None,
            attempts=Delivery.attempts + 1, accepted_at=now,
        )
        .returning(Delivery.id, Delivery.service_id)
        .execution_options(synchronize_session=False)
    ).all()  # fmt: skip
    told = {sending.claim.delivery_id: (sending, outcome) for sending, outcome in outcomes}
    append_events([event_of(row, "accepted", now, told[row.id][1].status) for row in rows])
    _reached([told[row.id][0].subscription_id for row in rows], now)
    return len(rows)


def _settle_all(told: Mapping[UUID, tuple[Sending, Outcome]], now: datetime) -> int:
    held = db.session.scalars(
        select(Delivery)
        .where(among(Delivery.id, told), Delivery.state == "claimed")
        .order_by(Delivery.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    ours = [row for row in held if row.lease_token == told[row.id][0].claim.token]
    others = live_phones(row.client_id for row in ours if told[row.id][1].kind == GONE and row.channel == PUSH)
    maybe = _maybe_sent(ours, {row.id: told[row.id][1] for row in ours})
    events = [_settle(row, *told[row.id], bool(others.get(row.client_id)), row.id in maybe, now) for row in ours]
    db.session.flush()
    append_events(events)
    failed = [row for row in ours if row.state == "failed"]
    _go_on(failed, {row.id for row in failed if told[row.id][1].kind == GONE}, maybe, now)
    return len(ours)


def test_message(
    phone: PushSubscription, base_url: str, language: str = "en", level: int = 1, lives: int = TEST_LIVES
) -> Message:
    """A reminder that stands for nothing, for somebody who wants to see one come. It says as much as theirs."""
    code, keys = secrets.token_urlsafe(16), phone.keys
    payload = push.padded(rules.notification(wording.body(level, language), code, base_url))
    return Message(phone.id, keys["endpoint"], keys["p256dh"], keys["auth"], payload, rules.topic(code), lives)


def _objection(row: Delivery, facts: Facts, ways: Ways, now: datetime) -> str | None:
    zone = facts.hours.zone if facts.hours else rules.zone_of("UTC")
    unsafe = ways.objection(row.channel, now, zone)
    return unsafe if unsafe == "not-asked" else rules.objection(facts, now) or unsafe


def _origin(row: Delivery, phones: dict[UUID, list[PushSubscription]]) -> str:
    return letters.ORIGINS[row.channel] if row.channel != PUSH else phones[row.client_id][0].origin


def _origins(rows: Sequence[Delivery], phones: dict[UUID, list[PushSubscription]]) -> set[str]:
    named = {letters.ORIGINS[row.channel] for row in rows if row.channel != PUSH}
    return named | {phone.origin for some in phones.values() for phone in some}


def _maybe_sent(rows: Sequence[Delivery], outcomes: dict[UUID, Outcome]) -> set[UUID]:
    # What was learned just now counts, and where nothing was, what happened before.
    unsure = letters.unanswered(rows)
    return {each for each, one in outcomes.items() if one.perhaps or (one.perhaps is None and each in unsure)}


def _go_on(failed: Sequence[Delivery], gone: set[UUID], maybe: set[UUID], now: datetime) -> None:
    # A dead address is no way any more; what failed one way goes the next, unless it may have arrived.
    ways = ways_of(row.client_id for row in failed) if failed else {}
    fall_back([row for row in failed if row.id not in maybe], ways, now)
    for row in failed:
        if row.id in gone and row.channel != PUSH and is_dead(row):
            client = db.session.get(Client, row.client_id)
            end(client=client, channel=row.channel, why="unreachable", by="tick", now=now)


def _drop(row: Delivery, why: str, now: datetime) -> dict:
    row.state = "expired" if why == "too-late" else "failed" if why in FAILED else "cancelled"
    row.why, row.lease_token, row.lease_until = why, None, None
    return event_of(row, row.state, now)


def _wait(row: Delivery, until: datetime, now: datetime) -> dict:
    # Its push service is left alone: nothing was tried, so nothing counts. Too late by then is expired, and counted.
    row.state, row.why, row.try_after = "planned", "resting", until + rules.WAITS[0] * _spread()
    row.lease_token = row.lease_until = None
    return event_of(row, "later", now)


def _worth_until(row: Delivery, facts: Facts, now: datetime) -> datetime:
    # Quiet hours hold for what waits at the push service too: a phone that is found again then shows nothing.
    quiet = rules.quiet_from(facts.hours, now, row.expires_at) if facts.hours else None
    return quiet or row.expires_at


def _message(row: Delivery, claim: Claim, phone: PushSubscription, base_url: str, lives: timedelta) -> Message:
    rule, keys = db.session.get(ReminderRule, row.rule_id), phone.keys
    language = db.session.get(Client, row.client_id).language
    body, later = wording.body(rule.level, language), wording.word(language, "later")
    return Message(
        ref=Sending(claim, phone.id, phone.origin),
        endpoint=keys["endpoint"],
        p256dh=keys["p256dh"],
        auth=keys["auth"],
        payload=push.padded(rules.notification(body, row.code, base_url, proof_of(row.code, phone.device_id), later)),
        topic=rules.topic(row.code),
        ttl=max(1, int(lives.total_seconds())),
    )


def _settle(row: Delivery, sending: Sending, outcome: Outcome, has_others: bool, maybe: bool, now: datetime) -> dict:
    """Set state, reason and next try after any outcome but `sent`; returns the event that tells of it."""
    row.attempts += outcome.tried
    row.state, row.why, row.try_after = _what_now(row, outcome, has_others, maybe, now)
    row.lease_token = row.lease_until = None
    waits = letters.UNANSWERED if outcome.perhaps else "later"
    asked = sending.origin if outcome.tried else ""
    return event_of(row, waits if row.state == "planned" else row.state, now, outcome.status, asked)


def _what_now(row: Delivery, outcome: Outcome, has_others: bool, maybe: bool, now: datetime) -> tuple:
    if outcome.kind == GONE:
        if has_others:
            return "planned", "gone", now
        return "failed", "no-phone" if row.channel == PUSH else NO_SUCH_ADDRESS, None
    if outcome.kind == LATER:
        again = rules.next_try(max(row.attempts, 1), now, row.expires_at, outcome.retry_after, _spread())
        return ("planned", "later", again) if again else ("failed", PERHAPS_SENT if maybe else "later", None)
    return "failed", "keys-refused" if outcome.kind == ALARM else "not-accepted", None


def _reached(subscription_ids: Sequence[UUID | None], now: datetime) -> None:
    # Whoever else writes one of these just now writes nearly the same moment: nobody waits for anybody.
    wanted = [each for each in set(subscription_ids) if each]
    free = select(PushSubscription.id).where(among(PushSubscription.id, wanted)).with_for_update(skip_locked=True)
    if wanted:
        reached = update(PushSubscription).where(PushSubscription.id.in_(free)).values(accepted_at=now)
        db.session.execute(reached.execution_options(synchronize_session=False))


def _spread() -> float:
    return random.random()  # noqa: S311 (spreads tries, guards nothing)
