"""The service page's numbers once more, from the rows alone: plain sqlite3, and nothing of ours.

It reads `clinical.md` F2 and the headings of the page, and does what they say in its own way.
"""

import json
import sqlite3
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

WORKED = ("done", "partial", "tried")
ASKING = ("check-ins/", "measures-imported/")  # about the work, and none: in the table of worksheets alone
RELIABLE = {"phq-9": 6, "gad-7": 4, "wsas": 8, "pdss": 5, "spin": 10, "hai": 4}  # clinical.md C1
SILENT_SQL = """
SELECT o.client_id, a.worksheet_id, o.due_on, o.state, o.due_at,
       (SELECT json_extract(v.rhythm, '$.kind') FROM assignment_version v
         WHERE v.assignment_id = o.assignment_id AND v.number = o.version)
  FROM occurrence o, assignment a WHERE a.id = o.assignment_id
"""


def figures(file: Path, now: datetime, monday: date) -> dict[str, dict[str, list[str]]]:
    """Table → first column → the cells, as text: of the twelve weeks before this Monday."""
    rows = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    first = monday - timedelta(days=84)
    times = [_time(row, _emptied(rows), now) for row in rows.execute(SILENT_SQL)]
    times = [one for one in times if one and first <= one["due_on"] < monday]
    weeks = [first + timedelta(days=7 * n) for n in range(12)]
    return {
        "work": {_day(w): _work(rows, w, [t for t in times if _week(t["due_on"]) == w]) for w in weeks},
        "meetings": {_day(w): _meetings(rows, w) for w in weeks},
        "worksheets": _worksheets(rows, times, first, monday),
        "people": {"Everybody": _safe(_people(rows, times, first, monday))},
        "measures": _measures(rows, first, monday),
    }


def _time(row, emptied: dict, now: datetime) -> dict | None:
    client, worksheet, due_on, state, due_at, rhythm = row
    if state == "withdrawn":
        return None
    if state in ("open", "moved"):
        due = datetime.fromisoformat(due_at)
        if rhythm == "event" or due > now.replace(tzinfo=None):
            return None
        last = emptied.get(client)
        state = "no_answer" if last and last >= due else "unknown"
    return {"client": client, "worksheet": worksheet, "due_on": date.fromisoformat(due_on), "state": state}


def _emptied(rows) -> dict[str, datetime]:
    """When each client's phone last had nothing left to send. A phone that is gone holds nothing any more."""
    found: dict[str, datetime] = {}
    for client, at in rows.execute("SELECT client_id, max(emptied_at) FROM contact GROUP BY client_id"):
        if at:
            found[client] = datetime.fromisoformat(at)
    held = "SELECT d.client_id, max(c.emptied_at) FROM device d JOIN contact c ON c.device_id = d.id GROUP BY d.id"
    for client, at in rows.execute(held):  # of two phones the one that was silent for longer decides
        if client in found:
            found[client] = min(found[client], datetime.fromisoformat(at or "0001-01-01"))
    return found


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def _line(times: list[dict]) -> list[int]:
    states = Counter(one["state"] for one in times)
    tried = sum(states[one] for one in WORKED)
    due = tried + states["not_done"] + states["no_answer"] + states["unknown"]
    left_out = states["exempt"] + states["nothing_happened"]
    return [due, tried, states["done"], states["not_done"], states["no_answer"], states["unknown"], left_out]


def _said(numbers) -> list[str]:
    return [str(one) for one in numbers]


def _is_work(worksheet: str | None) -> bool:
    return not (worksheet or "").startswith(ASKING)


def _work(rows, week: date, times: list[dict]) -> list[str]:
    between = (week.isoformat(), (week + timedelta(days=6)).isoformat())
    agreed = rows.execute("SELECT worksheet_id FROM assignment WHERE agreed_on BETWEEN ? AND ?", between)
    return _said([sum(_is_work(one) for (one,) in agreed), *_line([t for t in times if _is_work(t["worksheet"])])])


def _meetings(rows, week: date) -> list[str]:
    last: dict[tuple, tuple] = {}
    query = "SELECT t.appointment_id, t.episode_id, t.state, p.local_date FROM attendance t JOIN appointment p"
    for appointment, episode, state, day in rows.execute(query + " ON p.id = t.appointment_id ORDER BY t.id"):
        last[appointment, episode] = (state, date.fromisoformat(day))
    states = Counter(state for state, day in last.values() if _week(day) == week)
    cancelled = states["cancelled_by_client"] + states["cancelled_by_service"]
    met = {
        client for client, hour in rows.execute("SELECT client_id, hour FROM contact")
        if _week(datetime.fromisoformat(hour).date()) == week
    }  # fmt: skip
    return _said([states["attended"], states["missed"], cancelled, len(met)])


def _worksheets(rows, times: list[dict], first: date, monday: date) -> dict[str, list[str]]:
    agreed: Counter = Counter()
    for worksheet, day in rows.execute("SELECT worksheet_id, agreed_on FROM assignment"):
        agreed[worksheet] += first.isoformat() <= day < monday.isoformat()
    names = {worksheet for worksheet, number in agreed.items() if number} | {one["worksheet"] for one in times}
    return {
        name or "": _said([agreed[name], *_line([one for one in times if one["worksheet"] == name])]) for name in names
    }


def _safe(counts: list[int]) -> list[str]:
    """1 to 7 hidden, the rest to the nearest 5 (trust reference E4.5)."""
    return ["hidden" if 1 <= count <= 7 else str((count + 2) // 5 * 5) for count in counts]


def _people(rows, times: list[dict], first: date, monday: date) -> list[int]:
    query = "SELECT client_id FROM episode WHERE opened_on < ? AND (closed_on IS NULL OR closed_on >= ?)"
    people = {client for (client,) in rows.execute(query, (monday.isoformat(), first.isoformat()))}
    counted = [
        one for one in times if one["state"] not in ("exempt", "nothing_happened") and _is_work(one["worksheet"])
    ]
    due = {one["client"] for one in counted}
    tried = {one["client"] for one in counted if one["state"] in WORKED}
    phones = "SELECT client_id FROM device WHERE revoked_at IS NULL AND ended_at IS NULL"
    with_phone = {client for (client,) in rows.execute(phones)}
    return [len(people), len(people & due), len(people & tried), len(people & with_phone)]


def _measures(rows, first: date, monday: date) -> dict[str, list[str]]:
    """Measure → n paired of n started, and from eight pairs on how many got better, stayed or got worse."""
    scores: dict[tuple, list] = {}
    query = """
    SELECT m.measure_id, m.episode_id, m.taken_on, m.items, m.totals FROM measure_score m JOIN episode e
        ON e.id = m.episode_id WHERE m.what != 'withdrawn' AND e.opened_on < ? AND (e.closed_on IS NULL
        OR e.closed_on >= ?) AND m.id NOT IN (SELECT supersedes FROM measure_score WHERE supersedes IS NOT NULL)
    """
    for measure, episode, day, items, totals in rows.execute(query, (monday.isoformat(), first.isoformat())):
        value = _value(items and json.loads(items), totals and json.loads(totals))
        if value is not None:
            scores.setdefault((measure, episode), []).append((day, value))
    found: dict[str, Counter] = {}
    for (measure, _), taken in scores.items():
        of = found.setdefault(measure, Counter())
        of["started"] += 1
        if len({day for day, _ in taken}) > 1:
            fell = min(taken)[1] - max(taken)[1]
            of["paired"] += 1
            of["better" if fell >= RELIABLE[measure] else "worse" if -fell >= RELIABLE[measure] else "same"] += 1
    return {
        measure: [f"{of['paired']} of {of['started']}"]
        + ([f"{of[one]} of {of['paired']}" for one in ("better", "same", "worse", "neither")]
           if of["paired"] >= 8 else ["Too few pairs to tell"])
        for measure, of in found.items()
    }  # fmt: skip


def _value(items, totals):
    if totals:
        return next(iter(totals.values()))
    return sum(items) if items and None not in items else None
