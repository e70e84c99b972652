"""Push, pull and the end of a cycle: what a phone sends is stored once, and only then acknowledged."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import after_this_request, g, make_response, request

from server.api import schemas, wire
from server.api.changes import changes_of
from server.api.guard import blueprint, keep_signed_in
from server.api.scores import filled_in
from server.api.settings import apply_settings
from server.assignments import queries as assignments
from server.caseload import handing_over
from server.caseload import queries as caseload
from server.endings.queries import course_over
from server.engagement.actions import refresh
from server.entries import actions as entries
from server.entries import cloned
from server.entries import queries as entry_queries
from server.entries.personal import keep_personal
from server.entries.risk_states import risk_states
from server.errors import CODES, Refused
from server.extensions import atomic
from server.measures.from_clients import keep_scores
from server.people import queries as people
from server.people import tokens
from server.reminders import queries as reminders
from server.reminders.asking import is_asked
from server.reviews import queries as reviews
from server.safety import actions as safety

MOST_BYTES = 1024 * 1024
MOST_IDS = 500
MOST_DIGITS = 18  # a cursor with more is none of ours, and too large for the database


@blueprint.route("/sync/push", methods=["POST"])
@blueprint.arguments(schemas.PushSchema)
@blueprint.response(200, schemas.AcknowledgementSchema)
@blueprint.alt_response(409, schema=schemas.RefusalSchema, description="epoch-changed")
@blueprint.alt_response(413, schema=schemas.RefusalSchema, description="too-large")
@blueprint.alt_response(429, schema=schemas.RefusalSchema, description="too-many-tries: second phones out of this one")
def push(sent):
    """Take in a batch. The answer is written only after the transaction is on disk."""
    if (request.content_length or 0) > MOST_BYTES:
        raise Refused("too-large")
    epoch = people.epoch_id()
    if sent["epoch"] != epoch or sent["device_id"] != g.device.id:
        raise Refused("epoch-changed", epoch=epoch)
    revisions, others = sent["revisions"], sent["made_on"]
    with atomic():
        # Two pages of a browser that keeps nothing give the same numbers, and are one phone all the same.
        device = g.device if sent["keeps_nothing"] else cloned.sender(g.client, g.device, revisions, others, g.now)
        received = take_in(g.client, device, revisions, g.now, sent["sent_at"], cloned.owners(g.client, others))
    if device.id != g.device.id:
        token = tokens.token_of(device, device.generation, g.now)
        after_this_request(lambda answer: keep_signed_in(answer, token))
    return {
        "batch_id": str(sent["batch_id"]),
        "epoch": epoch,
        "server_time": wire.moment(g.now),
        "results": [_result(receipt) for receipt in received.receipts],
    }


def take_in(
    client, device, revisions, now: datetime, sent_at: datetime | None = None, made_on=None
) -> entries.Received:
    """Store a batch and act on it in the caller's `atomic()`: occurrences, flags, scores, settings, about me."""
    received = entries.receive(
        client=client, device=device, revisions=revisions, now=now, sent_at=sent_at, made_on=made_on
    )
    refresh(client=client, assignment_ids=received.assignment_ids, now=now)
    safety.flag(client=client, answered=risk_states(client, received, now), now=now)
    keep_scores(client=client, filled=filled_in(client, received, now), now=now)
    apply_settings(client, received, device, now)
    keep_personal(client=client, received=received, now=now)
    return received


def _result(receipt: entries.Receipt) -> dict:
    body = {
        "revision_id": str(receipt.revision_id) if receipt.revision_id else None,
        "content_hash": receipt.content_hash,
        "status": receipt.status,
    }
    if receipt.code:
        body |= {"code": receipt.code, "message": CODES.get(receipt.code, "This could not be read. It is kept.")}
    return body


@blueprint.route("/sync/pull")
@blueprint.arguments(schemas.PullQuery, location="query")
@blueprint.response(200, schemas.PullSchema)
@blueprint.alt_response(304, description="nothing new")
@blueprint.alt_response(409, schema=schemas.RefusalSchema, description="epoch-changed")
def pull(asked):
    """What the phone has not seen yet, in the order it became visible."""
    epoch = people.epoch_id()
    if asked["device"] not in (None, g.device.id):
        raise Refused("epoch-changed", epoch=epoch)
    after = _after(asked["cursor"], epoch)
    # Looked at once: the ETag is of what is told.
    service = wire.service_of_wire(people.service_of(g.client), g.now) | {"reminders_wait": not is_asked(g.client)}
    top = g.client.feed_seq  # read before the changes: what is committed meanwhile waits for the next pull
    etag = f'"{epoch[-8:]}-{top}-{after}-{wire.fingerprint(service)}"'
    if request.headers.get("If-None-Match") == etag and top <= after:
        return _not_modified(etag)
    page = _changes(after, top, asked["limit"])
    reached = page.changes[-1]["seq"] if page.changes else max(after, top)
    upcoming = _next_appointment()
    body = {
        "epoch": epoch,
        "cursor": f"{epoch}.{reached}",
        "more": page.more,
        "server_time": wire.moment(g.now),
        "next_appointment": upcoming,
        "appointment_news": _appointment_news(),
        "course_over": wire.course_over(course_over(g.client)),
        "changes": [
            *page.changes,
            {"seq": reached, "kind": "service", "id": "service", "body": service},
        ],
    }
    new_etag = f'"{epoch[-8:]}-{top}-{reached}-{wire.fingerprint(service)}"'
    return body, 200, {"ETag": new_etag}


@dataclass(frozen=True)
class _Page:
    changes: list[dict]
    more: bool


def _changes(after: int, top: int, limit: int) -> _Page:
    """A page of changes with numbers over `after` and up to `top`.

    These are several looks, and between them another transaction may commit: taking its later number along would move
    the cursor past its earlier ones, and the phone would never see those.
    """
    client_id = g.client.id
    # One more of each than fits, so that a full page knows whether there is another.
    agreed, occurrences = assignments.feed_of(client_id, after, limit + 1)
    found, changed = [], changes_of(g.client, agreed)
    for one in agreed:
        with_whom = people.practitioner(one.assignment.agreed_by)
        body = wire.assignment(one, with_whom.name if with_whom else "", changed.get(one.assignment.id, ()))
        found.append((one.version.feed_seq, "assignment", str(one.assignment.id), body))
    for row in occurrences:
        found.append((row.feed_seq, "occurrence", f"{row.assignment_id}/{row.slot}", wire.occurrence(row)))
    for row in reviews.feed_of(client_id, after, limit + 1):
        by = people.practitioner(row.recorded_by)
        found.append((row.feed_seq, "review", str(row.id), wire.review(row, by.name if by else "")))
    for seq, meeting in caseload.feed_of(client_id, after, limit + 1):
        found.append((seq, "appointment", meeting.appointment_id, wire.appointment(meeting, _local(meeting))))
    for row in handing_over.feed_of(client_id, after, limit + 1):
        found.append((row.feed_seq, "handover", str(row.id), wire.handover(row)))
    for row in entry_queries.feed_of(client_id, after, limit + 1):
        found.append((row.told_seq, *wire.revision_or_damaged(row, g.device.id)))
    for row in reminders.deliveries_since(client_id, after, limit + 1):
        found.append((row.feed_seq, "delivery", row.code, wire.delivery(row)))
    found = sorted((change for change in found if change[0] <= top), key=lambda change: change[0])
    changes = [{"seq": seq, "kind": kind, "id": key, "body": body} for seq, kind, key, body in found[:limit]]
    return _Page(changes, len(found) > limit)


def _after(cursor: str, epoch: str) -> int:
    if not cursor:
        return 0
    of_epoch, _, seq = cursor.rpartition(".")
    if of_epoch != epoch or not seq.isdecimal() or len(seq) > MOST_DIGITS:
        raise Refused("epoch-changed", epoch=epoch)
    return int(seq)


def _next_appointment() -> dict | None:
    meeting = caseload.next_appointment(g.client.id, g.now)
    if meeting is None:
        return None
    return {"starts_at": wire.moment(meeting.starts_at), "local": _local(meeting), "mode": meeting.mode}


def _appointment_news() -> dict | None:
    news = caseload.appointment_news(g.client.id, g.now)
    if news is None:
        return None
    return {"what": news.what, "was": _at(news.was, news.zone), "now": _at(news.now, news.zone)}


def _local(meeting) -> str:
    return _at(meeting.starts_at, meeting.zone)


def _at(moment: datetime | None, zone: str) -> str | None:
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") if moment else None


def _not_modified(etag: str):
    answer = make_response("", 304)
    answer.headers["ETag"] = etag
    return answer


@blueprint.route("/sync/contact", methods=["POST"])
@blueprint.arguments(schemas.ContactSchema)
@blueprint.response(200, schemas.ComparedSchema)
@blueprint.alt_response(409, schema=schemas.RefusalSchema, description="epoch-changed")
def end_cycle(told):
    """The end of a cycle: how much the phone still holds, and whether both sides hold the same. Never a side chosen."""
    if told["device_id"] not in (None, g.device.id):
        raise Refused("epoch-changed", epoch=people.epoch_id())
    ids, sha256 = entry_queries.digest(g.client.id)
    same = told["digest"]["count"] == len(ids) and told["digest"]["sha256"] == sha256
    with atomic():
        entries.contact(
            client=g.client, device=g.device, outbox=told["outbox"], device_seq=told["device_seq"], now=g.now
        )
        token = tokens.renewed(g.told, g.now)
    if token:
        after_this_request(lambda answer: keep_signed_in(answer, token))
    counts = entry_queries.arrived(g.client)
    here = counts.pop(g.device.id)
    elsewhere = sum(one.missing for one in counts.values())
    body = {"same": same, "count": len(ids), "made": here.made, "stored": here.stored, "elsewhere": elsewhere}
    if not same and told["ids"] is not None:
        theirs, ours = set(told["ids"]), set(ids)
        body["missing_here"] = [str(one) for one in sorted(ours - theirs)[:MOST_IDS]]
        body["missing_there"] = [str(one) for one in sorted(theirs - ours)[:MOST_IDS]]
    return body
