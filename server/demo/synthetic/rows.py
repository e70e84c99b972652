"""The rows that one invented person's course leaves in the database, in the order of the tables' references."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from server.assignments.actions import values_of as occurrence_values
from server.assignments.models import STORED, Assignment, AssignmentVersion, ClientWeek, Occurrence
from server.assignments.rules import plan_specificity
from server.assignments.weeks import monday
from server.caseload.models import Access, Appointment, AppointmentChange, Attendance, Episode
from server.demo.phone import APP_VERSION
from server.demo.synthetic.course import ZONE, Life, Visit, made_id
from server.demo.synthetic.doing import Agreed, Deeds, Owner, Said, ground
from server.entries.actions import look
from server.entries.actions import values_of as revision_values
from server.entries.models import Contact, Entry, Revision
from server.entries.recording import raw_revision
from server.extensions import Row
from server.measures.models import MeasureScore
from server.people import sign_in
from server.people.actions import number_lookup
from server.people.models import Client, Device, Equity, ResearchChoice
from server.reviews.models import Review
from server.sealing import DataKey, new_data_key, seal, wrapped
from server.worksheets.practice import is_practice

# Whoever is referred to comes first.
TABLES: tuple[type[Row], ...] = (Client, ResearchChoice, Equity, Episode, Access, Appointment, AppointmentChange)
TABLES += (Attendance, Assignment, AssignmentVersion, Review, Device, Contact, Revision, Entry, Occurrence)
TABLES += (ClientWeek, MeasureScore)
NAME = "Synthetic person"

Values = dict[str, Any]


@dataclass(frozen=True)
class Keyed:
    """One person's ids and fresh key: what is sealed under it differs each time, though it says the same."""

    owner: Owner
    device: UUID
    key: DataKey

    @property
    def of_client(self) -> Values:
        """The two columns that nearly every row has."""
        return {"service_id": self.owner.service, "client_id": self.owner.client}

    def sealed(self, identity: str, text: str) -> bytes:
        """One text under the person's key, bound to its row as `Sealed` binds it."""
        return seal(self.key, text.encode(), f"{identity}|1")


def keyed(life: Life, service: UUID, practitioner: UUID, rng: Random) -> Keyed:
    """The ids of a person, from their random numbers, and a key that is random in earnest."""
    client, episode, device = (made_id(life.added_at, rng) for _ in range(3))
    return Keyed(Owner(client, service, episode, practitioner), device, DataKey(((0, new_data_key()),)))


def rows_of(deeds: Deeds, who: Keyed, rng: Random) -> dict[type[Row], list[Values]]:
    """Every row of one person, by table. Each that the phone is told of has its number of the feed."""
    found: dict[type[Row], list[Values]] = defaultdict(list)
    told: list[tuple[datetime, type[Row], Values]] = []
    for table, at, values in _what_happened(deeds, who, rng):
        found[table].append(values)
        if "feed_seq" in table.__table__.c:
            told.append((at, table, values))
    told.sort(key=lambda one: one[0])
    _occurrences(deeds, who, found)
    for number, values in enumerate([*(one[2] for one in told), *found[Occurrence]], start=1):
        values["feed_seq"] = number
    found[Client] = [_client(deeds.life, who) | {"feed_seq": len(told) + len(found[Occurrence])}]
    return found


def _what_happened(deeds: Deeds, who: Keyed, rng: Random) -> Iterator[tuple[type[Row], datetime, Values]]:
    life = deeds.life
    yield from _taken_on(life, who, rng)
    for visit in life.visits:
        yield from _visit(visit, who)
    for one in deeds.agreed:
        yield from _agreed(one, who)
    if deeds.paired_at:
        yield Device, deeds.paired_at, _device(deeds, who)
        yield from ((Contact, at, values) for at, values in _contacts(deeds, who))
    for number, said in enumerate(sorted(deeds.said, key=lambda one: one.created_at), start=1):
        yield from _said(said, number, who)
    for scored in life.scores:
        for measure, total in (("phq-9", scored.phq), ("gad-7", scored.gad)):
            yield MeasureScore, scored.visit.starts_at, _score(measure, total, scored.visit, who, rng)


def _client(life: Life, who: Keyed) -> Values:
    number = f"SYN-{life.place.number + 1:07}"
    row = f"client|{who.owner.client}"
    return {
        "id": who.owner.client,
        "service_id": who.owner.service,
        "data_key": wrapped(who.key, row),
        "preferred_name_sealed": who.sealed(f"{row}|preferred_name", f"{NAME} {life.place.number + 1}"),
        "date_of_birth_sealed": who.sealed(f"{row}|date_of_birth", life.born.isoformat()),
        "local_number_sealed": who.sealed(f"{row}|local_number", number),
        "local_number_lookup": number_lookup(who.owner.service, number),
        "language": life.language,
        "zone": ZONE.key,
        "research": life.research,
        "safe_contact": {},
        "created_at": life.added_at,
    }


def _taken_on(life: Life, who: Keyed, rng: Random) -> Iterator[tuple[type[Row], datetime, Values]]:
    at, owner = life.added_at, who.owner
    if life.research != "not_asked":
        yield ResearchChoice, at, {**who.of_client, "choice": life.research, "revision_id": None, "recorded_at": at}
    said = dict.fromkeys(("ethnicity", "gender", "disability", "sexual_orientation", "age_band"))
    how = {"source": "csv", "recorded_by": owner.practitioner, "recorded_at": at}
    yield Equity, at, {**who.of_client, **said, "imd_decile": str(life.decile), **how}
    yield Episode, at, _episode(life, who)
    whose = {"id": made_id(at, rng), "episode_id": owner.episode, "practitioner_id": owner.practitioner}
    yield Access, at, {**who.of_client, **whose, "role": "own", "from_at": at}


def _episode(life: Life, who: Keyed) -> Values:
    return {
        **who.of_client,
        "id": who.owner.episode,
        "opened_on": life.added_at.astimezone(ZONE).date(),
        "closed_on": life.closed_at.astimezone(ZONE).date() if life.closed_at else None,
        "close_reason": life.close_reason,
        "problem": life.problem,
        "created_at": life.added_at,
    }


def _visit(visit: Visit, who: Keyed) -> Iterator[tuple[type[Row], datetime, Values]]:
    by, booked = who.owner.practitioner, visit.booked_at
    common = {"starts_at": visit.starts_at, "zone": ZONE.key, "mode": visit.mode}
    appointment = {
        **common,
        "id": visit.id,
        "service_id": who.owner.service,
        "practitioner_id": by,
        "local_date": visit.starts_at.astimezone(ZONE).date(),
        "minutes": 30,
        "kind": "treatment",
        "created_at": booked,
    }
    yield Appointment, booked, appointment
    about = {"service_id": who.owner.service, "appointment_id": visit.id, "recorded_by": by}
    yield AppointmentChange, booked, {**common, **about, "what": "booked", "recorded_at": booked}
    states = [("planned", booked)]
    if visit.state != "planned":
        states.append((visit.state, visit.starts_at + timedelta(minutes=28)))
    if visit.state.startswith("cancelled"):
        yield AppointmentChange, states[-1][1], {**common, **about, "what": "cancelled", "recorded_at": states[-1][1]}
    for state, at in states:
        whose = {**about, **who.of_client, "episode_id": who.owner.episode}
        yield Attendance, at, {**whose, "state": state, "recorded_at": at}


def _agreed(one: Agreed, who: Keyed) -> Iterator[tuple[type[Row], datetime, Values]]:
    by, row = who.owner.practitioner, f"assignment_version|{one.id}/1"
    agreed = {
        **who.of_client,
        "id": one.id,
        "episode_id": who.owner.episode,
        "worksheet_id": one.worksheet.id,
        "worksheet_version": one.worksheet.version,
        "agreed_on": one.agreed_on,
        "agreed_at": one.agreed_at,
        "agreed_in": one.agreed_in.id,
        "agreed_by": by,
        "state": "ended" if one.ended_at else "open",
        "ended_on": one.ended_on,
        "ended_at": one.ended_at,
        "version": 1,
    }
    yield Assignment, one.agreed_at, agreed
    version = {
        **who.of_client,
        "assignment_id": one.id,
        "number": 1,
        "from_date": one.agreed_on,
        "rhythm": dict(one.rhythm),
        "size": "usual",
        "specificity": plan_specificity(dict(one.plan)),
        "title_sealed": who.sealed(f"{row}|title", one.worksheet.title),
        "reason_sealed": who.sealed(f"{row}|reason", one.reason),
        "plan_sealed": who.sealed(f"{row}|plan", one.plan_text),
        "made_by": "practitioner",
        "made_by_id": by,
        "recorded_at": one.agreed_at,
    }
    yield AssignmentVersion, one.agreed_at, version
    for review_id, visit, mark, at in one.reviews:
        about = {"id": review_id, "episode_id": who.owner.episode, "assignment_id": one.id, "appointment_id": visit.id}
        yield Review, at, {**who.of_client, **about, "mark": mark, "recorded_by": by, "recorded_at": at}


def _device(deeds: Deeds, who: Keyed) -> Values:
    return {
        **who.of_client,
        "id": who.device,
        "token_hash": sign_in.hash_token(sign_in.new_token()),  # nobody knows it, so nobody comes in by it
        "platform": "android" if deeds.life.place.number % 2 else "ios",
        "display": "browser",
        "app_version": APP_VERSION,
        "paired_at": deeds.paired_at,
        "last_contact_at": deeds.contacts[-1] if deeds.contacts else None,
        "last_outbox": 0 if deeds.contacts else None,
        "highest_seq": len(deeds.said),
    }


def _contacts(deeds: Deeds, who: Keyed) -> Iterator[tuple[datetime, Values]]:
    """One row an hour, the last of it."""
    hours = {at.replace(minute=0, second=0, microsecond=0): at for at in deeds.contacts}
    for hour, at in hours.items():
        told = {"hour": hour, "at": at, "emptied_at": at, "outbox": 0, "recorded_at": at}
        yield at, {**who.of_client, "device_id": who.device, **told}


def _said(said: Said, number: int, who: Keyed) -> Iterator[tuple[type[Row], datetime, Values]]:
    item = look(_raw(said, number))
    if item.read is None:
        raise ValueError(f"an invented revision cannot be read: {item.trouble}")
    late = said.about.ended_at is not None and said.received_at > said.about.ended_at
    client = SimpleNamespace(id=who.owner.client, service_id=who.owner.service)
    mine = {said.about.id: ground(said.about, who.owner)}
    values = revision_values(item, item.read, client, who.key, mine, late, said.received_at, said.received_at)
    author = {
        "device_id": None if said.by_staff else who.device,
        "practitioner_id": who.owner.practitioner if said.by_staff else None,
        "entered_by": "practitioner" if said.by_staff else "client",
    }
    yield Revision, said.received_at, values | author | {"late": late}
    entry = {
        **who.of_client,
        "entry_id": said.entry_id,
        "subject_kind": said.kind,
        "assignment_id": said.about.id,
        "slot": said.slot,
        "head_id": said.revision_id,
        "heads": 1,
        "revisions": 1,
        "deleted": False,
        "kept": False,
        "outcome": values["outcome"],
        "happened_at": values["happened_at"],
        "first_received_at": said.received_at,
    }
    yield Entry, said.received_at, entry


def _raw(said: Said, number: int) -> Values:
    """The revision as a phone or a practitioner's page would send it (docs/protocol.md)."""
    sheet = said.about.worksheet
    form: Values = {"form": (sheet.id, sheet.version), "wording": {"language": "en", "sha256": sheet.sha256}}
    raw = raw_revision(
        client=SimpleNamespace(zone=ZONE.key),
        assignment_id=said.about.id,
        slot=said.slot,
        subject_kind=said.kind,
        payload=dict(said.payload),
        now=said.created_at,
        medium=said.medium,
        happened_local=said.happened_at.astimezone(ZONE).replace(tzinfo=None),
        revision_id=said.revision_id,
        entry_id=said.entry_id,
        **(form if said.kind == "entry" else {}),
    )
    if said.by_staff:
        return raw
    return raw | {"entered_by": "client", "device_seq": number, "app_version": APP_VERSION}


def _occurrences(deeds: Deeds, who: Keyed, found: dict[type[Row], list[Values]]) -> None:
    weeks: dict[Any, Counter[str]] = defaultdict(Counter)
    for one in deeds.agreed:
        laid, filled = deeds.laid[one.id]
        for slot in sorted(laid, key=lambda slot: slot.key):
            values = occurrence_values(slot, filled[slot.key], ZONE)
            about = {"assignment_id": one.id, "slot": slot.key, "episode_id": who.owner.episode}
            found[Occurrence].append({**who.of_client, **about, **values, "recorded_at": deeds.until})
            if is_practice(one.worksheet.id):
                weeks[monday(values["due_on"])][values["state"]] += 1
    for week, counts in sorted(weeks.items()):
        counted = {state: counts[state] for state in STORED}
        found[ClientWeek].append({**who.of_client, "week": week, **counted, "computed_at": deeds.until})


def _score(measure: str, total: int, visit: Visit, who: Keyed, rng: Random) -> Values:
    at = visit.starts_at + timedelta(minutes=21)
    return {
        **who.of_client,
        "id": made_id(at, rng),
        "episode_id": who.owner.episode,
        "appointment_id": visit.id,
        "measure_id": measure,
        "measure_version": 1,
        "taken_on": visit.starts_at.astimezone(ZONE).date(),
        "items": None,
        "totals": {"total": total},
        "source": "practitioner",
        "entered_by": who.owner.practitioner,
        "what": "entered",
        "recorded_at": at,
    }
