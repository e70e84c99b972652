"""The time of a plan beside the time of the client's reminder: where they differ it is said; it moves when asked."""

from dataclasses import replace
from datetime import time

from flask import g

from server.reminders import moving
from server.reminders.rules import Hours


def reminder_at(client) -> str:
    """Their own reminder time, like 09:00; "" for somebody without reminders."""
    rule = moving.own_rule(client)
    return rule.at if rule else ""


def apart_words(client, at: str | None, moves: bool = False) -> str:
    """Where a plan's time (like 13:30) is not their reminder's, what becomes of it; "" where nothing differs."""
    rule = moving.own_rule(client)
    if not rule or not at or at == rule.at:
        return ""
    if moves and moving.is_unwanted(rule, time.fromisoformat(at), g.now):
        return f"They want no reminders at {at}, so theirs stays at {rule.at}."
    if moves:
        return f"Their reminder moves from {rule.at} to {at}."
    return f"Their reminder comes at {rule.at}; this plan says {at}."


def moved(client, values: dict, hours: list[Hours]) -> list[Hours]:
    """Their hours as they would be with the reminder at the plan's time, where that is asked for."""
    rule, at = moving.own_rule(client), values.get("at")
    if not values["move_reminder"] or not rule or not at or moving.is_unwanted(rule, at, g.now):
        return hours
    return [replace(one, at=at) if f"{one.at:%H:%M}" == rule.at else one for one in hours]


def move_reminder(client, values: dict) -> None:
    """Move it, where that was ticked and the plan has a time."""
    if values["move_reminder"] and values.get("at"):
        moving.move(client=client, at=values["at"], by=g.practitioner, now=g.now)
