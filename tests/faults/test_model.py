"""Any order of saving, editing, deleting, pushing, losing, repeating, pulling and restarting keeps every promise."""

import itertools
import shutil
from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from server import create_app
from server.engagement import actions as engagement
from server.entries import heads
from tests.conftest import fresh_address
from tests.conftest import settings as settings_in
from tests.faults.conftest import make_world

FATES = ("arrives", "lost_request", "lost_answer", "sent_twice")
PHONES = st.integers(0, 3)
HEADERS = {"X-Sync-Protocol": "1"}


class Syncing(RuleBasedStateMachine):
    """Two clients with two phones each, and what each phone holds, was told and has pulled."""

    def __init__(self, config):
        super().__init__()
        self.config, self.pulled = config, {n: ("", set()) for n in range(4)}
        self._open()
        self.world = make_world(config)
        self.phones = self.world.phones

    def teardown(self):
        try:
            self._at_rest()
        finally:
            self._close()

    @rule(n=PHONES, slot=st.one_of(st.none(), st.integers(0, 3)))
    def save_an_entry(self, n, slot):
        person, phone = self.phones[n]
        phone.save(person.entry(slot=person.slot(slot) if slot is not None else None))

    @rule(n=PHONES, day=st.integers(0, 3), answer=st.sampled_from(["done", "tried", "not_today"]))
    def say_without_a_worksheet(self, n, day, answer):
        person, phone = self.phones[n]
        phone.save(person.answer(day, answer))

    @precondition(lambda self: any(phone.held for _, phone in self.phones))
    @rule(n=PHONES, data=st.data(), taken_back=st.booleans())
    def change_an_entry_on_either_phone(self, n, data, taken_back):
        person, phone = self.phones[n]
        known = [one for other in person.phones for one in other.held.values() if one["subject"]["kind"] == "entry"]
        if known:
            of = data.draw(st.sampled_from(known))
            phone.save(person.delete(of) if taken_back else person.edit(of))

    @rule(n=PHONES, fate=st.sampled_from(FATES), data=st.data())
    def push(self, n, fate, data):
        _, phone = self.phones[n]
        some = data.draw(st.permutations(list(phone.held.values())))[: data.draw(st.integers(1, 6))]
        batch = phone.batch(some)
        for _ in range(2 if fate == "sent_twice" else 1):
            if fate == "lost_request":
                return
            answer = self._push(phone, batch)
            assert answer.status_code == 200, answer.text
            if fate != "lost_answer":
                heard = phone.hear(batch, answer.status_code, _lower(answer.headers), answer.data)
                assert len(heard) == len(some)
        self.world.holds()

    @rule(n=PHONES)
    def send_what_is_somebody_elses(self, n):
        """I4: whoever is signed in, an assignment that is not theirs takes nothing."""
        _, phone = self.phones[n]
        others = self.world.people[n < 2]
        batch = phone.batch([others.entry()])
        assert [one["status"] for one in self._push(phone, batch).json["results"]] == ["refused"]
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
            while phone.waiting():
                batch = phone.batch(phone.waiting()[:100])
                answer = self._push(phone, batch)
                assert phone.hear(batch, answer.status_code, _lower(answer.headers), answer.data)
        for n in range(4):
            while True:
                before = self.pulled[n]
                self.pull(n)
                if self.pulled[n] == before:
                    break
        for first, second in ((0, 1), (2, 3)):
            held = {*self.phones[first][1].held, *self.phones[second][1].held}
            assert self.pulled[first][1] == self.pulled[second][1] == held
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


@pytest.mark.parametrize("examples", [20, pytest.param(300, marks=pytest.mark.long)])
def test_every_promise_holds_on_sqlite(fresh_files, examples):
    run_state_machine_as_test(lambda: Syncing(fresh_files()), settings=many(examples, 25))


@pytest.mark.parametrize("examples", [5, pytest.param(60, marks=pytest.mark.long)])
def test_every_promise_holds_on_postgresql(fresh_files, request, examples):
    def machine():
        url = fresh_address(request)
        return Syncing(replace(fresh_files(), database_url=url))

    run_state_machine_as_test(machine, settings=many(examples, 20))


@pytest.mark.parametrize(
    ("where", "what"),
    [(heads, "SHOW_HEAD"), (engagement, "heads_and_answers")],
    ids=["an edit that does not reach its entry", "settling that sees nothing"],
)
def test_a_projection_that_lags_behind_is_caught(fresh_files, monkeypatch, where, what):
    monkeypatch.setattr(where, what, _Nothing())
    same_each_time = settings(many(40, 25, (Phase.generate,)), derandomize=True)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(lambda: Syncing(fresh_files()), settings=same_each_time)


class _Nothing:
    """Planted on purpose: does nothing, and finds nothing."""

    def run(self, rows) -> None:
        pass

    def __call__(self, client_id, assignment_ids):
        return {one: [] for one in assignment_ids}, {one: [] for one in assignment_ids}
