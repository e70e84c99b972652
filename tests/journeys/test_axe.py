"""No violation that axe can find, on any page of either surface, each filled with a life."""

import pytest
from playwright.sync_api import Page

from server.research.reporting import drawn, shown
from server.research.reporting import page as report
from tests.journeys import everywhere, new_phone
from tests.journeys.browsers import sign_in
from tests.journeys.page_checks import check, violations

pytestmark = pytest.mark.journey


def test_axe_would_notice(chromium):
    page = chromium.new_page()
    page.set_content("<html><body><img src='x'><input></body></html>")
    assert {"image-alt", "label"} <= {line.partition(":")[0] for line in violations(page)}
    page.close()


def test_the_report_of_a_bundle_has_no_violations(chromium):
    drawings = (
        drawn.flow("Flow", [("All", 9), ("Some", 4)]),
        drawn.lines("Lines", [("One", [(1, 0.5), (2, 0.7)])], "days", stepped=True) + drawn.bars("Bars", [("A", 3)]),
    )
    several = [
        shown.Section(f"s{at}", f"Part {at}", "M1", "What it is.", "9 people", drawing, (_table(at),), ("A note.",))
        for at, drawing in enumerate(drawings)
    ]
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    page.set_content(report.page({"as_of": "2026-11-18", "about": "Nobody."}, several))
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.close()


def _table(at: int) -> shown.Table:
    return shown.Table(f"Table {at}", ("Name", "Value"), [("A", "1")])


def test_every_screen_of_the_phone_is_listed():
    assert everywhere.router_names() == everywhere.SCREENS


def test_staff_pages_have_no_violations(demo_site, demo_desk, demo_shown):
    found = {"sign in": _signed_out(demo_desk, demo_site)}
    for name in everywhere.staff_pages(demo_desk, demo_site.base, demo_site.app, demo_shown):
        found[name] = violations(demo_desk)
    for name in everywhere.answered_forms(demo_desk, demo_site.base, demo_shown):
        found[name] = violations(demo_desk)
    assert len(found) > 20
    check(found)


def _signed_out(page: Page, demo_site) -> list[str]:
    other = page.context.browser.new_page()
    other.goto(f"{demo_site.base}/staff/sign-in")
    other.get_by_role("button", name="Sign in").click()
    other.get_by_text("There is a problem").wait_for()
    wrong = violations(other)
    other.close()
    return wrong


def test_pages_of_an_administrator_have_no_violations(chromium, demo_site):
    page = chromium.new_page()
    priya = demo_site.access.sign_ins[2]
    sign_in(page, demo_site.site, priya.sign_in_name, priya.password)
    found = {}
    page.goto(f"{demo_site.base}/staff/administration")
    found["administration"] = violations(page)
    page.get_by_role("main").get_by_role("button", name="Add").last.click()
    page.get_by_text("There is a problem").wait_for()
    found["administration, a new account without a name"] = violations(page)
    page.close()
    check(found)


@pytest.mark.parametrize("role", everywhere.OTHER_ROLES)
def test_pages_for_one_role_have_no_violations(chromium, demo_site, demo_shown, role):
    page = chromium.new_page()
    held = next(one for one in demo_site.access.sign_ins if one.roles == role)
    sign_in(page, demo_site.site, held.sign_in_name, held.password)
    kinds = {everywhere.OTHER_ROLES[role]}
    found = {}
    for name in everywhere.staff_pages(page, demo_site.base, demo_site.app, demo_shown, kinds):
        assert page.title() != "Not here – Meantime", name
        found[name] = violations(page)
    assert found
    page.close()
    check(found)


def test_the_phone_has_no_violations(demo_site, phone_context, demo_shown):
    phone = everywhere.pair(phone_context, demo_site.base, everywhere.another_code(demo_shown))
    found = {name: violations(phone.page) for name in everywhere.opened(phone)}
    assert len(found) > 30
    check(found)


def test_a_new_phone_has_no_violations(demo_site, chromium, phone_context):
    code = everywhere.demo_code()
    found = {name: violations(page) for name, page in new_phone.other_first_screens(chromium, demo_site.base, code)}
    found |= {name: violations(page) for name, page in new_phone.first_screens(phone_context, demo_site.base, code)}
    check(found)
