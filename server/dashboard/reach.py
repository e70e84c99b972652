"""Whether reminders reach a client, in one line: by the ways in use, with what came of the last try by each."""

from datetime import timedelta

from flask import g

from server.dashboard import dates
from server.reminders import queries as reminders
from server.reminders import reaching, ways
from server.reminders.channels import EMAIL, PUSH, SMS

SILENT = timedelta(days=14)
BY = {PUSH: "by notification", EMAIL: "by email", SMS: "by text message"}
NOT_ASKED = "Reminders reach them: no."  # why not stands beside it (`ways.ways_line`)
OFF = "Reminders are not switched on."
BECAUSE = {
    "gone": "Their phone’s browser gave up the address.",
    "replaced": "Their phone’s browser gave up the address.",
    "switched-off": "They switched reminders off in the app.",
    "permission-lost": "Notifications are turned off on the phone. Opening its settings together can help.",
    "cannot": "Their phone’s browser takes no notifications any more. Opening the app again can help.",
    "lapsed": "The app was not opened for two months. Opening it once is enough.",
    "phone-ended": "The phone was disconnected.",
    "test": "The last test did not go through.",
    "keys-refused": "Our service’s sending does not work at the moment; the administrator can see it.",
    "not-accepted": "The last was not accepted; the administrator can see it.",
    "no-such-address": "The address or number does not exist. Check it with them.",
    "no-such-number": "The number does not exist. Check it with them.",
    "undelivered": "The last text message did not arrive.",
    "perhaps-sent": "Nobody can say whether the last one arrived.",
    "trouble": "Something of ours broke; the administrator can see it.",
}
NO_ANSWER = "The message service does not answer at the moment."


def reach_words(client, zone: str) -> str:
    """Reminders reach them: yes, by notification (last taken Fri 20 Nov) · not since …, because … · no."""
    used = ways.standing_of(client).used
    if not used.asked:
        return NOT_ASKED if reminders.rules_of(client) else OFF
    found = reaching.by_way(client, used.order, g.now)
    works = [one for one in found if one.works]
    if works:
        said = ", else ".join(_works(one, zone) for one in works)
        return " ".join([f"Reminders reach them: yes, {said}."] + [_lost(one, zone) for one in found if not one.works])
    if not reminders.rules_of(client) and not any(one.taken_at for one in found):
        return OFF
    if not found:
        return "Reminders reach them: no. No way is left."
    last = max((one.taken_at for one in found if one.taken_at), default=None)
    since = f"not since {dates.moment(last, zone)}" if last else "no"
    return " ".join([f"Reminders reach them: {since}."] + [_lost(one, zone) for one in found])


def is_reached(client) -> bool:
    """Whether anything reaches them now, by any way."""
    used = ways.standing_of(client).used
    return used.asked and any(one.works for one in reaching.by_way(client, used.order, g.now))


def _works(one: reaching.Last, zone: str) -> str:
    said = [f"last taken {_day(one.taken_at, zone)}" if one.taken_at else "nothing was sent yet"]
    if one.seen_at and g.now - one.seen_at >= SILENT:
        said.append(f"that phone last in contact {_day(one.seen_at, zone)}")
    return f"{BY[one.channel]} ({', '.join(said)})"


def _lost(one: reaching.Last, zone: str) -> str:
    if one.why is None:
        return "No phone of theirs takes notifications yet."
    return f"{BY[one.channel].capitalize()}: {_inside(BECAUSE.get(one.why, NO_ANSWER))}"


def _inside(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _day(at, zone: str) -> str:
    return dates.short_day(dates.local_day(at, zone))
