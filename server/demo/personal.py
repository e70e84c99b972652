"""What invented clients say of themselves and take away, and how their practitioners saw the practice."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import select

from server.api.sync import take_in
from server.assignments.actions import assign
from server.caseload.models import Episode
from server.caseload.rules import Meeting
from server.demo.so_far import courses_of
from server.engagement.actions import refresh_all
from server.entries import agenda, personal
from server.entries.recording import raw_revision
from server.entries.said import ABOUT_ME, TAKEAWAY
from server.extensions import db
from server.people.models import Client, Device, Practitioner
from server.reviews.ratings import rate
from server.worksheets.library import library

CHECK_IN = "check-ins/practice-check-in"
ABOUT = (
    {"helps": "Tell me first what we will do in the call.", "avoid": "Asking about my job."},
    {"helps": "Short words. Let me write things down.", "access": "I see better on a big screen."},
    {"helps": "A minute of quiet before we start."},
    {"access": "I hear better on the left. Please speak slowly.", "avoid": "Calls before nine."},
    {"helps": "One thing at a time. Say it again at the end.", "avoid": "Long silences on the phone."},
    {"avoid": "Voicemail. I never listen to it."},
    {"helps": "Tell me what is usual. I worry that it is only me."},
)
CALLED = {  # what two want to be called: a short form, and another name
    "Zofia": {"name": "Zosia", "pronouns": "she/her", "helps": "Tell me when half of our time is over."},
    "Wei": {"name": "Jo", "pronouns": "they/them", "helps": "Pictures say more to me than words."},
}
INTERPRETED = {"speak": "Arabic", "interpreter": "yes", "helps": "Pictures, and time to ask the interpreter."}
TAKEAWAYS = (
    "A thought is not a fact.",
    "Small steps count, even on a bad day.",
    "I can put worries off until the evening.",
    "It went down by itself when I stayed.",
    "I sleep better when I get up at one time.",
    "Saying no once did not end anything.",
)
CHECK_INS = (
    {"amount": "most", "helped": "some", "hard": 2, "clear": 4, "learned": "It was easier in the morning."},
    {"amount": "half", "helped": "quite", "hard": 3, "clear": 3, "learned": "I stopped when I was tired.",
     "barriers": ["no_time"]},
    {"amount": "little", "helped": "too_early", "hard": 3, "clear": 2, "barriers": ["too_low", "forgot"]},
)  # fmt: skip
CHECKS_IN = 3  # of how many clients one fills in a check-in


def say_all(service_id: UUID, seed: str, now: datetime) -> None:
    """For every client of the service, at the dates it pretends. Inside `atomic()`."""
    for number, (client, episode, by, meetings) in enumerate(courses_of(service_id)):
        attended = [one for one in meetings if one.state == "attended" and one.starts_at < now]
        rng = Random(f"{seed}/personal/{number}")  # noqa: S311  a story, not a secret
        if attended:
            _about_me(client, by, attended[0], number)
            _in_appointments(client, episode, by, attended, rng)
        if len(attended) > 2 and episode.closed_on is None and number % CHECKS_IN == 0:
            _checks_in(client, episode, by, attended, rng, now)


def _about_me(client: Client, by: Practitioner, first: Meeting, number: int) -> None:
    """Most say something: on their phone, or to their practitioner, who writes it down."""
    if number % 4 == 3:
        return
    at, device = first.starts_at + timedelta(hours=2), _phone(client)
    interpreted = client.preferred_name == "Fatima"
    value = INTERPRETED if interpreted else CALLED.get(client.preferred_name) or ABOUT[number % len(ABOUT)]
    if device is None or device.paired_at > at:
        personal.write_down(client=client, name=ABOUT_ME, value=dict(value), by=by, now=first.starts_at)
    else:
        _from_phone(client, device, "setting", {"name": ABOUT_ME, "value": dict(value)}, at)


def _in_appointments(client: Client, episode: Episode, by: Practitioner, attended: list[Meeting], rng: Random) -> None:
    for place, meeting in enumerate(attended):
        over = meeting.starts_at + timedelta(minutes=26)
        if rng.random() < 0.6:
            value = {"appointment_id": meeting.appointment_id, "text": rng.choice(TAKEAWAYS)}
            personal.write_down(client=client, name=TAKEAWAY, value=value, by=by, now=over)
        if place and rng.random() < 0.7:
            rate(
                client=client, episode=episode, appointment_id=UUID(meeting.appointment_id), by=by, now=over,
                amount=rng.choice((1, 2, 3, 3, 4)), quality=rng.choice((1, 2, 3, 3, 4)),
            )  # fmt: skip
        for question in agenda.agenda_of(client):
            if question.waits and question.asked_at < meeting.starts_at:
                agenda.mark_question(client=client, entry_id=question.entry_id, state=agenda.TALKED, by=by, now=over)


def _checks_in(client: Client, episode: Episode, by: Practitioner, attended: list[Meeting], rng: Random, now) -> None:
    """Agreed at the last appointment, filled in the day before today."""
    device, last = _phone(client), attended[-1]
    agreed_at = last.starts_at + timedelta(minutes=27)
    filled_at = min(now - timedelta(hours=14), last.starts_at + timedelta(days=6))
    if device is None or filled_at <= max(agreed_at, device.paired_at):
        return
    sheet = library().newest(CHECK_IN)
    assignment = assign(
        client=client, episode=episode, worksheet=sheet, reason="It helps us to see what worked for you.",
        plan={"when": "the evening before we speak", "confidence": 8}, rhythm={"kind": "per_appointment"},
        from_date=agreed_at.date(), agreed_in=UUID(last.appointment_id), by=by, now=agreed_at,
    )  # fmt: skip
    payload = {"answers": dict(rng.choice(CHECK_INS)), "kept": False, "size": "usual", "short": False}
    form = {"form": (CHECK_IN, sheet.version), "wording": {"language": "en", "sha256": sheet.sha256}}
    _from_phone(client, device, "entry", payload, filled_at, assignment_id=assignment.id, medium="worksheet", **form)
    refresh_all(client=client, now=now)


def _phone(client: Client) -> Device | None:
    return db.session.scalar(
        select(Device).where(Device.client_id == client.id).order_by(Device.paired_at, Device.id).limit(1)
    )


def _from_phone(client: Client, device: Device, kind: str, payload: dict, at: datetime, **more) -> None:
    """By the road every phone takes, with the next number of that phone; it is no contact of its own."""
    raw = raw_revision(
        client=client, slot=None, subject_kind=kind, payload=payload, now=at.astimezone(UTC),
        **{"assignment_id": None, "medium": "said", **more},
    )  # fmt: skip
    device.highest_seq += 1
    raw |= {"entered_by": "client", "device_seq": device.highest_seq, "app_version": "0.1.0"}
    take_in(client, device, [raw], at, at)
