"""Paper in a browser: every worksheet as a PDF, nothing wider than its page, and a count written down by keyboard."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from server import clock
from server.assignments.queries import occurrences_of
from server.worksheets.library import library
from tests.journeys.browsers import sign_in

pytestmark = pytest.mark.journey

A4 = {"width": 794, "height": 1123}  # CSS pixels: 210 by 297 mm
AT_400 = {"width": 320, "height": 640}  # a desk screen of 1280 at 400 %
BETWEEN_MARGINS = {"width": 680, "height": 1000}  # 180 mm
MOST_PAGES = 14
LARGE_PT, PX_PER_PT = 18, 96 / 72


def pages_in(pdf: bytes) -> int:
    """How many pages, by their own objects."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def too_wide(page) -> int:
    """By how many pixels the page is wider than what it is shown on."""
    return page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")


SMALLEST = """() => Math.min(...[...document.querySelectorAll('.sheet *')]
  .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
  .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""


CUT = """() => [...document.querySelectorAll('.sheet td, .sheet th, .sheet p, .sheet li, .sheet-scale')]
  .filter((one) => one.clientWidth > 2 && one.scrollWidth > one.clientWidth + 1)
  .filter((one) => getComputedStyle(one).display !== 'inline')
  .map((one) => one.textContent.trim().slice(0, 60))"""


@pytest.mark.parametrize("size", ["normal", "large"])
def test_every_worksheet_is_a_pdf_with_nothing_cut_off_and_nothing_wider_than_its_page(desk, site, site_cast, size):
    """On paper nothing scrolls: a table that is wider than its page would lose its last column."""
    sign_in(desk, site)
    wrong = []
    for sheet in library().all():
        desk.emulate_media(media="screen")
        desk.set_viewport_size(A4)
        desk.goto(f"{site.base}/staff/worksheets/{sheet.id}/print?size={size}&example=1")
        wrong += [(sheet.id, "A4", too_wide(desk))] * (too_wide(desk) > 0)
        desk.set_viewport_size(AT_400)
        wrong += [(sheet.id, "400 %", too_wide(desk))] * (too_wide(desk) > 0)
        desk.set_viewport_size(BETWEEN_MARGINS)
        desk.emulate_media(media="print")
        wrong += [(sheet.id, "cut", text) for text in desk.evaluate(CUT)]
        if size == "large" and desk.evaluate(SMALLEST) < LARGE_PT * PX_PER_PT - 0.01:
            wrong.append((sheet.id, "too small", desk.evaluate(SMALLEST)))
        if not 1 <= pages_in(desk.pdf(format="A4", prefer_css_page_size=True)) <= MOST_PAGES:
            wrong.append((sheet.id, "pages", 0))
    assert wrong == []


def test_a_whole_interval_is_written_down_with_four_keys_and_in_five_seconds(desk, site, site_cast):
    now = clock.now()
    before = now - timedelta(days=5)
    site_cast.meet(before, "attended", before)
    agreed = site_cast.agree(now=before, rhythm={"kind": "per_week", "times": 5})
    meeting = site_cast.meet(now, None, now)
    sign_in(desk, site)
    desk.goto(f"{site.base}/staff/clients/{site_cast.anna.id}/appointments/{meeting.id}")
    summary = desk.locator("summary", has_text="Write down what they did on paper or told you")
    summary.focus()
    for key in ("Enter", "Tab", "3", "Enter"):  # open it, go to the first box, say how many, send it
        desk.keyboard.press(key)
    expect(desk.get_by_text("Saved.")).to_be_visible(timeout=5_000)
    expect(desk.get_by_text("All 3 on paper.").first).to_be_visible()
    site.until_rows(3, "occurrence", "state = 'done'")
    assert len(occurrences_of(site_cast.anna.id, agreed.id)) > 3
