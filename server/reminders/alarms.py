"""What somebody has to look at about reminders, a sentence each with what to do: for staff, operators and the log."""

from collections.abc import Iterable, Mapping
from itertools import groupby

from server.reminders.channels import EMAIL, NOT_SET_UP, PUSH, SMS
from server.reminders.vitals import ABANDONED, BROKE, DISPATCH, PLAN, UNTAKEN, Trouble
from server.reminders.watching import KEYS_REFUSED, Refusal

# By way and by what was refused: what whoever runs Meantime does then.
TO_DO = {
    (PUSH, True): "If the key file was changed or restored, phones get reminders again once their app was opened.",
    (EMAIL, True): "Check them in MEANTIME_SMTP_URL.",
    (SMS, True): "Check MEANTIME_NOTIFY_KEY, that Notify has not taken it back, and this machine's clock.",
    (PUSH, False): "That is a fault of this program: report it with the answer.",
    (EMAIL, False): "Check MEANTIME_MAIL_FROM, and that the mail server lets this machine send to everybody.",
    (SMS, False): "Check MEANTIME_NOTIFY_TEMPLATE: a text template that holds only ((message)).",
}
NAMES = {"smtp": "The mail server", "notify": "GOV.UK Notify"}
UNNAMED = {PUSH: "A push service", EMAIL: NAMES["smtp"], SMS: NAMES["notify"]}
WAYS = {PUSH: "by notification", EMAIL: "by email", SMS: "by text message"}
STEPS = {
    PLAN: "Nobody laid out the coming reminders for more than two hours: see the log of meantime serve or worker.",
    DISPATCH: "Nobody looked for due reminders in the last ten minutes: is meantime serve or meantime worker running?",
}
CAUSES = {
    UNTAKEN: "nobody takes what is due",
    ABANDONED: "whoever takes it dies before it is sent",
    BROKE: "something of this program breaks each time: see the log",
    "keys-refused": "our keys are refused",
    "not-accepted": "nothing is accepted as it is",
    "later": "no service answers",
    "perhaps-sent": "no service answers",
    "resting": "the service is in trouble and left alone",
    NOT_SET_UP: "clients chose this way, and Meantime is not set up to send by it any more",
}


def of_refusals(refused: Mapping[Refusal, int]) -> list[str]:
    """A sentence for each message service that refused our keys, or took messages not as they were, in a week."""
    of_one = sorted((one.channel, one.origin or "", one.why, one.status or 0, times) for one, times in refused.items())
    return [_refusal(which, list(rows)) for which, rows in groupby(of_one, lambda row: row[:3])]


def of_troubles(troubles: Iterable[Trouble]) -> list[str]:
    """A sentence for each thing that keeps reminders from going out now."""
    return [STEPS[one.cause] if one.channel is None else _trouble(one, one.channel) for one in troubles]


def _refusal(which: tuple[str, str, str], rows: list[tuple]) -> str:
    channel, origin, why = which
    who = NAMES.get(origin) or origin.partition("://")[2] or UNNAMED[channel]
    keys, times = why == KEYS_REFUSED, sum(row[-1] for row in rows)
    count = "1 time" if times == 1 else f"{times} times"
    said = ", ".join(str(row[3]) for row in rows if row[3])
    ours = "name and password" if channel == EMAIL else "keys"
    what = f"refused our {ours}" if keys else "did not take a message as it was"
    return f"{who} {what}, {count} in the last week{f' (answer {said})' if said else ''}. {TO_DO[channel, keys]}"


def _trouble(one: Trouble, channel: str) -> str:
    # Without how many: whoever reads it may look after one service of several.
    by_mail = channel == EMAIL and one.cause == KEYS_REFUSED
    cause = "the mail server refuses our name and password" if by_mail else CAUSES[one.cause]
    return f"Reminders {WAYS[channel]} do not go out: {cause}."
