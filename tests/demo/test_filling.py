"""The demonstration is believable, whole, and leaves nothing undone that the pages show."""

import stat
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from server import demo
from server.assignments.models import Assignment, AssignmentVersion, Occurrence
from server.caseload.models import Appointment, Attendance, Episode
from server.caseload.queries import clients_of, day_of
from server.config import PUSH_HOSTS
from server.dashboard.safe_contact import CHANNELS, VOICEMAIL, SafeContactForm, safe_contact_of
from server.demo import agreements
from server.demo.people import STAFF
from server.demo.personal import CHECK_IN
from server.engagement.actions import refresh_all
from server.engagement.queries import lines
from server.entries.agenda import agenda_of
from server.entries.models import Contact, Entry, Quarantined, Revision
from server.entries.personal import about_me_of, takeaways_of, with_interpreter
from server.errors import Refused
from server.extensions import atomic, db
from server.people.models import Client, Device, Practitioner
from server.people.pairing import Paired, pair
from server.people.sign_in import start
from server.reminders.models import Delivery, DeliveryEvent, PushSubscription
from server.reminders.push import allowed
from server.reminders.queries import reach_of
from server.reminders.rules import LIVE_FOR
from server.reviews.models import Review
from server.worksheets.library import library
from tests.conftest import Demonstration

NOW = Demonstration.now


def how_many(model, *wanted):
    return db.session.scalar(select(func.count()).select_from(model).where(*wanted))


def counted(column, *wanted):
    return Counter(dict(db.session.execute(select(column, func.count()).where(*wanted).group_by(column)).all()))


@pytest.fixture
def both_practitioners(demo_app):
    found = db.session.scalars(select(Practitioner)).all()
    return [one for one in found if "practitioner" in one.roles]


def test_there_are_two_practitioners_and_forty_clients(both_practitioners):
    assert len(both_practitioners) == 2
    assert how_many(Client) == 40
    assert how_many(Practitioner) == len(STAFF)


def test_more_than_six_in_ten_chose_research(demo_app):
    choices = counted(Client.research)
    assert choices["yes"] / 40 >= 0.6
    assert choices["no"] and choices["not_asked"]


def test_twelve_weeks_lie_behind_it(demo_app):
    first = db.session.scalar(select(func.min(Appointment.local_date)))
    assert timedelta(weeks=11) <= NOW.date() - first <= timedelta(weeks=15)
    assert set(counted(Attendance.state)) == {
        "planned", "attended", "missed", "cancelled_by_client", "cancelled_by_service",
    }  # fmt: skip
    assert how_many(Episode, Episode.closed_on.is_not(None)) >= 2


def test_today_is_full_for_both_whenever_it_is_started(both_practitioners):
    for practitioner in both_practitioners:
        visits = day_of(practitioner, NOW.date(), NOW)
        assert len(visits) >= 5
        starts = [visit.meeting.starts_at for visit in visits]
        assert len(set(starts)) == len(starts)
        assert {visit.meeting.state for visit in visits} == {"planned"}


def test_the_lines_of_a_caseload_tell_different_stories(both_practitioners):
    told = [line for one in both_practitioners for line in lines(clients_of(one, NOW), NOW)]
    assert any(line.figures.done.count for line in told)
    assert any(line.figures.not_known for line in told)
    assert any(line.figures.no_answer for line in told)
    assert any(line.figures.barriers for line in told)
    assert any(line.figures.only_said for line in told)
    assert any(not line.contact.paired for line in told)


def test_every_worksheet_it_tells_of_is_agreed_and_filled_in(demo_app):
    every = {*agreements.RHYTHMS, CHECK_IN}
    assert len(every) >= 6 and every <= {worksheet.id for worksheet in library().all()}
    assert set(counted(Assignment.worksheet_id, Assignment.worksheet_id.is_not(None))) == every
    assert set(counted(Revision.form_key, Revision.form_key.is_not(None))) == every
    assert how_many(Assignment, Assignment.worksheet_id.is_(None)) >= 1


def test_every_answer_and_every_way_of_telling_is_there(demo_app):
    assert set(counted(Revision.medium)) == {"worksheet", "said", "paper", "phone_call"}
    assert set(counted(Revision.answer_outcome, Revision.answer == "not_today")) == {
        "smaller", "another_day", "swap", "keep", None,
    }  # fmt: skip
    assert {"done", "tried", "not_today", "exempt"} <= set(counted(Revision.answer))
    assert set(counted(Revision.entered_by)) == {"client", "practitioner"}
    assert set(counted(Occurrence.state)) >= {"done", "partial", "tried", "not_done", "moved", "exempt", "open"}


def test_nobody_has_the_same_task_agreed_twice_while_the_first_is_open(demo_app):
    latest = (AssignmentVersion.assignment_id == Assignment.id) & (AssignmentVersion.number == Assignment.version)
    pairs = db.session.execute(
        select(Assignment, AssignmentVersion).join(AssignmentVersion, latest).order_by(Assignment.agreed_at)
    ).all()
    assert len(pairs) > 80
    open_until = {}
    for made, version in pairs:
        same = (made.client_id, made.worksheet_id or version.title)
        assert open_until.get(same, made.agreed_on) <= made.agreed_on, version.title
        open_until[same] = made.ended_on or NOW.date() + timedelta(days=1)


def test_what_is_said_after_a_review_fits_the_worksheet(demo_app):
    worksheets = dict(db.session.execute(select(Assignment.id, Assignment.worksheet_id)).all())
    looks = db.session.scalars(select(Review).order_by(Review.client_id, Review.recorded_at)).all()
    about = {line: worksheet for worksheet, lines in agreements.REVIEWED.items() for line in lines}
    assert sum(map(len, agreements.REVIEWED.values())) == len(about), "a line belongs to one worksheet"
    for look in looks:
        if look.mark == "reviewed":
            assert about[look.line] == worksheets[look.assignment_id]
    assert {about[look.line] for look in looks if look.mark == "reviewed"} >= set(agreements.RHYTHMS)


def test_nobody_asks_the_same_question_twice(demo_app):
    clients = db.session.scalars(select(Client)).all()
    asked = [[one.text for one in agenda_of(client) if one.assignment_id is None] for client in clients]
    assert all(len(texts) == len(set(texts)) for texts in asked)
    assert len({text for texts in asked for text in texts}) >= 8


def test_how_to_reach_somebody_safely_is_kept_as_the_form_keeps_it(demo_app):
    kept = db.session.scalars(select(Client.safe_contact)).all()
    form = safe_contact_of(SafeContactForm().load({"hours_from": "09:00", "hours_until": "19:00"}))
    for safe in kept:
        assert safe.keys() == form.keys() and safe["hours"].keys() <= form["hours"].keys()
        assert set(safe["channels"]) <= set(CHANNELS) and safe["voicemail"] in VOICEMAIL
        assert not (safe["never_sms"] and "text" in safe["channels"])


def test_what_is_rare_happens_too(demo_app):
    assert how_many(Quarantined) == 1
    assert how_many(Entry, Entry.heads > 1) == 1
    assert how_many(Entry, Entry.kept) >= 1
    assert how_many(Review, Review.line_sealed.is_not(None)) >= 20
    assert any(agenda_of(client) for client in db.session.scalars(select(Client)))
    assert set(counted(Delivery.state)) >= {"accepted", "failed", "expired", "planned"}
    assert how_many(Delivery, Delivery.opened_at.is_not(None)) >= 10


def test_what_became_of_a_reminder_is_written_down_as_by_those_who_send(demo_app):
    asked = counted(DeliveryEvent.delivery_id, DeliveryEvent.origin.is_not(None))
    rows = db.session.scalars(select(Delivery)).all()
    assert {row.id: asked[row.id] for row in rows} == {row.id: row.attempts for row in rows}
    assert {row.expires_at - row.due_at for row in rows} == {LIVE_FOR}
    assert set(counted(Delivery.why, Delivery.state == "failed")) == {"no-phone"}


def test_clients_say_who_they_are_and_what_they_take_away_and_questions_are_talked_about(demo_app):
    clients = db.session.scalars(select(Client)).all()
    about = [one for one in map(about_me_of, clients) if one]
    assert len(about) >= 20 and any(one.by_staff for one in about) and not all(one.by_staff for one in about)
    assert len(with_interpreter([client.id for client in clients])) == 1
    assert sum(bool(takeaways_of(client)) for client in clients) >= 20
    questions = [one for client in clients for one in agenda_of(client)]
    assert any(one.waits for one in questions) and not all(one.waits for one in questions)


def test_phones_number_what_they_make_without_gaps(demo_app):
    for device in db.session.scalars(select(Device)):
        made = db.session.scalars(
            select(Revision.device_seq).where(Revision.device_id == device.id).order_by(Revision.device_seq)
        ).all()
        # What a silent phone still holds is not here yet; what is here has no gap, but for the one put aside.
        assert len(set(made)) == len(made)
        assert max(made) - len(made) <= 1


def test_nothing_happened_after_now_nor_before_it_could(demo_app):
    assert db.session.scalar(select(func.max(Revision.received_at))) <= NOW
    assert how_many(Revision, Revision.effective_at > Revision.received_at) == 0
    assert how_many(Revision, Revision.happened_at > Revision.created_at) == 0
    assert db.session.scalar(select(func.max(Contact.at))) <= NOW


def test_nothing_is_ever_sent_from_the_demonstration(demo_app):
    addresses = [row.keys["endpoint"] for row in db.session.scalars(select(PushSubscription))]
    assert len(addresses) >= 20
    assert not any(allowed(address, PUSH_HOSTS) for address in addresses)
    assert all(address.startswith("https://push.demonstration.invalid/") for address in addresses)


def test_some_reminders_reach_and_some_do_not(demo_app):
    reaching = [reach_of(client.id, NOW).reaching for client in db.session.scalars(select(Client))]
    assert reaching.count(True) >= 15
    assert reaching.count(False) >= 5


def test_laying_out_everything_afresh_changes_nothing(demo_app):
    def everything():
        rows = db.session.execute(select(*(c for c in Occurrence.__table__.c if c.name != "feed_seq")))
        return sorted(map(tuple, rows), key=str)

    before = everything()
    for client in db.session.scalars(select(Client)).all():
        with atomic():
            refresh_all(client=client, now=NOW)
    assert everything() == before


def test_the_sign_ins_work(demonstration, demo_app):
    for one in demonstration.access.sign_ins:
        with atomic():
            session, _ = start(sign_in_name=one.sign_in_name, password=one.password, address="here", now=NOW)
        assert session.practitioner_id


def test_the_code_lets_a_phone_in_and_a_fresh_one_replaces_it(demonstration, demo_app):
    name, code = demo.pairing_code(now=NOW)
    assert name == demonstration.access.client
    with atomic():
        assert not isinstance(pair(code=demonstration.access.code, details={}, now=NOW), Paired)
        assert isinstance(pair(code=code, details={}, now=NOW), Paired)


def test_a_database_that_is_not_empty_is_refused_with_a_sentence(demo_app):
    with pytest.raises(Refused) as refusal:
        demo.fill(now=NOW)
    assert "not empty" in refusal.value.message


def test_the_sign_ins_are_kept_for_this_account_alone(demonstration, tmp_path):
    path = demo.keep_sign_in(tmp_path, demonstration.access.sign_ins)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert demo.kept_sign_in(tmp_path) == demonstration.access.sign_ins
    assert demo.kept_sign_in(tmp_path / "elsewhere") == ()


def test_what_people_say_of_themselves_could_be_theirs(demo_app):
    said = {one.preferred_name: about_me_of(one).words for one in db.session.scalars(select(Client))}
    names = [words["name"] for words in said.values() if "name" in words]
    assert len(names) == len(set(names)) > 0, "no two want the same other name"
    of_nights = select(Assignment.id).where(Assignment.worksheet_id == agreements.NIGHTS)
    plans = db.session.scalars(select(AssignmentVersion).where(AssignmentVersion.assignment_id.in_(of_nights))).all()
    assert plans and not any("lunch" in (one.plan or {}).get("when", "") for one in plans), "nights: in the morning"
    youngest = {one.id for one in db.session.scalars(select(Client)) if one.date_of_birth[:4] > "1975"}
    reasons = [one.reason for one in db.session.scalars(select(AssignmentVersion)) if one.client_id in youngest]
    assert reasons and not any("grandchildren" in reason for reason in reasons)
