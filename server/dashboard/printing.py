"""The library of worksheets to look at and to print: blank for anybody, or filled with one entry of a client."""

from flask import g, request, url_for

from server.caseload import queries as caseload
from server.dashboard import dates, presenters
from server.dashboard.entries import reading, with_words
from server.dashboard.guard import dashboard, looked_at, showed
from server.dashboard.pages import page
from server.dashboard.sheet import parts
from server.dashboard.shelf import by_family, every_worksheet, may_build, partly, picked, risk_allowed, together_why
from server.entries import queries as entries
from server.worksheets.rules import derived_rows, reading_form

SIZES = {"normal": "Normal print", "large": "Large print"}


@dashboard.get("/worksheets")
def show_worksheets():
    """The library by family; with `q`, those in which every word of it stands."""
    wanted = request.args.get("q", "").strip()[:100]
    found = [one for one in every_worksheet() if _has(one, wanted)]
    shown, allowed = by_family(found), risk_allowed()
    for family in shown:
        family["worksheets"] = [_line(one, allowed) for one in family["worksheets"]]
    return page("dashboard/worksheets.html", families=shown, wanted=wanted, count=len(found), may_build=may_build())


@dashboard.get("/worksheets/<family>/<name>")
def show_worksheet(family, name):
    """One worksheet as the client sees it, with what is there for the practitioner."""
    whole, allowed = _worksheet(family, name), risk_allowed()
    sheet = _for_paper(whole, allowed)
    return page(
        "dashboard/worksheet.html",
        worksheet=sheet,
        line=_line(whole, allowed),
        parts=parts(sheet, "normal"),
        example=_example(sheet),
        figures=derived_rows(sheet, sheet.example["answers"], "Europe/London"),
    )


@dashboard.get("/worksheets/<family>/<name>/print")
def print_worksheet(family, name):
    """A blank one on A4: without anybody's name, in normal or large print, with a worked example if asked for."""
    whole, allowed = _worksheet(family, name), risk_allowed()
    sheet, size = _for_paper(whole, allowed), _size()
    return page(
        "dashboard/print_worksheet.html",
        worksheet=sheet,
        line=_line(whole, allowed),
        parts=parts(sheet, size),
        example=_example(sheet) if request.args.get("example") == "1" else [],
        size=size,
        sizes=_sizes(),
        back=url_for(".show_worksheet", family=family, name=name),
    )


@dashboard.get("/clients/<uuid:client_id>/entries/<uuid:entry_id>/print")
def print_entry(client_id, entry_id):
    """One entry on A4. What its author keeps for now is not here either."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    views = entries.entry_of(client, entry_id)
    looked_at(client)
    shown = [{**reading(client, view), "when": _in_full(view.revision)} for view in views]
    showed(client, with_words(shown))
    return page(
        "dashboard/print_entry.html",
        client=client,
        title=views[0].worksheet.title if views[0].worksheet else "Task in own words",
        entries=shown,
        today=dates.day(dates.local_day(g.now, client.zone)),
        size=_size(),
        sizes=_sizes(),
        back=url_for(".show_entry", client_id=client_id, entry_id=entry_id),
    )


def _in_full(revision) -> str:
    """Friday 20 November 2026, 13:09: paper outlives its year."""
    zone = revision.happened_zone
    return f"{dates.day(dates.local_day(revision.happened_at, zone))}, {dates.clock_time(revision.happened_at, zone)}"


def _worksheet(family: str, name: str):
    return picked(f"{family}/{name}")


def _for_paper(worksheet, allowed: bool):
    """What may go home: what a phone would get. What is only filled in together is whole."""
    return worksheet if worksheet.for_staff_only(allowed) else worksheet.client_part(allowed)


def _has(worksheet, wanted: str) -> bool:
    family = presenters.family(worksheet.family)
    text = f"{worksheet.title} {worksheet.summary} {worksheet.why} {family} {worksheet.id}".casefold()
    return all(word in text for word in wanted.casefold().split())


def _line(worksheet, allowed: bool) -> dict:
    family, _, name = worksheet.id.partition("/")
    return {
        "title": worksheet.title,
        "summary": worksheet.summary,
        "minutes": presenters.counted(worksheet.minutes, "minute"),
        "questions": presenters.counted(sum(one.type != "heading" for one in worksheet.fields), "question"),
        "family": presenters.family(family),
        "dated": any(one.type in ("date", "moment") for one in worksheet.fields),
        "together_why": together_why(worksheet, allowed),
        "partly": partly(worksheet, allowed),
        "href": url_for(".show_worksheet", family=family, name=name),
        "print": url_for(".print_worksheet", family=family, name=name),
        "large": url_for(".print_worksheet", family=family, name=name, size="large"),
    }


def _example(worksheet) -> list[tuple[str, str]]:
    return reading_form(worksheet, worksheet.example["answers"])


def _size() -> str:
    wanted = request.args.get("size", "normal")
    return wanted if wanted in SIZES else "normal"


def _sizes() -> list[dict]:
    """The same page in each size; the example stays as it was."""
    kept = {"example": 1} if request.args.get("example") == "1" else {}
    return [
        {
            "text": text,
            "href": url_for(request.endpoint, **request.view_args, size=size, **kept),
            "here": size == _size(),
        }
        for size, text in SIZES.items()
    ]
