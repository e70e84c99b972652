"""Every worksheet on one phone: its task, the empty page, the worked example filled in, and read back."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from server import clock
from server.engagement import actions as engagement
from server.entries.actions import receive
from server.extensions import atomic
from server.worksheets.rules import reading_form, shown_fields
from tests.journeys import everywhere
from tests.journeys.browsers import code_for
from tests.journeys.page_checks import CUT, check, violations
from tests.journeys.phone import Phone
from tests.journeys.sites import mailed
from tests.library import contact_sheet
from tests.safety.sheets import switched_on
from tests.worksheets.write_vectors import shipped

pytestmark = pytest.mark.journey

AXE_LOOKS_AT_EVERY = 6  # worksheets; --long: at each one

site = mailed.unhurried_site


@pytest.fixture
def written(app, site_cast, post) -> dict:
    """Every worksheet agreed with Anna and filled in with its example: key to (assignment, entry)."""
    now, found, revisions = clock.now(), {}, []
    switched_on(app, site_cast, now, post.url)
    site_cast.pair(now)
    for one in shipped():
        agreed = site_cast.agree(one.id, now=now, rhythm=one.rhythms["default"])
        wording = {"language": one.language, "sha256": one.sha256}
        form = {"form_key": one.id, "form_version": one.version, "wording": wording}
        entry = site_cast.entry(agreed.id, one.example["answers"], happened=now, **form)
        revisions.append(entry)
        found[one.key] = (str(agreed.id), entry["entry_id"])
    with atomic():
        device = site_cast.phone
        got = receive(client=site_cast.anna, device=device, revisions=revisions, now=now, sent_at=now)
        engagement.refresh(client=site_cast.anna, assignment_ids=got.assignment_ids, now=now)
    return found


def test_each_is_shown_empty_filled_in_and_read_back(site, site_cast, written, phone_context, tmp_path, request):
    complaints: list[str] = []
    phone = everywhere.pair(phone_context, site.base, code_for(site_cast))
    page = phone.page
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    wrong: dict[str, list[str]] = {}
    thorough = request.config.getoption("--long", default=False)
    for n, one in enumerate(shipped()):
        agreed, entry = written[one.key]
        look = thorough or n % AXE_LOOKS_AT_EVERY == 0
        for name, address in (
            ("task", f"#/task/{agreed}"),
            ("empty", f"#/write/{agreed}/any"),
            ("filled", f"#/edit/{entry}"),
            ("read", f"#/entry/{entry}"),
        ):
            _open(page, address, guide=name == "task")
            wrong[f"{one.id} {name}"] = [*page.evaluate(CUT), *_missing(page, one, name)]
            wrong[f"{one.id} {name}"] += violations(page) if look else []
            _keep(page, tmp_path, one, name)
    assert complaints == []
    check(wrong)
    _pictures(phone, tmp_path)


def _open(page: Page, address: str, guide: bool) -> None:
    """Another screen of the open app; with its guide, how to do it and the example are opened."""
    page.evaluate("(address) => { location.hash = '#/help'; location.hash = address }", address)
    page.wait_for_function("(address) => location.hash === address", arg=address)
    expect(page.locator("main details, main dl").first).to_be_attached()
    if guide:
        page.evaluate("() => document.querySelectorAll('main .guide details').forEach((one) => { one.open = true })")


def _missing(page: Page, one, name: str) -> list[str]:
    """What somebody has to be told on this screen and is not."""
    shown = page.get_by_role("main").inner_text()
    wanted = {
        "task": [one.title, one.summary, one.why, *one.how, one.who_sees],
        "empty": [one.title, *([one.safety_note] if one.safety_note else []), *_labels(one, {})],
        "filled": [one.title, *_labels(one, one.example["answers"])],
        "read": [text for row in reading_form(one, one.example["answers"]) for text in row],
    }[name]
    there = " ".join(shown.split())
    return [f"not shown: {text}" for text in wanted if " ".join(text.split()) not in there]


def _labels(one, answers) -> list[str]:
    """The questions of the part that is open."""
    stage = one.stages[0]["id"] if one.stages and not answers else None
    return [field.label for field in shown_fields(one, answers, stage)] if stage or not one.stages else []


def _keep(page: Page, folder: Path, one, name: str) -> None:
    file = f"{one.id.replace('/', '_')}-{name}"
    page.screenshot(path=folder / f"{file}.jpg", type="jpeg", quality=70, full_page=True)
    (folder / f"{file}.txt").write_text(page.get_by_role("main").inner_text(), encoding="utf-8")


def _pictures(phone: Phone, folder: Path) -> None:
    """One picture of all of them, kept where MEANTIME_TEST_PICTURES says."""
    for name in ("empty", "filled"):
        pictures = sorted(folder.glob(f"*-{name}.jpg"))
        assert len(pictures) == len(shipped())
        made = contact_sheet.join(phone.page.context.browser, pictures, folder / f"library-{name}.jpg")
        assert made.stat().st_size > 50_000
    if wanted := os.environ.get("MEANTIME_TEST_PICTURES"):
        shutil.copytree(folder, wanted, dirs_exist_ok=True)
