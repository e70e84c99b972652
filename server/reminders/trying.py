"""Send one phone a reminder that stands for nothing, at once, and say what its push service answered."""

from datetime import datetime

from server.caseload.queries import in_care
from server.config import Config
from server.people.models import Client
from server.reminders import sending
from server.reminders.channels import PUSH
from server.reminders.facts import live_phones
from server.reminders.models import PushSubscription
from server.reminders.queries import readable_hours, rules_of
from server.reminders.rules import is_quiet, zone_of
from server.reminders.senders import Outcome
from server.reminders.senders.own import push_sender
from server.reminders.ways import ways_of
from server.reminders.wishes import NEUTRAL
from server.sealing import ring

PATIENCE = 10  # seconds somebody looks at "sending"


def try_out(*, phone: PushSubscription, client: Client, config: Config, now: datetime) -> Outcome:
    """Really send it. Outside `atomic()`: it waits for somebody else's server."""
    level = min((rule.level for rule in rules_of(client)), default=NEUTRAL)
    message = sending.test_message(phone, config.base_url, client.language, level)
    sender = push_sender(config, ring().push_private, PATIENCE)
    [(_, outcome)] = [each for window in sender.send([message], now) for each in window]
    return outcome


def phone_to_try(client: Client, now: datetime) -> PushSubscription | str:
    """The phone that reminders go to now, or why none is to be tried, as a code: a test is wanted when they are."""
    if not in_care(client.id):
        return "care-ended"
    if unsafe := ways_of([client.id])[client.id].objection(PUSH, now, zone_of(client.zone)):
        return unsafe
    if any(hours and is_quiet(hours, now) for hours in map(readable_hours, rules_of(client))):
        return "quiet-hours"
    phones = live_phones([client.id])[client.id]
    return phones[0] if phones else "no-subscription"
