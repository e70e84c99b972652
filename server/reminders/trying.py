"""Send one phone a reminder that stands for nothing, at once, and say what its push service answered."""

from datetime import datetime

from server.config import Config
from server.people.models import Client
from server.reminders import sending
from server.reminders.facts import live_phones
from server.reminders.models import PushSubscription
from server.reminders.senders import Outcome
from server.reminders.senders.own import push_sender
from server.reminders.ways import ways_of
from server.sealing import ring

PATIENCE = 10  # seconds somebody looks at "sending"


def try_out(*, phone: PushSubscription, language: str, config: Config, now: datetime) -> Outcome:
    """Really send it. Outside `atomic()`: it waits for somebody else's server."""
    message = sending.test_message(phone, config.base_url, language)
    sender = push_sender(config, ring().push_private, PATIENCE)
    [(_, outcome)] = [each for window in sender.send([message], now) for each in window]
    return outcome


def phone_to_try(client: Client) -> PushSubscription | str:
    """The phone that reminders go to now, or why none is to be tried, as a code."""
    open_now = ways_of([client.id])[client.id]
    if not open_now.asked:
        return "not-asked"
    phones = live_phones([client.id])[client.id]
    return phones[0] if phones else "no-subscription"
