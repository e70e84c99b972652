"""Entries in reading form."""

from datetime import timedelta

from flask import g, redirect, request, url_for

from server.assignments import queries as assignments
from server.caseload import queries as caseload
from server.dashboard import dates, presenters
from server.dashboard.answer_rows import rows_of
from server.dashboard.compared import Earlier, changes_shown, earlier_of
from server.dashboard.forms import Nothing, read
from server.dashboard.guard import dashboard, looked_at, showed
from server.dashboard.pages import page
from server.dashboard.paper_line import counts_for
from server.dashboard.put_aside import unplaced_shown
from server.entries import actions as entry_actions
from server.entries import queries as entries
from server.entries.agenda import CANNOT_BE_READ
from server.extensions import atomic
from server.languages.built import in_english
from server.worksheets.rules import derived_rows

BACKFILL_HOURS = 24  # clinical.md F2, M10
KEPT = "The client keeps this entry for now. It counts. Its text is not shown until they share it."
DAMAGED = f"{CANNOT_BE_READ} It counts. If a phone of theirs still holds it, it comes back when that phone sends it."
EMPTY = presenters.Mark("empty", "Empty so far", "", "nhsuk-tag--white")


@dashboard.get("/clients/<uuid:client_id>/entries/<uuid:entry_id>")
def show_entry(client_id, entry_id):
    """One entry, with both states where it was saved on two devices."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    views = entries.entry_of(client, entry_id)
    looked_at(client)
    earlier = earlier_of(entries.entries_of(client), client.zone)
    shown = [reading(client, view, earlier) for view in views]
    for number, one in enumerate(shown[1:], start=2):
        one["id"] = f"{one['id']}-{number}"
    for one in shown:
        one["two"] = False  # here both are
    showed(client, with_words(shown))
    title = views[0].worksheet.title if views[0].worksheet else "Task in own words"
    return page(
        "dashboard/entry.html", client=client, title=title, entries=shown, differ=_differing(shown),
        saved=counts_for(client, views[0]) if request.args.get("saved") == "1" else "",
        paper=_typed_in_at(client, views[0]),
    )  # fmt: skip


def _differing(shown: list[dict]) -> list[str]:
    """The questions that the states of one entry answer differently; none where there is one, or one is kept."""
    if len(shown) < 2 or any(one["kept"] for one in shown):
        return []
    said = [one["rows"] for one in shown]
    return list(dict.fromkeys(row[0] for rows in said for row in rows if not all(row in others for others in said)))


def _typed_in_at(client, view) -> str:
    """Where staff type in another one from paper, beside one that they typed in."""
    if view.revision.entered_by != "practitioner":
        return ""
    return url_for(".show_paper", client_id=client.id, assignment_id=view.entry.assignment_id)


@dashboard.post("/clients/<uuid:client_id>/quarantined/<uuid:quarantined_id>/seen")
def mark_seen(client_id, quarantined_id):
    """A practitioner saw that something could not be read."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    found = entries.quarantined(client, quarantined_id)
    if read(Nothing).ok:
        with atomic():
            entry_actions.mark_quarantined_seen(quarantined=found, by=g.practitioner, now=g.now)
    return redirect(url_for(".show_client", client_id=client_id) + "#unreadable", 303)


@dashboard.get("/clients/<uuid:client_id>/entries")
def list_entries(client_id):
    """Every entry of a client, newest first; those of one task with `assignment`."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    looked_at(client)
    found = entries.entries_of(client)
    start = max(request.args.get("from", 0, type=int), 0)
    earlier = earlier_of(found, client.zone)
    shown = [reading(client, view, earlier) for view in found[start : start + 20]]
    showed(client, with_words(shown))
    titles = {one.assignment.id: one.version.title for one in assignments.of_client(client)}
    for one, view in zip(shown, found[start : start + 20], strict=True):
        one["title"] = titles.get(view.entry.assignment_id, "")
    older = start + 20 if start + 20 < len(found) else None
    aside = [] if start else unplaced_shown(client, client.zone)
    return page("dashboard/entries.html", client=client, entries=shown, count=len(found), older=older, aside=aside)


def reading(client, view, earlier: Earlier | None = None) -> dict:
    """One entry as its page shows it. What is kept for now counts, and its text is not here.

    `earlier`: what all entries of the client changed, for comparing this one with the person's own mean.
    """
    outcome = view.revision.outcome
    worksheet, answers = view.worksheet, view.answers
    rows = rows_of(worksheet, answers)
    return {
        "id": str(view.entry.entry_id),
        "entry_id": view.entry.entry_id,
        "href": url_for(".show_entry", client_id=client.id, entry_id=view.entry.entry_id),
        "when": dates.moment(view.revision.happened_at, view.revision.happened_zone),
        "mark": presenters.STATES.get(outcome or "", EMPTY),
        "how": _how(view),
        "two": view.in_two,
        "language": language_note(view.revision, worksheet),
        "kept": answers is None,
        "why_not": DAMAGED if view.damaged else KEPT,
        "rows": rows if answers is not None else [],
        "changes": changes_shown(view, client.zone, earlier),
        "derived": derived_rows(worksheet, answers, client.zone) if worksheet and answers is not None else [],
    }


def with_words(shown: list[dict]) -> list:
    """The ids of those of these entries (as `reading` made them) whose words are there to be read."""
    return [one["entry_id"] for one in shown if not one["kept"]]


def language_note(revision, worksheet) -> str:
    """In which language the questions stood on the phone, where it was not that of this page."""
    wording = (revision.body or {}).get("wording") or {}
    shown = wording.get("language", "")
    if not worksheet or not shown or shown == worksheet.language:
        return ""
    return f"Shown in {in_english(shown)} on the phone. The questions here are in English."


def _how(view) -> str:
    revision, parts = view.revision, []
    parts.append(presenters.MEDIA[revision.medium].capitalize())
    if revision.entered_by == "practitioner":
        parts.append("written down by staff")
    if later := written_later(revision, view.worksheet):
        parts.append(later)
    if revision.helped_by in presenters.HELPERS:
        parts.append(presenters.HELPERS[revision.helped_by])
    if revision.asked:
        parts.append(f"{revision.answered} of {revision.asked} questions answered")
    if view.entry.revisions > 1:
        parts.append(f"saved {view.entry.revisions} times")
    if view.removed_elsewhere:
        parts.append("removed on another device, and kept here since it was changed")
    elif view.in_two:
        parts.append("saved on two devices, both kept")
    if revision.late:
        parts.append("arrived after the task had ended")
    return ", ".join(parts)


def written_later(revision, worksheet) -> str:
    """Typed in 4 days later: beside what was not written down at the time (clinical.md F2, M10), if staff did it."""
    lag = revision.created_at - revision.happened_at
    hours = (worksheet.backfill_hours if worksheet else None) or BACKFILL_HOURS
    if revision.entered_by != "practitioner" or lag <= timedelta(hours=hours):
        return ""
    return f"typed in {presenters.counted(round(lag / timedelta(days=1)), 'day')} later"
