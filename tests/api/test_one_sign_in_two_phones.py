"""A phone's backup on a second phone: that one gets a device of its own. What is given back stays whose it was."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from server import clock
from server.audit.models import AuditEvent
from server.entries import queries as entries
from server.entries.models import Revision
from server.extensions import atomic, db
from server.people import pairing
from server.people.actions import add_client, revoke_device
from server.people.models import Device
from server.people.queries import epoch_id
from tests.cast import NOW, new_uuid
from tests.dashboard.browser import Browser

HEADERS = {"X-Sync-Protocol": "1"}


@pytest.fixture
def anna(both, cast, monkeypatch):
    """Anna with a phone on which three answers were saved and sent."""
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=1))
    cast.pair()
    cast.made["agreed"] = cast.agree()
    return cast


@pytest.fixture
def phones(both, anna):
    """Two phones with one cookie."""
    first = Phone(both, anna)
    assert first.push(*[first.save(n) for n in (1, 2, 3)]) == ["stored"] * 3
    return first, Phone(both, anna)


class Phone:
    """A browser: its cookies, and the device it believes to be."""

    def __init__(self, app, cast):
        self.cast, self.web, self.device_id = cast, app.test_client(), str(cast.phone.id)
        self.web.set_cookie("phone", cast.token)

    @property
    def token(self):
        return self.web.get_cookie("phone").value

    def save(self, number):
        return self.cast.entry(self.cast.made["agreed"].id, {"situation": f"number {number}"}, device_seq=number)

    def push(self, *revisions, **more):
        body = {"protocol": 1, "batch_id": new_uuid(), "device_id": self.device_id, "epoch": epoch_id(), **more}
        answer = self.web.post("/api/v1/sync/push", json={**body, "revisions": list(revisions)}, headers=HEADERS)
        db.session.rollback()
        assert answer.status_code == 200, answer.json
        return [one["status"] for one in answer.json["results"]]

    def refused(self, *revisions, **more):
        """The code of the refusal of a push."""
        return self.answer(*revisions, **more).json.get("code")

    def answer(self, *revisions, **more):
        """What a push is answered."""
        body = {"protocol": 1, "batch_id": new_uuid(), "device_id": self.device_id, "epoch": epoch_id(), **more}
        answer = self.web.post("/api/v1/sync/push", json={**body, "revisions": list(revisions)}, headers=HEADERS)
        db.session.rollback()
        return answer

    def ask(self):
        """The code of a refusal, or nothing."""
        code = self.web.get("/api/v1/device", headers=HEADERS).json.get("code")
        db.session.rollback()
        return code

    def twin(self):
        """Another phone with the backup of this one."""
        other = Phone(self.web.application, self.cast)
        other.web.set_cookie("phone", self.token)
        other.device_id = self.device_id
        return other

    def take_on(self):
        """As the app does when its device is refused."""
        pulled = self.web.get(f"/api/v1/sync/pull?device={self.device_id}", headers=HEADERS)
        assert pulled.json["code"] == "epoch-changed"
        assert pulled.json["epoch"] == epoch_id()
        self.device_id = self.web.get("/api/v1/device", headers=HEADERS).json["device_id"]

    def contact(self, device_seq):
        body = {"outbox": 0, "device_seq": device_seq, "digest": {"count": 0, "sha256": "x"}}
        told = self.web.post("/api/v1/sync/contact", json=body, headers=HEADERS).json
        return told["made"], told["stored"], told["elsewhere"]


def on_which(revision):
    rows = db.session.execute(select(Revision.revision_id, Revision.device_id)).all()
    return next(str(device) for key, device in rows if str(key) == revision["revision_id"])


def test_f44_a_copied_phone_gets_a_device_of_its_own_at_its_first_number_that_was_taken(phones):
    first, second = phones
    mine, theirs = first.save(4), second.save(4)
    assert first.push(mine) == ["stored"]
    assert second.push(theirs) == ["stored"]
    assert second.token != first.token
    second.take_on()
    assert second.device_id != first.device_id
    assert (on_which(mine), on_which(theirs)) == (first.device_id, second.device_id)
    assert second.push(second.save(5)) == ["stored"]
    assert first.push(first.save(5), first.save(6)) == ["stored", "stored"]
    assert (first.contact(6), second.contact(5)) == ((6, 6, 0), (2, 2, 0))
    assert first.push(first.save(8)) == ["stored"]
    assert second.push(second.save(7)) == ["stored"]
    assert first.contact(8) == (8, 7, 1), "number 7 of the other does not stand for its own"
    apart = db.session.scalar(select(Device).where(Device.copy_of.is_not(None)))
    assert (str(apart.id), str(apart.copy_of)) == (second.device_id, first.device_id)


def test_f44_the_answer_with_its_own_device_was_lost(phones, both):
    first, second = phones
    first.push(first.save(4))
    theirs = second.save(4)
    for _ in range(2):
        second.push(theirs)
        second.web.set_cookie("phone", first.token)  # never arrived
    assert second.push(theirs) == ["duplicate"]
    second.take_on()
    assert second.push(second.save(5)) == ["stored"]
    assert len(entries.arrived(first.cast.anna)) == 2, "one device more, however often it was asked"


def test_a_usual_phone_is_never_set_apart(phones):
    first, _ = phones
    again = first.save(4)
    assert first.push(again) == ["stored"]
    assert first.push(again, first.save(5)) == ["duplicate", "stored"]
    assert first.push({**again, "payload": {"answers": {}, "kept": False}}) == ["quarantined"]
    assert first.push({**first.save(6), "device_seq": "x"}, "nonsense", None) == ["quarantined"] * 3
    assert len(entries.arrived(first.cast.anna)) == 1


def test_two_pages_of_a_browser_that_keeps_nothing_are_one_phone(phones):
    first, second = phones
    assert first.push(first.save(4), keeps_nothing=True) == ["stored"]
    assert second.push(second.save(4), keeps_nothing=True) == ["stored"]
    assert second.token == first.token


def test_staff_read_that_a_second_phone_has_the_backup_of_the_first(phones, both):
    first, second = phones
    first.push(first.save(4))
    second.push(second.save(4))
    page = Browser(both).sign_in(first.cast.ben).fetch(f"/staff/clients/{first.cast.anna.id}").text
    assert "a second phone with the backup of phone 1" in page


def test_what_is_given_back_is_stored_under_the_phone_that_made_it(phones, both):
    first, _ = phones
    other = first.cast.pair()
    third = Phone(both, first.cast)
    lost, gone = first.save(4), str(new_uuid())
    foreign = first.save(7)
    made_on = {lost["revision_id"]: first.device_id, foreign["revision_id"]: gone}
    assert third.push(lost, third.save(1), foreign, made_on=made_on) == ["stored"] * 3
    assert (on_which(lost), on_which(foreign)) == (first.device_id, gone)
    assert third.token == first.cast.token, "numbers of another phone do not make it two"
    assert first.contact(4) == (4, 4, 0)
    assert third.contact(1) == (1, 1, 0)
    assert other.id != first.device_id


def test_a_phone_says_of_no_more_than_a_batch_on_which_phone_it_was_made(phones):
    first, _ = phones
    assert first.refused(first.save(4), made_on={new_uuid(): new_uuid() for _ in range(101)}) == "bad-input"


def test_nobody_gives_back_under_the_phone_of_another_client(phones):
    first, _ = phones
    with atomic():
        bea = add_client(service=first.cast.service, preferred_name="Bea", by=first.cast.ben, now=NOW)
        _, code = pairing.invite(client=bea, by=first.cast.ben, now=NOW)
        theirs = pairing.pair(code=code, details={}, now=NOW).device
    revision = first.save(4)
    assert first.push(revision, made_on={revision["revision_id"]: str(theirs.id)}) == ["stored"]
    assert on_which(revision) == first.device_id


@pytest.fixture
def apart(phones):
    """The two phones, the second with a device of its own."""
    first, second = phones
    first.push(first.save(4))
    second.push(second.save(4))
    second.take_on()
    return first, second


@pytest.mark.parametrize("ended", [0, 1])
def test_staff_who_end_one_of_two_that_began_as_one_lock_the_other_and_wipe_only_the_one(apart, ended):
    with atomic():
        device = db.session.get(Device, UUID(apart[ended].device_id))
        revoke_device(device=device, by=apart[0].cast.ben, now=clock.now())
    assert apart[ended].ask() == "device-revoked"
    assert apart[1 - ended].ask() == "device-copied"
    told = select(AuditEvent.detail).where(AuditEvent.verb == "device.ended_along")
    assert db.session.scalars(told).all() == [{"with": apart[ended].device_id}]


def test_an_old_sign_in_of_one_ends_what_was_set_up_with_it_and_from_that(apart, monkeypatch):
    """Whoever copied a sign-in does not go on with one that they got for it."""
    first, second = apart
    third = second.twin()
    second.push(second.save(5))
    third.push(third.save(5))
    old = first.token
    for later in (timedelta(days=2), timedelta(days=3)):
        monkeypatch.setattr(clock, "now", lambda later=later: NOW + later)
        first.contact(4)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=4))
    assert (first.ask(), second.ask(), third.ask()) == (None, None, None)
    first.web.set_cookie("phone", old)
    assert first.ask() == "device-copied"
    assert (second.ask(), third.ask()) == ("device-copied", "device-copied")


def test_another_phone_of_hers_with_a_code_of_its_own_goes_on(apart):
    apart[0].cast.pair()
    other = Phone(apart[0].web.application, apart[0].cast)
    with atomic():
        device = db.session.get(Device, UUID(apart[1].device_id))
        revoke_device(device=device, by=apart[0].cast.ben, now=clock.now())
    assert other.ask() is None


def test_a_sign_in_makes_at_most_two_phones_a_day_those_of_its_copies_with_it(apart, monkeypatch):
    first, second = apart
    third, fourth = second.twin(), first.twin()
    second.push(second.save(5))
    assert third.push(third.save(5)) == ["stored"]
    kept = fourth.save(4)
    answer = fourth.answer(kept)
    assert answer.json["code"] == "too-many-tries" and "few minutes" not in answer.json["message"]
    assert answer.headers["Retry-After"] == str(24 * 60 * 60), "a day after the first of the two"
    assert fourth.token == first.token
    assert first.push(first.save(5)) == ["stored"], "the phone itself goes on"
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=1, hours=2))
    assert fourth.push(kept) == ["stored"]
    assert db.session.scalar(select(func.count()).select_from(Device).where(Device.copy_of.is_not(None))) == 3


def test_staff_are_told_what_to_do_about_a_second_phone_and_can_wipe_one_that_is_only_locked(apart, both):
    first, _ = apart
    staff = Browser(both).sign_in(first.cast.ben)
    page = f"/staff/clients/{first.cast.anna.id}"
    assert "If the client has no second phone" in staff.fetch(page).text
    with atomic():
        revoke_device(device=db.session.get(Device, UUID(first.device_id)), by=first.cast.ben, now=clock.now())
    said = staff.fetch(page).text
    assert "If the client has no second phone" not in said
    assert "End access of phone 1" not in said
    assert "End access of phone 2" in said
