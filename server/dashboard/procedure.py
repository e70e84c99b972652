"""Administration: who answers for risk in this service, and from which answers on. To others it does not exist."""

import re
from datetime import timedelta

from flask import g, redirect, request, url_for
from marshmallow import ValidationError, fields, validates_schema

from server import mail
from server.dashboard import dates
from server.dashboard.agreeing import WEEKDAY_CODES
from server.dashboard.forms import Day, Form, Nothing, OneOf, Typed, WallTime, Words, blank, needed, read
from server.dashboard.guard import dashboard, only_for
from server.dashboard.pages import config, page
from server.dashboard.presenters import options
from server.extensions import atomic
from server.people import queries as people
from server.safety import actions as safety
from server.safety import queries
from server.worksheets.definition import every_field
from server.worksheets.rule_words import condition

OLDEST_REVIEW = timedelta(days=366)
NO_MAIL = "There is no mail server yet, so nobody could be told of a flag that waits. Ask who runs this server."
CARDS = {"support": "Help now", "safety": "Help with abuse"}
TRIED = "This message tries the inbox for flags that wait. There is nothing to do."


class ProcedureForm(Typed):
    """The response procedure: all of it is needed."""

    person = Words(longest=120, **needed("Enter the name of the person who answers for this."))
    role = Words(longest=120, **needed("Enter their role."))
    procedure = Words(longest=4000, **needed("Write what is done, by whom, and how soon."))
    inbox = Words(longest=200, **needed("Enter the email address that is told when a flag waits."))
    days = fields.List(OneOf(WEEKDAY_CODES), **needed("Choose the days on which flags are looked at."))
    works_from = WallTime(**needed("Enter when the working day begins, like 09:00."))
    works_until = WallTime(**needed("Enter when the working day ends, like 17:00."))
    reviewed_on = Day(**needed("Enter the day on which the procedure was last reviewed."))
    confirmed_by = Words(longest=120, **needed("Enter who confirmed the procedure and the levels."))
    agreed = OneOf({"yes"}, **needed("Confirm that the named person agreed, and read the levels below."))

    @validates_schema
    def fits(self, values, **_):
        """An address has its shape, a day begins before it ends, and a review is neither to come nor long ago."""
        if not re.fullmatch(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+", values["inbox"]):
            raise ValidationError("Enter one email address, like duty@example.org.", "inbox")
        if values["works_from"] >= values["works_until"]:
            raise ValidationError("The working day ends after it begins.", "works_until")
        today = dates.local_day(g.now, people.service_of(g.practitioner).zone)
        if not today - OLDEST_REVIEW <= values["reviewed_on"] <= today:
            raise ValidationError("Enter a day within the last year. Review the procedure first.", "reviewed_on")


@dashboard.get("/administration/risk")
def show_procedure():
    """The response procedure as it stands, its levels, and what waits."""
    only_for("administrator")
    return _page(_as_kept())


@dashboard.post("/administration/risk")
def switch_procedure_on():
    """Record the procedure. It is in force once a message to its inbox was taken."""
    only_for("administrator")
    form = read(ProcedureForm)
    if form.ok:
        form.errors.update(_try_inbox(form.values["inbox"]))
    if not form.ok:
        return _page(form), 422
    with atomic():
        safety.switch_on(
            service=people.service_of(g.practitioner), procedure=_procedure(form.values), mail_tried_at=g.now,
            by=g.practitioner, now=g.now,
        )  # fmt: skip
    return redirect(url_for(".show_procedure", saved=1), 303)


@dashboard.post("/administration/risk/off")
def switch_procedure_off():
    """Phones get worksheets without their questions about risk from their next contact on."""
    only_for("administrator")
    if read(Nothing).ok:
        with atomic():
            safety.switch_off(service=people.service_of(g.practitioner), by=g.practitioner, now=g.now)
    return redirect(url_for(".show_procedure", saved=1), 303)


def risk_state(service) -> str:
    """For Administration: whether clients are asked about risk, in a sentence."""
    if queries.has_response_procedure(service.id):
        return "Clients are asked about risk. A response procedure and a named person are on record."
    return "Clients are not asked about risk in the app. Staff enter those answers."


def _try_inbox(inbox: str) -> dict[str, str]:
    settings = config()
    if not settings.sends_mail:
        return {"inbox": NO_MAIL}
    try:
        mail.send(
            address=settings.smtp_url, sender=settings.mail_from, to=inbox, subject="Meantime: a test", text=TRIED
        )
    except mail.NotSent as wrong:
        return {"inbox": f"{wrong.sentence} Nothing was switched on."}
    return {}


def _procedure(values: dict) -> safety.Procedure:
    return safety.Procedure(
        person=values["person"], role=values["role"], text=values["procedure"], inbox=values["inbox"],
        confirmed_by=values["confirmed_by"], working_days=tuple(int(day) for day in values["days"]),
        works_from=values["works_from"], works_until=values["works_until"], reviewed_on=values["reviewed_on"],
    )  # fmt: skip


def _as_kept() -> Form:
    """The form as the newest version has it. Whether the person agrees is asked afresh each time."""
    held = queries.procedure_of(g.practitioner.service_id)
    if held is None:
        return blank(days=list("01234"), works_from="09:00", works_until="17:00")
    words = held.words
    return blank(
        person=words["person"], role=words["role"], procedure=words["text"], inbox=words["inbox"],
        confirmed_by=words["confirmed_by"], days=held.working_days, works_from=held.works_from,
        works_until=held.works_until, reviewed_on=held.reviewed_on.isoformat(),
    )  # fmt: skip


def _page(form: Form) -> str:
    service = people.service_of(g.practitioner)
    versions, levels = queries.versions_of(service), queries.thresholds(service)
    held = versions[0] if versions else None
    return page(
        "dashboard/procedure.html", form=form, held=held, on=queries.has_response_procedure(service.id),
        state=risk_state(service), saved=request.args.get("saved") == "1", sends_mail=config().sends_mail,
        no_mail=NO_MAIL, counts=queries.counts_of(service, g.now),
        days=options(WEEKDAY_CODES),
        levels=[_level(one) for one in levels],
        changed=bool(held and held.thresholds != queries.thresholds_hash(levels)),
        versions=[_version(one, service.zone) for one in versions],
    )  # fmt: skip


def _level(one: queries.Threshold) -> dict:
    fields_by_id = {field.id: field.label for field in every_field(one.worksheet.fields)}
    when = condition(one.level.when, one.worksheet.fields)
    return {
        "worksheet": one.worksheet.title,
        "question": fields_by_id.get(one.level.field, one.level.field),
        "when": when.replace("you answered", "they answered").replace("you left out", "they left out"),
        "level": one.level.level,
        "card": CARDS.get(one.level.card, one.level.card),
    }


def _version(row, zone: str) -> dict:
    return {
        "number": row.number,
        "state": "On" if row.state == "on" else "Off",
        "at": dates.moment(row.recorded_at, zone),
        "by": people.name_of(str(row.recorded_by)),
        "person": f"{row.words['person']}, {row.words['role']}",
        "reviewed": dates.day(row.reviewed_on),
    }
