"""A country of clients in PostgreSQL: each with a phone, an hour, a daily task, an appointment and a recent contact.

Made in bulk; what opens with a key (the phones' addresses) is really sealed, each under its client's own.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from server.extensions import new_id
from server.reminders.models import PushSubscription
from server.sealing import new_data_key, ring, seal

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # a Monday; London's clock shows the same
BEGAN = NOW - timedelta(days=21)
FIRST_RUN, BURST = NOW.replace(hour=17), NOW.replace(hour=18)
DAYS = 4  # of occurrences


def fill(connection: Connection, clients: int, at: dict[str, int], origin: str, phones: list[dict]) -> None:
    """`at`: how many have their hour at which time; everybody else has one of the other half hours of the day."""
    service, staff = new_id(), new_id()
    connection.execute(text("SET session_replication_role = replica"))  # the rows belong together as they are made
    connection.execute(text(ONES), {"service": service, "staff": staff, "key": b"0" * 60, "began": BEGAN})
    raw = connection.connection.driver_connection
    with raw.cursor() as cursor:
        with cursor.copy(f"COPY {CLIENTS} FROM STDIN") as into:
            rows = _clients(service, clients, at, origin, phones)
            kept = []
            for client, phone in rows:
                into.write_row(client)
                kept.append(phone)
        with cursor.copy(f"COPY {PHONES} FROM STDIN") as into:
            for phone in kept:
                into.write_row(phone)
    values = {"now": NOW, "began": BEGAN, "today": NOW.date(), "staff": staff, "last": DAYS - 1}
    for statement in BY_CLIENT:
        connection.execute(text(statement), values)
    connection.execute(text("SET session_replication_role = DEFAULT"))


def _clients(
    service: UUID, number: int, at: dict[str, int], origin: str, phones: list[dict]
) -> Iterator[tuple[tuple, tuple]]:
    keys, hours = ring(), _hours(number, at)
    for n in range(number):
        client, phone, data_key = new_id(), new_id(), new_data_key()
        address = {"endpoint": f"{origin}/{n}", **phones[n % len(phones)]}
        bound = f"{PushSubscription.__tablename__}|{phone}|keys|1"
        sealed = seal(data_key, json.dumps(address).encode(), bound)
        # For a moment the client's zone holds their hour; the statements below put it where it belongs.
        safe = json.dumps({"asked_alone": True})
        yield (
            (client, service, keys.wrap(data_key, f"client|{client}"), 0, "en", next(hours), "not_asked", safe, BEGAN),
            (phone, service, client, client, f"{n:064x}", origin, sealed, BEGAN, NOW),
        )


def _hours(number: int, at: dict[str, int]) -> Iterator[str]:
    for hour, count in at.items():
        yield from [hour] * count
    others = [f"{hour:02}:{minute:02}" for hour in range(8, 22) for minute in (15, 45)]
    for n in range(number - sum(at.values())):
        yield others[n % len(others)]


CLIENTS = "client (id, service_id, data_key, feed_seq, language, zone, research, safe_contact, created_at)"
PHONES = (
    "push_subscription (id, service_id, client_id, device_id, endpoint_lookup, origin, keys_sealed, created_at,"
    " confirmed_at)"
)
ONES = """
    WITH one AS (INSERT INTO service (id, name, nation, zone, crisis_name, crisis_number, crisis_hours, reading_promise,
            closed_days, weekly_cap, demo, data_key, created_at)
        VALUES (:service, 'Everywhere', 'england', 'Europe/London', '', '', '', '', '[]', 7, false, :key, :began))
    INSERT INTO practitioner (id, service_id, roles, sign_in_lookup, password_hash, must_change_password, changed_by,
            created_at)
    VALUES (:staff, :service, '["practitioner"]', 'nobody', '', false, '[]', :began)"""
BY_CLIENT = (
    """INSERT INTO reminder_rule (id, service_id, client_id, kind, at, weekdays, zone, level, channel, steady,
            created_at)
        SELECT md5('r' || id)::uuid, service_id, id, 'own', zone, '[0, 1, 2, 3, 4, 5, 6]', 'Europe/London', 1, 'push',
            false, :began FROM client""",
    "UPDATE client SET zone = 'Europe/London'",
    """INSERT INTO device (id, service_id, client_id, token_hash, platform, display, shared_phone, paired_at,
            last_contact_at, highest_seq)
        SELECT id, service_id, id, md5('t' || id), 'other', 'browser', false, :began, :now, 0 FROM client""",
    """INSERT INTO episode (id, service_id, client_id, opened_on, created_at)
        SELECT md5('e' || id)::uuid, service_id, id, :began, :began FROM client""",
    """INSERT INTO assignment (id, service_id, client_id, episode_id, agreed_on, agreed_at, agreed_by, state, version)
        SELECT md5('a' || id)::uuid, service_id, id, md5('e' || id)::uuid, :began, :began, :staff, 'open', 1
        FROM client""",
    """INSERT INTO assignment_version (assignment_id, number, service_id, client_id, from_date, rhythm, size, made_by,
            recorded_at, feed_seq)
        SELECT md5('a' || id)::uuid, 1, service_id, id, :began, '{"kind": "daily", "times": 1}', 'usual',
            'practitioner', :began, 1 FROM client""",
    """INSERT INTO occurrence (assignment_id, slot, service_id, client_id, episode_id, version, opens_on, due_on,
            due_at, state, size, extra, recorded_at, feed_seq)
        SELECT md5('a' || id)::uuid, (CAST(:today AS date) + n)::text || '#1', service_id, id, md5('e' || id)::uuid, 1,
            CAST(:today AS date) + n, CAST(:today AS date) + n, CAST(:now AS timestamptz) + n * interval '1 day',
            'open', 'usual', 0, :now, 1 FROM client CROSS JOIN generate_series(0, :last) n""",
    """INSERT INTO appointment (id, service_id, practitioner_id, starts_at, zone, local_date, minutes, kind, mode,
            created_at)
        SELECT md5('m' || id)::uuid, service_id, :staff, CAST(:now AS timestamptz) + interval '5 days',
            'Europe/London', CAST(:today AS date) + 5, 30, 'treatment', 'telephone', :began FROM client""",
    """INSERT INTO attendance (service_id, appointment_id, episode_id, client_id, state, recorded_at, feed_seq)
        SELECT service_id, md5('m' || id)::uuid, md5('e' || id)::uuid, id, 'planned', :began, 1 FROM client""",
    """INSERT INTO contact (service_id, client_id, device_id, hour, at, emptied_at, outbox, recorded_at)
        SELECT service_id, id, id, date_trunc('hour', at), at, at, 0, at
        FROM client CROSS JOIN LATERAL (SELECT CAST(:now AS timestamptz) - (n * 31 + 5) * interval '1 hour' AS at
            FROM generate_series(0, 2) n) moments""",
)
