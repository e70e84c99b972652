"""Hostile text, sent past the app and typed into it, shows as text wherever it shows, and turns nothing round."""

import json
from dataclasses import replace
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from server import clock, create_app
from server.assignments.queries import occurrences_of
from server.caseload import actions as caseload
from server.demo.own_task import BUS
from server.extensions import atomic
from server.people import actions as people
from server.people.queries import epoch_id
from server.reviews.actions import review
from server.supervision import actions as supervision
from server.worksheets.own_actions import make
from tests.journeys import everywhere
from tests.journeys.browsers import sign_in
from tests.journeys.page_checks import check
from tests.journeys.phone import REST, SITUATION, Phone

pytestmark = pytest.mark.journey

TURNED = "\u202eexe.gnp"  # an override that is never closed
HOSTILE = (
    '<script>alert(1)</script>"><img src=x onerror=alert(2)> {{7907*7919}} ${7907*7919} '
    f"{TURNED} 👩‍👧😀 &lt;i&gt;"
)
READ = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "{{7907*7919}}",
    "${7907*7919}",
    "👩‍👧😀",
    "&lt;i&gt;",
)
NAME = f"<b>Zoë</b>{{{{7907*7919}}}}{TURNED}😀"

# Text after an override that nothing closes would be turned round too. So either the text stands alone in its block,
# or an element around it isolates it; and nothing that looks like markup became markup.
WRONG = r"""
() => {
  const found = [...document.querySelectorAll('script:not([src]):not([nonce]), img[src=x], [onerror], main b, iframe')]
    .map((one) => `became markup: ${one.outerHTML.slice(0, 120)}`)
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!/[\u202a-\u202e\u2066-\u2069]/.test(node.data)) continue
    if (node.parentElement.closest('textarea, script, option, .nhsuk-u-visually-hidden')) continue
    let one = node.parentElement
    const isolates = () => /isolate|plaintext/.test(getComputedStyle(one).unicodeBidi)
    while (getComputedStyle(one).display === 'inline' && !isolates()) one = one.parentElement
    if (getComputedStyle(one).display === 'inline') continue
    const alone = one.textContent.trim() === node.data.trim()
    if (!alone) found.push(`turns what stands beside it: ${one.outerHTML.slice(0, 200)}`)
  }
  return found
}
"""


class Watch:
    """Everything in a browser that would show that text was more than text."""

    def __init__(self, context: BrowserContext):
        self.noticed: list[str] = []
        context.add_init_script(
            "addEventListener('securitypolicyviolation',"
            " (event) => console.error(`policy: ${event.violatedDirective} ${event.sample}`))"
        )
        context.on("dialog", self._dialog)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.noticed.append(f"error: {error.error}"))

    def _dialog(self, dialog) -> None:
        self.noticed.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _console(self, message) -> None:
        if message.text.startswith("policy:") or "Content Security Policy" in message.text:
            self.noticed.append(message.text)


def wrong(page: Page) -> list[str]:
    """What is wrong on the page as it stands; closed details are opened first."""
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true })")
    found = page.evaluate(WRONG)
    if "62615533" in page.locator("main").inner_text():  # 7907 × 7919, which no clock, date or count shows by chance
        found.append("a template was worked out")
    return found


@pytest.fixture
def hostile(site, site_cast):
    """Anna, renamed, with a hostile task, plan, line and note; her phone has pushed hostile entries."""
    now = clock.now()
    with atomic():
        anna = people.add_client(
            service=site_cast.service, preferred_name=NAME, local_number=TURNED, by=site_cast.ben, now=now
        )
        site_cast.anna, site_cast.episode = (
            anna,
            caseload.take_on(client=anna, practitioner=site_cast.ben, by=site_cast.ben, now=now),
        )
    meeting = site_cast.meet(everywhere.later_today(), now=now)
    plan = dict.fromkeys(("when", "where", "with_whom", "how_long", "reminder", "obstacle", "then"), HOSTILE)
    daily = {"kind": "daily", "times": 1}
    written = site_cast.agree(reason=HOSTILE, plan=plan, rhythm=daily, now=now)
    free = site_cast.agree(worksheet=None, title=NAME, reason=HOSTILE, plan=plan, rhythm=daily, now=now)
    site_cast.agree(worksheet=None, title=f"{NAME} too", reason=HOSTILE, plan=plan, rhythm=daily, now=now)
    with atomic():
        review(
            assignment=written, mark="carry_over", line=HOSTILE, note=HOSTILE, appointment_id=meeting.id,
            by=site_cast.ben, now=now,
        )  # fmt: skip
    site_cast.pair(now)
    slots = [one.slot for one in occurrences_of(anna.id, free.id)]
    hostile_words = HOSTILE + "\x00\x07"
    entry = site_cast.entry(written.id, dict.fromkeys(_texts(), hostile_words), happened=now)
    answer = site_cast.answer(free.id, slots[0], "not_today", outcome="keep", words=hostile_words, happened=now)
    question = site_cast.revision({"kind": "agenda"}, {"text": HOSTILE}, now)
    plan_change = site_cast.revision({"kind": "plan", "assignment_id": str(free.id)}, {"plan": plan}, now)
    huge = site_cast.entry(written.id, {"situation": "x" * 70_000}, happened=now)
    unknown = site_cast.entry(written.id, {HOSTILE: HOSTILE}, happened=now, form_key=HOSTILE)
    statuses = push(site.base, site_cast, [entry, answer, question, plan_change, huge, unknown])
    with atomic():
        about = {"client": anna, "episode": site_cast.episode, "by": site_cast.ben, "now": now}
        supervision.decide(supervisee=site_cast.ben, words=HOSTILE, who="supervisee", by_day=None, **about)
        supervision.bring(question=HOSTILE, **about)
        supervision.answer(reason="no_phone", what="talk", line=HOSTILE, next_at=None, **about)
        named = NAME.replace(TURNED, "")  # the form takes such marks out, and the check refuses them
        own = make(typed=replace(BUS, title=named, summary=named), by=site_cast.ben, now=now).worksheet_id
    ids = (str(anna.id), str(meeting.id), str(written.id), entry["entry_id"])
    return everywhere.Filled(*ids, own=own.partition("/")[2], device=str(site_cast.phone.id)), statuses


def _texts() -> list[str]:
    return ["situation", "feeling", "hot_thought", "evidence_for", "evidence_against", "balanced", "next_step"]


def push(base: str, cast, revisions: list[dict]) -> list[str]:
    """What the server answers to a batch, revision by revision."""
    body = {
        "protocol": 1, "batch_id": str(uuid4()), "device_id": str(cast.phone.id), "epoch": epoch_id(),
        "revisions": revisions,
    }  # fmt: skip
    headers = {"Content-Type": "application/json", "X-Sync-Protocol": "1", "Cookie": f"phone={cast.token}"}
    request = Request(f"{base}/api/v1/sync/push", json.dumps(body).encode(), headers)
    with urlopen(request, timeout=20) as answer:
        return [one["status"] for one in json.load(answer)["results"]]


def test_hostile_text_is_only_text_on_staff_pages(site, site_cast, hostile, chromium):
    filled, statuses = hostile
    assert statuses == ["stored"] * 5 + ["quarantined"]
    context = chromium.new_context()
    watch, page = Watch(context), context.new_page()
    sign_in(page, site)
    found = {}
    for name in everywhere.staff_pages(page, site.base, create_app(site.config), filled):
        found[name] = wrong(page)
    for name in everywhere.answered_forms(page, site.base, filled):
        found[name] = wrong(page)
    page.goto(f"{site.base}/staff/clients/{filled.client}/entries/{filled.entry}")
    for words in READ:
        expect(page.get_by_role("main").get_by_text(words).first).to_be_visible()
    page.goto(f"{site.base}/staff/clients/{filled.client}/appointments/{filled.appointment}")
    summary = page.get_by_label("Plain text for your record system").input_value()
    assert "\u202e" not in summary, "the summary would turn round the record it is pasted into"
    context.close()
    check(found)
    assert watch.noticed == []


def test_hostile_text_is_only_text_on_the_phone(site, site_cast, hostile, chromium, phone_context):
    filled, _ = hostile
    watch = Watch(phone_context)
    phone = everywhere.pair(phone_context, site.base, everywhere.another_code(filled))
    type_it(phone)
    found = {name: wrong(phone.page) for name in everywhere.opened(phone)}
    everywhere.show(phone, "#/history")
    phone.page.locator(".entries a").first.click()
    for words in READ:
        expect(phone.page.get_by_role("main").get_by_text(words).first).to_be_visible()
    check(found)
    assert watch.noticed == []


def type_it(phone: Phone) -> None:
    """Through the app: a worksheet, a question, a plan; each is sent and comes to the server as it was typed."""
    page = phone.page
    everywhere.show(phone, "#/")
    page.locator("a[href^='#/write/']").first.click()
    phone.write({SITUATION: HOSTILE, **dict.fromkeys(REST, HOSTILE)})
    phone.save()
    phone.standing("Sent", timeout=30_000)
    everywhere.show(phone, "#/question")
    page.get_by_label("What would you like to ask").fill(HOSTILE)
    page.get_by_role("button", name="Put it on the list").click()
    expect(page.get_by_text("It is on the list.")).to_be_visible()


# What a paste does in a browser that does not keep to the length of a box.
PASTE = """(box, text) => {
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(box, text)
  box.dispatchEvent(new InputEvent('input', { bubbles: true }))
}"""
LONG = "é" * 33_000  # 66,000 bytes
# Where one writes: the screen, a tap that brings up the box, and the button that saves.
BOXES = {
    "worksheet": ("write", None, "Save"),
    "question": ("question", None, "Put it on the list"),
    "plan": ("plan", None, "Save my plan"),
    "not today": ("not-today", "Something else", "Continue"),
}


@pytest.mark.parametrize("place", BOXES)
def test_more_than_64_kib_is_refused_on_the_phone_before_it_says_saved(site, hostile, phone_context, place):
    screen, tap, button = BOXES[place]
    phone = everywhere.pair(phone_context, site.base, everywhere.another_code(hostile[0]))
    page = phone.page
    everywhere.show(phone, everywhere.screens(phone)[screen][0])
    before = len(phone.kept("revisions"))
    if tap:
        phone.press(tap)
    box = page.locator("main textarea:visible").first
    box.evaluate(PASTE, LONG)
    page.get_by_role("button", name=button, exact=True).first.click()
    expect(page.get_by_role("alert").get_by_text("too long")).to_be_visible()
    assert box.input_value() == LONG
    assert len(phone.kept("revisions")) == before
