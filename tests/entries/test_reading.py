"""Reading a raw revision: the written shape or *unreadable*, never an exception."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.entries.reading import Unreadable, canonical, read

VECTORS = Path(__file__).parent.parent / "vectors" / "revisions.json"
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=6),
    max_leaves=25,
)
GOOD = {
    "revision_id": "0193512b-1111-7abc-8def-000000000001",
    "entry_id": "0193512b-1111-7abc-8def-000000000002",
    "subject": {"kind": "agenda"},
    "parents": [],
    "kind": "save",
    "payload": {"text": "a question"},
    "happened_at": {"local": "2026-11-22T13:30", "zone": "Europe/London", "utc_offset": 0},
    "medium": "worksheet",
    "entered_by": "client",
    "helped_by": "none",
    "device_seq": 1,
    "created_at": "2026-11-22T13:30:00.000Z",
    "app_version": "0.1.0",
    "schema_version": 1,
}


def test_the_written_shape_is_read():
    assert read(GOOD).happened_at.isoformat() == "2026-11-22T13:30:00+00:00"


@given(st.sampled_from(sorted(GOOD)), ANYTHING)
def test_any_value_in_any_key_is_read_or_unreadable(key, value):
    raw = {**GOOD, key: value}
    canonical(raw)
    try:
        read(raw)
    except Unreadable as wrong:
        assert wrong.reason in ("unreadable", "unknown-subject")


@given(ANYTHING)
def test_anything_at_all_has_a_hash_and_is_read_or_unreadable(raw):
    text, digest, _ = canonical(raw)
    assert isinstance(text, bytes)
    assert len(digest) == 64
    with pytest.raises(Unreadable):
        read(raw)


@pytest.mark.parametrize("moved_to", ["next week", 7, "2026-13-01", ["2026-11-23"]])
def test_a_day_that_is_none_is_unreadable_whatever_the_answer_is(moved_to):
    """Stored as it came, it would stop every later settling of that assignment."""
    subject = {"kind": "answer", "assignment_id": GOOD["entry_id"], "slot": "w1#1"}
    payload = {"answer": "done", "moved_to": moved_to}
    with pytest.raises(Unreadable):
        read({**GOOD, "subject": subject, "payload": payload})
    assert read({**GOOD, "subject": subject, "payload": {"answer": "done", "moved_to": None}})


def test_a_phone_in_another_zone_says_when_it_was_there():
    raw = {**GOOD, "happened_at": {"local": "2026-11-22T01:30", "zone": "Asia/Karachi", "utc_offset": 300}}
    assert read(raw).happened_at.isoformat() == "2026-11-21T20:30:00+00:00"


def test_phone_and_server_hash_the_same_bytes():
    vectors = json.loads(VECTORS.read_text())
    cases = vectors["cases"] if isinstance(vectors, dict) else vectors
    assert len(cases) >= 10
    for case in cases:
        revision = case.get("revision", case.get("value"))
        assert canonical(revision)[1] == case.get("sha256", case.get("content_hash")), case.get("name")
