"""Send one phone a reminder that stands for nothing, at once, and say what its push service answered."""

from datetime import datetime, timedelta

from server.caseload.queries import in_care
from server.config import Config
from server.people.models import Client
from server.reminders import sending
from server.reminders.channels import PUSH
from server.reminders.facts import live_phones
from server.reminders.models import PushSubscription
from server.reminders.queries import readable_hours, rules_of
from server.reminders.rules import Hours, is_quiet, quiet_from, zone_of
from server.reminders.senders import Outcome
from server.reminders.senders.own import push_sender
from server.reminders.ways import ways_of
from server.reminders.wishes import NEUTRAL
from server.sealing import ring

PATIENCE = 10  # seconds somebody looks at "sending"


def try_out(*, phone: PushSubscription, client: Client, config: Config, now: datetime) -> Outcome:
    """Really send it. Outside `atomic()`: it waits for somebody else's server."""
    level = min((rule.level for rule in rules_of(client)), default=NEUTRAL)
    message = sending.test_message(phone, config.base_url, client.language, level, _lives(client, now))
    sender = push_sender(config, ring().push_private, PATIENCE)
    [(_, outcome)] = [each for window in sender.send([message], now) for each in window]
    return outcome


def why_not(client: Client, now: datetime) -> str | None:
    """Why no test is to be sent to this client now, as a code: a test is wanted when reminders are."""
    if not in_care(client.id):
        return "care-ended"
    if unsafe := ways_of([client.id])[client.id].objection(PUSH, now, zone_of(client.zone)):
        return unsafe
    return "quiet-hours" if any(is_quiet(hours, now) for hours in _hours(client)) else None


def phone_to_try(client: Client, now: datetime) -> PushSubscription | str:
    """The phone that reminders go to now, or why none is to be tried."""
    if no := why_not(client, now):
        return no
    phones = live_phones([client.id])[client.id]
    return phones[0] if phones else "no-subscription"


def _hours(client: Client) -> list[Hours]:
    return [hours for hours in map(readable_hours, rules_of(client)) if hours]


def _lives(client: Client, now: datetime) -> int:
    # Quiet hours hold for what waits at the push service too.
    end = now + timedelta(seconds=sending.TEST_LIVES)
    ends = [quiet for hours in _hours(client) if (quiet := quiet_from(hours, now, end))]
    return max(1, int((min([*ends, end]) - now).total_seconds()))
