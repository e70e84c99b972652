"""A bundle of a study in two browsers: asked for, read about, released on grounds, fetched, and stopped."""

import hashlib

import pytest
from playwright.sync_api import Page, expect

from server import clock, jobs
from tests.journeys.browsers import DESK, sign_in
from tests.journeys.page_checks import check, violations
from tests.journeys.staff import Desk

pytestmark = pytest.mark.journey


@pytest.fixture
def signed_in(chromium, demo_site):
    """Signs somebody of the demonstration in, by their role."""
    opened = []

    def begin(role: str) -> Desk:
        context = chromium.new_context(**DESK)
        context.set_default_timeout(15_000)
        opened.append(context)
        page = context.new_page()
        held = next(one for one in demo_site.access.sign_ins if one.roles == role)
        sign_in(page, demo_site.site, held.sign_in_name, held.password)
        return Desk(page, demo_site.base)

    yield begin
    for one in opened:
        one.close()


def test_a_bundle_is_released_only_on_grounds_and_stopped_again(signed_in, tmp_path):
    hana, priya, looks = signed_in("researcher"), signed_in("administrator"), {}
    to_study(hana, "research")
    hana.press("Ask for a bundle")
    assert jobs.build_bundles(clock.now()) == "built"
    to_study(priya, "administration/studies")
    looks["study"] = violations(priya.page)
    priya.page.get_by_role("button", name="Read and decide").click()
    expect(priya.page.get_by_role("heading", level=1)).to_contain_text("Release this bundle?")
    looks |= at_both_widths(priya.page, "to decide")
    priya.press("Release it")
    expect(priya.page.get_by_text("There is a problem")).to_be_visible()
    looks["what is missing"] = violations(priya.page)
    release(priya)
    looks |= at_both_widths(priya.page, "released")
    hana.page.reload()
    hana.says("Shared under: Agreement 14")
    hana.never_says("you can leave this page")
    looks["to fetch"] = violations(hana.page)
    assert fetched(hana.page, tmp_path) in priya.page.get_by_role("main").inner_text()
    priya.page.reload()
    priya.says("Fetched by")
    priya.page.get_by_text("Let nobody fetch it any more").click()
    priya.press("Stop this bundle")
    priya.says("Stopped by")
    hana.page.reload()
    expect(hana.page.get_by_role("button", name="Fetch")).to_have_count(0)
    check(looks)


def to_study(who: Desk, where: str) -> None:
    """The page of the only study."""
    who.go(where)
    who.page.get_by_role("main").get_by_role("link", name="Between appointments").first.click()


def release(priya: Desk) -> None:
    """On grounds."""
    priya.page.get_by_label("Agreement under which it is shared").fill("Agreement 14")
    priya.page.get_by_label("What was considered").fill("Nobody in it is real.")
    priya.page.get_by_label("I have read who could be told apart in it.").check()
    priya.press("Release it")
    priya.says("Released")


def at_both_widths(page: Page, name: str) -> dict[str, list[str]]:
    """What axe finds on a desk and on a phone, where nothing may lie beyond the edge."""
    found = {name: violations(page)}
    before = page.viewport_size
    page.set_viewport_size({"width": 360, "height": 740})
    found[f"{name}, 360"] = violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.set_viewport_size(before)
    return found


def fetched(page: Page, folder) -> str:
    """The hash of the file that came."""
    with page.expect_download() as coming:
        page.get_by_role("button", name="Fetch").click()
    coming.value.save_as(folder / "bundle.zip")
    return hashlib.sha256((folder / "bundle.zip").read_bytes()).hexdigest()
