"""What the tests of reminders share: a pretended sender, a tick of it, and a look at the rows."""

import threading
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select

from server import jobs
from server.entries.models import Revision
from server.extensions import atomic, db
from server.people import actions as people
from server.reminders import actions, ways
from server.reminders.models import Delivery, DeliveryEvent
from server.reminders.push import SENT, Outcome
from tests.reminders.conftest import MONDAY

DUE = MONDAY + timedelta(hours=5, minutes=30)  # 13:30 in London
SECOND = timedelta(seconds=1)
SAFE = {"asked_alone": True, "channels": ["email", "text"]}
ADDRESS, MOBILE = "anna@example.org", "07700 900123"


class Answering:
    """A sender that answers as it was told, and keeps what it was given."""

    def __init__(self, *outcomes):
        self.outcomes, self.given = list(outcomes), []

    def send(self, messages, now):
        for message in messages:
            self.given.append(message)
            yield [(message, self.outcomes.pop(0) if self.outcomes else Outcome(SENT, 201))]


def deliveries():
    return list(db.session.scalars(select(Delivery).order_by(Delivery.due_at)))


def tick(now=DUE, *outcomes):
    sender = Answering(*outcomes)
    return jobs.send_due_reminders(now, sender), sender


def set_up(app, *without):
    """Give the installation each way but these, as an operator would. Nothing is there to take a message."""
    mail = {"smtp_url": "smtp://localhost", "mail_from": "meantime@example.org"} if "email" not in without else {}
    texts = {"notify_key": "k", "notify_template": "t", "sms_sender": "Meantime"} if "sms" not in without else {}
    nothing = dict.fromkeys(("smtp_url", "mail_from", "notify_key", "notify_template", "sms_sender"), "")
    app.config["MEANTIME"] = replace(app.config["MEANTIME"], **{**nothing, **mail, **texts})


def say(story, *order, now=MONDAY, email=ADDRESS, mobile=MOBILE, safe=SAFE, client=None):
    """Anna says by which ways, in which order; Ben writes it down."""
    client = client or story.client
    with atomic():
        people.change_safe_contact(client=client, safe_contact=safe, by=story.practitioner, now=now)
        ways.change(client=client, order=order, email=email, mobile=mobile, by=story.practitioner, now=now)
        actions.use_ways(client=client, by=story.practitioner, now=now)


def told():
    """Every delivery of the first day: by which way, and how far it got."""
    db.session.expire_all()
    return [(row.channel, row.state, row.why) for row in deliveries() if row.due_at == DUE]


def events(delivery):
    rows = select(DeliveryEvent.what).where(DeliveryEvent.delivery_id == delivery.id).order_by(DeliveryEvent.id)
    return list(db.session.scalars(rows))


def first():
    return db.session.scalars(select(Delivery).order_by(Delivery.due_at).limit(1)).one()


def said(story, moment, payload=None):
    """A setting revision of Anna's, effective at that moment, which says `payload`."""
    revision = Revision(
        client_id=story.client.id, revision_id=(key := uuid4()), service_id=story.client.service_id, entry_id=uuid4(),
        subject_kind="setting", kind="save", content_hash="0", happened_at=moment, happened_local="", happened_zone="",
        medium="worksheet", entered_by="client", helped_by="none", device_seq=1, created_at=moment, received_at=moment,
        effective_at=moment, schema_version=1, feed_seq=1,
        body={"payload": payload or {}},
    )  # fmt: skip
    with atomic():
        db.session.add(revision)
    return key


def in_threads(work, number):
    wrong = []

    def guarded():
        try:
            work()
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=guarded) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []
    db.session.rollback()  # what was read before is old
