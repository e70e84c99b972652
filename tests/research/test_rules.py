"""How a row is made safe to leave."""

import base64
import hashlib
import hmac
import uuid
from collections import Counter
from datetime import UTC, date, datetime, time
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.research import rules

KEY = rules.project_key(b"s" * 32, "local")


def test_a_pseudonym_is_80_bits_of_base32_and_says_nothing_of_the_id():
    name = rules.pseudonym(KEY, "client", uuid.UUID(int=7))
    assert len(name) == 16
    assert name == rules.pseudonym(KEY, "client", uuid.UUID(int=7))
    assert name != rules.pseudonym(KEY, "client", uuid.UUID(int=8))


def test_two_projects_name_the_same_client_differently():
    other = rules.project_key(b"s" * 32, "another")
    assert rules.pseudonym(KEY, "client", 1) != rules.pseudonym(other, "client", 1)


def test_two_installations_name_the_same_client_differently():
    other = rules.project_key(b"t" * 32, "local")
    assert rules.pseudonym(KEY, "client", 1) != rules.pseudonym(other, "client", 1)


def test_a_client_and_an_assignment_with_one_id_get_two_names():
    assert rules.pseudonym(KEY, "client", 1) != rules.pseudonym(KEY, "assignment", 1)


def test_days_count_from_day_zero_and_may_lie_before_it():
    assert rules.relative_day(date(2026, 3, 1), date(2026, 2, 27)) == 2
    assert rules.relative_day(date(2026, 2, 20), date(2026, 2, 27)) == -7


def test_a_late_evening_in_summer_is_that_day_where_the_client_lives():
    assert rules.local_day(datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "Europe/London") == date(2026, 7, 2)


@pytest.mark.parametrize(
    ("hour", "band"),
    [(0, "night"), (4, "night"), (5, "morning"), (11, "morning"), (12, "afternoon"), (17, "evening"), (22, "night")],
)
def test_the_day_has_four_bands(hour, band):
    assert rules.time_band(time(hour, 30)) == band


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (date(2010, 6, 1), "16-17"),
        (date(2008, 6, 1), "18-25"),
        (date(2008, 6, 2), "16-17"),
        (date(1990, 1, 1), "36-45"),
        (date(1930, 1, 1), "76+"),
        (date(2015, 1, 1), None),
    ],
)
def test_an_age_becomes_a_band_on_that_day(born, band):
    assert rules.age_band(born, date(2026, 6, 1)) == band


@pytest.mark.parametrize(("count", "shown"), [(0, "0"), (1, "suppressed"), (7, "suppressed"), (8, "10"), (23, "25")])
def test_a_small_count_is_hidden_and_the_rest_rounded(count, shown):
    assert rules.rounded(count) == shown


def test_the_one_person_who_reads_welsh_is_not_told_apart():
    groups = [("a", "en")] * 9 + [("a", "cy")]
    assert set(rules.to_show(Counter(groups)).values()) == {("a", "suppressed")}


def test_groups_that_are_large_enough_stay():
    groups = [("a", "en")] * 5 + [("b", "en")] * 5
    assert rules.to_show(Counter(groups)) == {one: one for one in groups}


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("wxyz")), max_size=40))
def test_every_description_left_is_shared_by_five_or_by_everybody(groups):
    shown = rules.to_show(Counter(groups))
    counts = Counter(shown[one] for one in groups)
    assert len(counts) <= 1 or min(counts.values()) >= 5


@pytest.mark.parametrize("text", ["=1+1", "@cmd", "+44", "-2+3", "\t=1"])
def test_no_spreadsheet_runs_a_cell(text):
    assert rules.safe_cell(text) == f"'{text}"


def test_a_plain_cell_stays_as_it_is():
    assert rules.safe_cell("not-known") == "not-known"


def test_a_name_is_base32_of_eighty_bits_of_the_keyed_hash():
    for identity in range(200):
        keyed = hmac.new(b"key", f"client|{identity}".encode(), hashlib.sha256).digest()
        assert rules.pseudonym(b"key", "client", identity) == base64.b32encode(keyed[:10]).decode().lower()


def test_the_groups_of_a_country_are_hidden_in_a_moment():
    ages, languages = rules.AGE_BANDS, [f"x{n}" for n in range(12)]
    sizes = {
        (f"service {n}", age, language): (n + at) % 7 + 1
        for n in range(150)
        for age in ages
        for at, language in enumerate(languages)
    }
    begun = process_time()
    shown = rules.to_show(sizes)
    assert process_time() - begun < 5  # looking through all of them for each took minutes
    people = Counter()
    for one, n in sizes.items():
        people[shown[one]] += n
    assert min(people.values()) >= rules.SMALLEST_GROUP
