"""By which ways a client may be reminded, in which order: what they said of it, within what is safe for them. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from server.reminders.rules import wall_time

PUSH, EMAIL, SMS = CHANNELS = ("push", "email", "sms")
# Which way of the safe-contact form opens which channel. A notification shows on a phone that the client paired.
OPENED_BY = {EMAIL: "email", SMS: "text"}
NOT_SAFE, NOT_SET_UP, UNSAFE_HOURS = "not-safe", "not-set-up", "unsafe-hours"
NO_HOUR = time(0, 0, 1), time(0, 0, 1)  # no minute begins then

_EMAIL = re.compile(r"[^@\s<>,;\"]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_MOBILE = re.compile(r"(?:\+44|0)7\d{9}")


@dataclass(frozen=True)
class Ways:
    """What may be used now, first to last, with the addresses; `hours` bind whatever others could see or hear."""

    asked: bool = False
    order: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()  # safe and wanted, and this installation cannot send by them
    addresses: Mapping[str, str] = field(default_factory=dict)
    hours: tuple[time, time] | None = None

    @property
    def first(self) -> str:
        """The way that is planned with. Without any it is one that the ledger can say of why nothing came."""
        return (*self.order, *self.missing, PUSH)[0]

    def after(self, channel: str) -> str | None:
        """The next way when this one did not work, or None."""
        rest = self.order[self.order.index(channel) + 1 :] if channel in self.order else self.order
        return rest[0] if rest else None

    def objection(self, channel: str, now: datetime, zone: ZoneInfo) -> str | None:
        """Why nothing may go this way at this moment, as a code; None when nothing speaks against it.

        Safe hours bind mail and texts. A notification comes at the hour that the client chose on their own phone.
        """
        if not self.asked:
            return "not-asked"
        if channel not in self.order:
            return NOT_SET_UP if channel in self.missing else NOT_SAFE
        if channel == PUSH or self.hours is None:
            return None
        return None if _within(self.hours, now.astimezone(zone)) else UNSAFE_HOURS

    def open_at(self, moment: datetime, zone: ZoneInfo) -> str | None:
        """The first way that nothing speaks against at this moment, or None."""
        return next((one for one in self.order if self.objection(one, moment, zone) is None), None)


def ways(
    said: Sequence[str] | None,
    addresses: Mapping[str, str] | None,
    safe: Mapping[str, Any] | None,
    set_up: Collection[str] = CHANNELS,
) -> Ways:
    """The ways of a client who said this, as far as it is safe and set up. Who said nothing has their phone alone.

    Nothing at all is open until somebody asked them, while they were alone, how they can be reached safely.
    """
    safe, addresses = safe or {}, addresses or {}
    wanted = dict.fromkeys(one for one in (said if said is not None else [PUSH]) if _is_open(one, addresses, safe))
    return Ways(
        asked=bool(safe.get("asked_alone")),
        order=tuple(one for one in wanted if one in set_up),
        missing=tuple(one for one in wanted if one not in set_up),
        addresses=addresses,
        hours=_hours(safe.get("hours")),
    )


def email_of(text: str) -> str | None:
    """An email address as it is kept, or None when it is none."""
    return text.strip() if _EMAIL.fullmatch(text.strip()) and len(text) <= 254 else None


def mobile_of(text: str) -> str | None:
    """A mobile number of the United Kingdom as +447…, or None when it is none."""
    digits = re.sub(r"[\s().-]", "", text)
    return "+44" + digits[-10:] if _MOBILE.fullmatch(digits) else None


def _is_open(channel: str, addresses: Mapping[str, str], safe: Mapping[str, Any]) -> bool:
    if channel == PUSH:
        return True
    if channel not in OPENED_BY or not addresses.get(channel) or (channel == SMS and safe.get("never_sms")):
        return False
    return OPENED_BY[channel] in safe.get("channels", [])


def _hours(kept: object) -> tuple[time, time] | None:
    if not isinstance(kept, Mapping) or not kept:
        return None
    try:
        return wall_time(kept.get("from") or "00:00"), wall_time(kept.get("until") or "23:59")
    except (ValueError, AttributeError):
        return NO_HOUR  # kept, and not to be read: then no hour is known to be safe


def _within(hours: tuple[time, time], local: datetime) -> bool:
    # Whole minutes: until 13:30 is until 13:30:59. Over midnight the second is the earlier.
    clock, (start, end) = time(local.hour, local.minute), hours
    return start <= clock <= end if start <= end else clock >= start or clock <= end
