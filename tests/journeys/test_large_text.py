"""Text twice as large on 320 px, and pages enlarged four times: nothing runs out of the page, nothing is cut off."""

import pytest

from tests.journeys import browsers, everywhere, new_phone
from tests.journeys.browsers import sign_in
from tests.journeys.page_checks import CUT, NARROW, check, cut, narrow

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("twice", [False, True], ids=["four times enlarged", "text twice as large"])
def test_staff_pages_fit(demo_site, demo_desk, demo_shown, twice):
    narrow(demo_desk.context, demo_desk, twice)
    found = {}
    for name in everywhere.staff_pages(demo_desk, demo_site.base, demo_site.app, demo_shown):
        found[name] = cut(demo_desk, twice)
    for name in everywhere.answered_forms(demo_desk, demo_site.base, demo_shown):
        found[name] = cut(demo_desk, twice)
    check(found)


def test_the_way_in_fits(chromium, demo_site):
    page = chromium.new_page()
    narrow(page.context, page, True)
    page.goto(f"{demo_site.base}/staff/sign-in")
    found = {"sign in": cut(page, True)}
    page.close()
    check(found)


@pytest.mark.parametrize("role", everywhere.OTHER_ROLES)
def test_pages_for_one_role_fit(chromium, demo_site, demo_shown, role):
    page = chromium.new_page()
    held = next(one for one in demo_site.access.sign_ins if one.roles == role)
    narrow(page.context, page, True)
    sign_in(page, demo_site.site, held.sign_in_name, held.password)
    kinds = {everywhere.OTHER_ROLES[role]}
    pages = everywhere.staff_pages(page, demo_site.base, demo_site.app, demo_shown, kinds)
    found = {name: cut(page, True) for name in pages}
    assert found
    page.close()
    check(found)


def test_the_phone_fits(demo_site, chromium, demo_shown):
    context = browsers.new_phone(chromium, viewport=NARROW)
    context.set_default_timeout(15_000)
    phone = everywhere.pair(context, demo_site.base, everywhere.another_code(demo_shown))
    narrow(context, phone.page, True)
    check({name: cut(phone.page, True) for name in everywhere.opened(phone)})
    context.close()


def test_a_new_phone_fits(demo_site, chromium):
    context = browsers.new_phone(chromium, viewport=NARROW)
    context.set_default_timeout(15_000)
    found = {}
    for name, page in new_phone.first_screens(context, demo_site.base, everywhere.demo_code()):
        if not found:
            narrow(context, page, True)
            page.reload()
        found[name] = cut(page, True)
    for name, page in new_phone.other_first_screens(chromium, demo_site.base, everywhere.demo_code()):
        narrow(page.context, page, True)
        found[name] = cut(page, True)
    context.close()
    check(found)


def test_what_is_cut_off_would_be_noticed(chromium):
    page = chromium.new_page(viewport=NARROW)
    page.set_content(
        "<p style='width:50px;overflow:hidden;white-space:nowrap'>a long line of words</p>"
        "<p style='white-space:nowrap'>a line of words that is much wider than the page it stands on, and then some</p>"
    )
    said = " ".join(page.evaluate(CUT))
    assert all(words in said for words in ("scrolls sideways", "cut off at the side", "text out of the page"))
    page.close()
