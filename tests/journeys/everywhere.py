"""Every page of either surface, filled: staff pages from the route table, the phone's screens from its own router.

A new page or screen that is missing here fails a test, so that it cannot slip past axe, large text or hostile text.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from server import clock, demo
from server.assignments import actions as assignments
from server.assignments import queries as assignment_queries
from server.caseload import queries as caseload
from server.dashboard.kinds import ANYBODY, kind_of
from server.entries import queries as entries
from server.extensions import atomic, db
from server.measures import queries as measures
from server.people import pairing
from server.people.models import Client, Device, Practitioner
from server.studies.models import Study
from server.supervision import actions as supervision
from server.supervision.queries import brought_now
from server.worksheets.library import library
from server.worksheets.own_queries import own_of
from tests.cast import LONDON
from tests.journeys.phone import Phone
from tests.journeys.sites.running import ROOT

FREE_TASK = "Walk to the park and back"
PLAN = {"when": "after tea", "where": "at home", "at": "18:30", "reminder": "the kettle"}
# Every kind of question, stages, lists, a question about risk: what is agreed with whoever is shown. The rest of the
# library is shown by tests/journeys/test_whole_library.py.
AGREED = (
    "low-intensity-cbt/thought-record",
    "low-intensity-cbt/weekly-activity-plan",
    "low-intensity-cbt/sleep-diary",
    "low-intensity-cbt/better-sleep-plan",
    "low-intensity-cbt/physical-activity-plan",
    "emotional-skills/do-the-opposite",
    "relationships/time-out-plan",
    "check-ins/practice-check-in",
)
# Not pages of somebody signed in: files, redirects, and two words of JSON for the invitation page.
NO_PAGE = {"asset", "home", "clients", "invitation_state", "show_sign_in", "show_bundle"}  # a story of its own
NO_PAGE |= {"download_entry", "download_care_plan", "download_service"}  # files, not pages
# What a practitioner meets; None: an address that leads nowhere. The rest is shown to those whose role it is for.
OF_A_PRACTITIONER = (ANYBODY, "caseload", None)
OTHER_ROLES = {
    "administrator": "administration",
    "service_lead": "service",
    "supervisor": "supervision",
    "researcher": "research",
}
# Shown after a question in the address, beside the plain page.
ALSO = {
    "choose_task": ["?worksheet=", "?worksheet=low-intensity-cbt/thought-record"],
    "show_change": ["?smaller=1"],
    "show_score_change": ["?example=core"],
    "show_caseload": ["?sort=contact"],
    "show_case": ["?reason=nothing_tried"],
    "show_items": ["?measure=phq-9", "?measure=wsas", "?measure=ccq"],
    "today": ["?day=2001-01-01"],
    "show_assignment": ["?made=1"],
    "show_occurrences": ["?interval=1", "?rhythm=1", "?barriers=1"],
    "show_worksheets": ["?q=sleep", "?q=nothing+like+it"],
    "print_worksheet": ["?size=large&example=1"],
}


@dataclass(frozen=True)
class Filled:
    """Somebody with work behind them: the ids in the addresses of their pages."""

    client: str
    appointment: str
    assignment: str
    entry: str
    score: str = str(UUID(int=0))
    own: str = ""
    account: str = str(UUID(int=0))
    study: str = str(UUID(int=0))
    device: str = ""


# ---- staff pages


def staff_routes(app: Flask) -> dict[str, object]:
    """Endpoint to rule, of every staff page that can be opened by an address."""
    return {
        name: rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("dashboard.") and "GET" in rule.methods
        if (name := rule.endpoint.partition(".")[2]) not in NO_PAGE
    }


def staff_addresses(app: Flask, filled: Filled) -> Iterator[tuple[str, str]]:
    """(endpoint, address) of every staff page; an argument we know no value for is an error."""
    values = {
        "client_id": filled.client,
        "appointment_id": filled.appointment,
        "assignment_id": filled.assignment,
        "entry_id": filled.entry,
        "score_id": filled.score,
        "own_name": filled.own,
        "practitioner_id": filled.account,
        "study_id": filled.study,
        "device_id": filled.device,
        "rest": "not/there",
        "family": "low-intensity-cbt",
        "name": "sleep-diary",
    }
    for name, rule in staff_routes(app).items():
        with app.test_request_context():
            address = app.url_for(rule.endpoint, **{argument: values[argument] for argument in rule.arguments})
        for question in ["", *ALSO.get(name, [])]:
            yield name, address + question


def staff_pages(
    page: Page, base: str, app: Flask, filled: Filled, kinds: Iterable[str | None] = OF_A_PRACTITIONER
) -> Iterator[str]:
    """Open every staff page of these kinds in turn, signed in as somebody for whom they exist."""
    for name, address in staff_addresses(app, filled):
        if kind_of(address.partition("?")[0]) not in kinds:
            continue
        page.goto(base + address)
        assert "/sign-in" not in page.url, address
        yield f"{name} {address}"


def answered_forms(page: Page, base: str, filled: Filled) -> Iterator[str]:
    """Pages that only a form leads to, one after the other: errors, the preview, the invitation card."""
    client = f"{base}/staff/clients/{filled.client}"
    for name, address, button in (
        ("new client, empty", f"{base}/staff/clients/new", "Add client"),
        ("task, empty", f"{client}/assignments/new?worksheet=", "Agree this task"),
        ("booking, empty", f"{client}/appointments/new", "Book"),
        ("scores, empty", f"{client}/measures/new", "Save scores"),
        ("password, empty", f"{base}/staff/account/password", "password"),
    ):
        page.goto(address)
        for typed in page.locator("main input[name=day]").all():
            typed.fill("")
        page.get_by_role("main").get_by_role("button", name=re.compile(button, re.I)).last.click()
        expect(page.get_by_text("There is a problem")).to_be_visible()
        yield name
    yield from _paper(page, client)
    page.goto(f"{client}/assignments/new?worksheet=low-intensity-cbt/sleep-diary")
    page.get_by_label("Reason", exact=True).fill("It helps.")
    page.get_by_label("When", exact=True).fill("after I get up")
    page.get_by_label("How sure are they").fill("5")
    page.get_by_role("button", name="Preview").last.click()
    expect(page.get_by_role("heading", name="Preview: nothing is agreed yet")).to_be_visible()
    yield "task, preview"
    page.get_by_role("button", name="Make it smaller").first.click()
    expect(page.get_by_text("Made smaller:")).to_be_visible()
    yield "task, made smaller"
    number = db.session.get(Client, UUID(filled.client)).local_number or "TT-1"
    page.goto(f"{base}/staff/lists/appointments")
    page.get_by_label("The list").fill(f"Local number,Date,Time\n{number},31/12/2099,09:30\nZZ-0,31/12/2099,09:30")
    page.get_by_role("button", name="See what it does").click()
    expect(page.get_by_role("heading", name="Clinic list: nothing is written yet")).to_be_visible()
    yield "clinic list, preview"
    page.goto(f"{client}/invitation")
    page.get_by_role("button", name=re.compile("Make an? (new )?invitation")).click()
    expect(page.locator(".staff-code")).to_be_visible()
    yield "invitation card"


def _paper(page: Page, client: str) -> Iterator[str]:
    """Work written down from paper: a worksheet with a list and conditions, nothing and then too much typed in."""
    page.goto(client)
    cards = page.locator("article.staff-card").filter(has_text="Write down what they did on paper")
    week = cards.filter(has_text="My week of activities")
    card = week.first if week.count() else cards.first
    card.get_by_text("Write down what they did on paper").click()
    yield "client, paper line"
    card.get_by_role("link", name="Type in one worksheet from paper").click()
    expect(page.get_by_role("heading", name="One worksheet in full")).to_be_visible()
    page.get_by_role("button", name=re.compile("^One more ")).first.click()
    expect(page.get_by_role("group", name=re.compile(" 3$")).first).to_be_visible()
    yield "paper, one more row"
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
    yield "paper, empty"
    if not page.get_by_label("done", exact=True).count():
        return  # nothing of it is open any more
    page.get_by_label("done", exact=True).fill("99")
    page.get_by_role("button", name="Write down", exact=True).click()
    expect(page.get_by_text("still open. Enter no more than that.").first).to_be_visible()
    yield "paper line, too many"


# ---- somebody to show


def somebody(name: str, now: datetime) -> Filled:
    """Of the clients this practitioner sees that day, the one who wrote most; `AGREED` and a free task agreed."""
    practitioner = next(one for one in db.session.scalars(select(Practitioner)) if one.name == name)
    visits = caseload.day_of(practitioner, now.astimezone(LONDON).date(), now)
    visit = max(visits, key=lambda one: len(entries.entries_of(one.client)))
    client = visit.client
    for worksheet in [*(library().newest(one) for one in AGREED), None]:
        _agree(client, practitioner, worksheet)
    entry = entries.entries_of(client)[0]
    found = assignment_queries.of_client(client)[0].assignment.id
    score = measures.of_client(client, visit.episode)[0].row.id
    own = own_of(practitioner)[0].row.worksheet_id.partition("/")[2]
    if not brought_now([visit.episode.id], now):
        with atomic():
            supervision.bring(
                client=client, episode=visit.episode, question="Is it too early?", by=practitioner, now=now
            )  # fmt: skip
    ids = str(client.id), visit.meeting.appointment_id, str(found), str(entry.entry.entry_id), str(score)
    phone = db.session.scalar(select(Device.id).where(Device.client_id == client.id))
    return Filled(*ids, own, str(practitioner.id), str(db.session.scalar(select(Study.id))), str(phone))


def later_today() -> datetime:
    """The last minute of today where the cast lives; no story begins so late that it would be over."""
    return clock.now().astimezone(LONDON).replace(hour=23, minute=59, second=0, microsecond=0)


def another_code(filled: Filled) -> str:
    """A code for one more phone of the same client."""
    with atomic():
        client = db.session.get(Client, UUID(filled.client))
        by = db.session.scalar(select(Practitioner).where(Practitioner.service_id == client.service_id).limit(1))
        return pairing.invite(client=client, by=by, now=clock.now())[1]


def demo_code() -> str:
    """A code for one more phone of the busiest client of the demonstration."""
    return demo.pairing_code(now=clock.now())[1]


def _agree(client: Client, by, worksheet) -> None:
    now = clock.now()
    with atomic():
        assignments.assign(
            client=client, episode=caseload.open_episode(client.id), worksheet=worksheet, by=by, now=now,
            title=None if worksheet else FREE_TASK, reason="It can show what helps.", plan=PLAN,
            rhythm={"kind": "daily", "times": 1}, from_date=now.astimezone(LONDON).date(),
        )  # fmt: skip


# ---- the phone's screens

SCREENS = {
    *("", "today", "task", "write", "edit", "not-today", "history", "entry", "settings", "plan", "question", "earlier"),
    *("data", "help", "who", "code", "r", "safe", "check"),
}


def router_names() -> set[str]:
    """The names of all screens, as the app's own router spells them."""
    source = (ROOT / "pwa" / "src" / "main.tsx").read_text()
    return set(re.findall(r"name === '([^']*)'", source)) | set(re.findall(r"case '([^']*)'", source))


def pair(context: BrowserContext, base: str, code: str) -> Phone:
    """A phone of this client, with everything pulled."""
    phone = Phone.of(context, base)
    phone.connect_by_link(code)
    phone.first_opening()
    expect(phone.page.locator("article[data-assignment]").first).to_be_visible(timeout=30_000)
    return phone


def show(phone: Phone, address: str) -> None:
    """Go to a screen by its address within the app, and wait for its heading."""
    page = phone.page
    page.evaluate("(address) => history.replaceState(null, '', address)", address)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("This is not here any more")
    if address.startswith("#/r/"):
        page.wait_for_function("() => location.hash === '#/'")
    expect(page.locator("main p:visible").first).to_be_visible()


def screens(phone: Phone) -> dict[str, list[str]]:
    """Router name to the addresses at which this phone shows that screen, with what is on it now."""
    page = phone.page
    show(phone, "#/")
    tasks = page.eval_on_selector_all("article[data-assignment] h3 a", "all => all.map(one => one.hash)")
    writes = page.eval_on_selector_all("article a[href^='#/write/']", "all => all.map(one => one.hash)")
    dated = next(task for task in tasks if len(task.split("/")) == 4)
    show(phone, "#/history")
    written = page.eval_on_selector_all(".entries a", "all => all.map(one => one.hash)")
    entry = written[0].split("/")[2]
    _, _, assignment, slot = dated.split("/")
    found = {
        "": ["#/"],
        "today": ["#/today"],
        "task": tasks,
        "write": writes,
        "edit": [f"#/edit/{entry}"],
        "not-today": [f"#/not-today/{assignment}/{slot}"],
        "history": ["#/history"],
        "entry": [written[0], written[-1], f"{written[0]}/saved"],
        "safe": [f"#/safe/{entry}"],
        "settings": ["#/settings", "#/settings/about", "#/settings/sent"],
        "plan": [f"#/plan/{assignment}"],
        "question": ["#/question"],
        "earlier": ["#/earlier"],
        "data": ["#/data"],
        "help": ["#/help"],
        "who": ["#/who"],
        "code": ["#/code"],
        "r": ["#/r/" + "A" * 22],  # an unknown reminder leads to Today
        "check": [],  # after the end of a course: test_ending.py
    }
    assert set(found) == SCREENS
    return found


def opened(phone: Phone) -> Iterator[str]:
    """Every screen of a paired phone in turn, then what taps lead to on it."""
    for name, addresses in screens(phone).items():
        for address in addresses:
            show(phone, address)
            yield f"{name or 'today'} {address}"
    yield from _after_taps(phone)


def _after_taps(phone: Phone) -> Iterator[str]:
    page = phone.page
    show(phone, "#/history")
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true })")
    yield "history, opened"
    show(phone, "#/")
    page.locator("[data-way=not-today]").first.click()
    page.get_by_role("button", name="Something else").click()
    yield "not today, why"
    page.locator("[data-barrier]").first.click()
    yield "not today, what now"
    for outcome in ("another", "swap", "smaller"):
        address = page.evaluate("() => location.hash")
        page.locator(f"[data-outcome={outcome}]").click()
        expect(page.locator("[data-outcome]")).to_have_count(0)
        yield f"not today, {outcome}"
        if outcome != "smaller":
            show(phone, address)
            page.locator("[data-barrier]").first.click()
    show(phone, "#/data")
    page.get_by_role("button", name="Remove this phone").click()
    yield "data, sure"
    yield from _too_long(phone)
    yield from _locked(phone)


def _locked(phone: Phone) -> Iterator[str]:
    """A PIN is chosen, the phone is locked, and opened again."""
    page = phone.page
    show(phone, "#/settings")
    page.get_by_role("button", name="Choose a PIN").click()
    for pin in ("1111", "270418"):
        for label in ("New PIN", "The same PIN again"):
            page.get_by_label(label).fill(pin)
        page.get_by_role("button", name="Lock with this PIN").click()
        if pin == "1111":
            expect(page.get_by_role("alert")).to_be_visible()
            yield "settings, a PIN that is easy to guess"
    page.get_by_role("button", name="Lock now").click()
    page.get_by_label("Your PIN").fill("27")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "locked, a wrong PIN"
    page.get_by_role("button", name="I forgot my PIN").click()
    page.get_by_role("button", name="Remove this phone").click()
    yield "locked, with a new code"
    page.get_by_role("button", name="I know my PIN").click()
    page.get_by_label("Your PIN").fill("270418")
    page.get_by_role("button", name="Open").click()
    page.get_by_role("button", name="Turn the PIN off").click()
    page.get_by_label("Your PIN now").fill("270418")
    page.get_by_role("button", name="Turn it off").click()
    expect(page.get_by_role("button", name="Choose a PIN")).to_be_visible()
    yield "settings, no PIN any more"


def _too_long(phone: Phone) -> Iterator[str]:
    """A worksheet with an answer that cannot be saved."""
    page = phone.page
    show(phone, "#/")
    page.locator("a[href^='#/write/']").first.click()
    page.locator("textarea").first.fill("long " * 14_000)
    page.locator("[data-way=save]").click()
    expect(page.get_by_role("alert").get_by_text("Not saved yet")).to_be_visible()
    yield "worksheet that could not be saved"
    page.locator("textarea").first.fill("")
