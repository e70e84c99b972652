"""Any order of saving, editing, deleting, pushing, losing, repeating, pulling and restarting keeps every promise."""

import itertools
import shutil
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from unittest import mock
from uuid import UUID

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from server import clock, copies, create_app, installation
from server.api import sync
from server.assignments.models import Assignment
from server.engagement import actions as engagement
from server.entries import heads
from server.entries.models import Quarantined
from server.extensions import atomic, db
from server.people.models import Device
from tests.conftest import fresh_address
from tests.conftest import settings as settings_in
from tests.faults.conftest import make_world
from tests.faults.restoring import emptied

FATES = ("arrives", "lost_request", "lost_answer", "cut_answer", "sent_twice", "breaks", "arrives_later")
PHONES = st.integers(0, 3)
HEADERS = {"X-Sync-Protocol": "1"}


class Syncing(RuleBasedStateMachine):
    """Two clients with two phones each, and what each phone holds, was told and has pulled."""

    def __init__(self, config):
        super().__init__()
        self.config, self.pulled = config, {n: ("", set()) for n in range(4)}
        self.skew, self.underway, self.copy = dict.fromkeys(range(4), 0), [], None
        self.restoring = False
        self._open()
        self.world = make_world(config)
        self.phones = self.world.phones

    def teardown(self):
        try:
            if not self.restoring:  # else it broke off in there, and that is what is to be told
                self._at_rest()
        finally:
            self._close()

    @rule(n=PHONES, slot=st.one_of(st.none(), st.integers(0, 3)))
    def save_an_entry(self, n, slot):
        person, _ = self.phones[n]
        self._save(n, person.entry(slot=person.slot(slot) if slot is not None else None))

    @rule(n=PHONES)
    def agree_something_more(self, n):
        self.phones[n][0].agree()

    @precondition(lambda self: any(person.agreed_later for person in self.world.people))
    @rule(n=PHONES, data=st.data())
    def save_an_entry_about_what_was_agreed_later(self, n, data):
        """After a restore it may be gone from there, and known to the phone alone."""
        person, _ = self.phones[n]
        if person.agreed_later:
            self._save(n, person.entry(data.draw(st.sampled_from(person.agreed_later))))

    @rule(n=PHONES)
    def end_a_phone_that_signs_in_again(self, n):
        person, phone = self.phones[n]
        with atomic():
            db.session.get(Device, UUID(phone.device_id)).ended_at = clock.now()
        assert self._push(phone, phone.batch([])).status_code == 401
        person.sign_in_again(phone)
        self.pulled[n] = ("", self.pulled[n][1])

    @rule(n=PHONES, day=st.integers(0, 3), answer=st.sampled_from(["done", "tried", "not_today"]))
    def say_without_a_worksheet(self, n, day, answer):
        person, _ = self.phones[n]
        self._save(n, person.answer(day, answer))

    @precondition(lambda self: any(phone.held for _, phone in self.phones))
    @rule(n=PHONES, data=st.data(), taken_back=st.booleans())
    def change_an_entry_on_either_phone(self, n, data, taken_back):
        person, _ = self.phones[n]
        known = [one for other in person.phones for one in other.held.values() if one["subject"]["kind"] == "entry"]
        if known:
            of = data.draw(st.sampled_from(known))
            self._save(n, person.delete(of) if taken_back else person.edit(of))

    @rule(n=PHONES, hours=st.sampled_from([-87_600, -1, 0, 1, 87_600]))
    def put_the_clock_of_a_phone(self, n, hours):
        self.skew[n] = hours

    @rule(n=PHONES, fate=st.sampled_from(FATES), data=st.data())
    def push(self, n, fate, data):
        _, phone = self.phones[n]
        some = data.draw(st.permutations(list(phone.held.values())))[: data.draw(st.integers(1, 6))]
        batch = {**phone.batch(some), "sent_at": self._clock_of(n)}
        if fate == "arrives_later":
            self.underway.append((phone, batch))
        if fate == "breaks":
            self._break_on(phone, batch)
        if fate in ("lost_request", "arrives_later", "breaks"):
            return
        for _ in range(2 if fate == "sent_twice" else 1):
            answer = self._push(phone, batch)
            assert answer.status_code == 200, answer.text
            text = answer.data[: len(answer.data) // 2] if fate == "cut_answer" else answer.data
            if fate != "lost_answer":
                heard = phone.hear(batch, answer.status_code, _lower(answer.headers), text)
                assert len(heard) == (0 if fate == "cut_answer" else len(some))
        self.world.holds()

    @precondition(lambda self: self.underway)
    @rule()
    def what_was_underway_arrives_and_nobody_waits_for_the_answer(self):
        """Given up by the phone long ago; by now it may be of an epoch that is over."""
        assert self._push(*self.underway.pop(0)).status_code in (200, 409)
        self.world.holds()

    @rule()
    def make_a_copy(self):
        self.copy = self.config.data / "copy"
        self.copy.unlink(missing_ok=True)
        copies.write(self.config, self.copy)

    @precondition(lambda self: self.copy)
    @rule()
    def put_the_copy_back(self):
        """As `meantime restore` does. Phones hear of the new epoch, and count nothing as sent any more."""
        self.restoring = True
        if not self.config.is_sqlite:
            emptied()
        self._close()
        with copies.staged(self.config, self.copy):
            former = copies.settle(self.config, clock.now())
        if former:
            former.unlink()
        self._open()
        installation.start_new_epoch()
        for n, (person, phone) in enumerate(self.phones):
            answer, before = self._push(phone, phone.batch([])), phone.epoch
            if answer.status_code == 401:  # it signed in after the copy was made
                person.sign_in_again(phone)
            else:
                assert (answer.status_code, answer.json.get("code")) == (409, "epoch-changed"), "nobody is told"
                phone.epoch = answer.json["epoch"]
            assert phone.epoch != before, "nobody is told"
            phone.acknowledged, phone.aside = set(), set()
            self.pulled[n] = ("", set())
        self.restoring = False
        self.world.holds()

    @rule(n=PHONES)
    def put_back_a_copy_from_before_something_was_agreed_and_done(self, n):
        """What was done of it is with the service again, put aside, as soon as the phone has sent it once more."""
        person, phone = self.phones[n]
        self.make_a_copy()
        person.agree()
        batch = phone.batch(phone.save(person.entry(person.agreed_later[-1])))
        answer = self._push(phone, batch)
        assert phone.hear(batch, answer.status_code, _lower(answer.headers), answer.data) == ["stored"]
        self.put_the_copy_back()
        again = phone.batch(batch["revisions"])
        answer = self._push(phone, again)
        assert phone.hear(again, answer.status_code, _lower(answer.headers), answer.data) == ["quarantined"]

    @rule(n=PHONES)
    def send_what_is_somebody_elses(self, n):
        """I4: whoever is signed in, an assignment that is not theirs takes nothing: it is put aside with the sender."""
        _, phone = self.phones[n]
        others = self.world.people[n < 2]
        batch = phone.batch([others.entry()])
        assert [one["status"] for one in self._push(phone, batch).json["results"]] == ["quarantined"]
        self.world.holds()

    @rule(n=PHONES)
    def pull(self, n):
        _, phone = self.phones[n]
        cursor, known = self.pulled[n]
        answer = self._web(phone).get(f"/api/v1/sync/pull?cursor={cursor}&limit=7", headers=HEADERS).json
        known = known | {change["id"] for change in answer["changes"] if change["kind"] == "revision"}
        self.pulled[n] = (answer["cursor"], known)

    @rule()
    def restart(self):
        self._close()
        self._open()
        self.world.holds()

    def _at_rest(self) -> None:
        """Faults over: every outbox empties, and both phones of a client hold the same."""
        for _, phone in self.phones:
            while phone.waiting():  # everything it holds, after a restore
                batch = phone.batch(phone.waiting()[:100])
                answer = self._push(phone, batch)
                assert phone.hear(batch, answer.status_code, _lower(answer.headers), answer.data)
        for n in range(4):
            while True:
                before = self.pulled[n]
                self.pull(n)
                if self.pulled[n] == before:
                    break
        for person, (first, second) in zip(self.world.people, ((0, 1), (2, 3)), strict=True):
            phones = [self.phones[n][1] for n in (first, second)]
            held, aside = {**phones[0].held, **phones[1].held}, phones[0].aside | phones[1].aside
            assert self.pulled[first][1] == self.pulled[second][1] == held.keys() - aside
            self._is_put_aside(person, [held[one] for one in aside])
        self.world.holds()

    def _is_put_aside(self, person, revisions) -> None:
        """What is about work that was agreed after the copy, and nothing else; each is with the service, once."""
        for one in revisions:
            about = UUID(one["subject"]["assignment_id"])
            assert about in person.agreed_later and db.session.get(Assignment, about) is None
        rows = select(Quarantined.revision_id).where(Quarantined.client_id == person.client_id)
        there = Counter(str(key) for key in db.session.scalars(rows))
        assert {one["revision_id"]: there[one["revision_id"]] for one in revisions} == {
            one["revision_id"]: 1 for one in revisions
        }

    def _clock_of(self, n: int) -> str:
        return (clock.now() + timedelta(hours=self.skew[n])).strftime("%Y-%m-%dT%H:%M:%S.000Z")

    def _save(self, n: int, revision: dict) -> None:
        self.phones[n][1].save({**revision, "created_at": self._clock_of(n)})

    def _break_on(self, phone, batch) -> None:
        """Something of ours breaks after all was stored and before it is committed."""
        with mock.patch.object(sync, "keep_personal", side_effect=RuntimeError("planted")):
            answer = self._push(phone, batch)
        assert answer.status_code == 500
        assert phone.hear(batch, answer.status_code, _lower(answer.headers), answer.data) == []
        self.world.holds()

    def _push(self, phone, batch):
        return self._web(phone).post("/api/v1/sync/push", json=batch, headers=HEADERS)

    def _web(self, phone):
        web = self.app.test_client()
        web.set_cookie("phone", phone.token)
        return web

    def _open(self) -> None:
        self.app = create_app(self.config)
        self._context = self.app.app_context()
        self._context.push()

    def _close(self) -> None:
        database = self.app.extensions["sqlalchemy"]
        database.session.remove()
        database.engine.dispose()
        self._context.pop()


def _lower(headers) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def many(examples: int, steps: int, phases: tuple[Phase, ...] = tuple(Phase)):
    """So many stories of so many steps; a failing one is made short and printed, unless left out of `phases`."""
    return settings(
        phases=phases,
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )


def same_each_time():
    """Enough stories, the same in each run, for a defect that was put in; how short one can be is not looked for."""
    return settings(many(40, 25, (Phase.generate,)), derandomize=True)


@pytest.fixture
def fresh_files(tmp_path, migrated_file, key_file):
    """Each call: the settings of a fresh migrated SQLite database."""
    numbers = itertools.count()

    def fresh():
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        shutil.copy(migrated_file, folder / "meantime.sqlite3")
        return settings_in(folder, MEANTIME_KEY_FILE=str(key_file))

    return fresh


@pytest.mark.parametrize("examples", [15, pytest.param(300, marks=pytest.mark.long)])
def test_every_promise_holds_on_sqlite(fresh_files, examples):
    run_state_machine_as_test(lambda: Syncing(fresh_files()), settings=many(examples, 25))


@pytest.fixture
def fresh_databases(fresh_files, request, tools):
    """The same of a fresh migrated PostgreSQL database."""
    return lambda: replace(fresh_files(), database_url=fresh_address(request))


@pytest.mark.parametrize("examples", [5, pytest.param(60, marks=pytest.mark.long)])
def test_every_promise_holds_on_postgresql(fresh_databases, examples):
    run_state_machine_as_test(lambda: Syncing(fresh_databases()), settings=many(examples, 20))


@pytest.mark.parametrize(
    ("where", "what"),
    [(heads, "SHOW_HEAD"), (engagement, "heads_and_answers")],
    ids=["an edit that does not reach its entry", "settling that sees nothing"],
)
def test_a_projection_that_lags_behind_is_caught(fresh_files, monkeypatch, where, what):
    monkeypatch.setattr(where, what, _Nothing())
    with pytest.raises(AssertionError):
        run_state_machine_as_test(lambda: Syncing(fresh_files()), settings=same_each_time())


@pytest.mark.parametrize("fresh", ["fresh_files", "fresh_databases"], ids=["sqlite", "postgresql"])
def test_a_restore_that_begins_no_epoch_is_caught(fresh, request, monkeypatch):
    monkeypatch.setattr(installation, "start_new_epoch", lambda: [])
    settings_of_another = request.getfixturevalue(fresh)
    with pytest.raises(AssertionError, match="nobody is told"):
        run_state_machine_as_test(lambda: Syncing(settings_of_another()), settings=same_each_time())


class _Nothing:
    """Planted on purpose: does nothing, and finds nothing."""

    def run(self, rows) -> None:
        pass

    def __call__(self, client_id, assignment_ids):
        return {one: [] for one in assignment_ids}, {one: [] for one in assignment_ids}
