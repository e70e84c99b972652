"""Text twice as large on 320 px, and pages enlarged four times: nothing runs out of the page, nothing is cut off."""

import json

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.journeys import everywhere
from tests.journeys.conftest import PHONE, sign_in

pytestmark = pytest.mark.journey

NARROW = {"width": 320, "height": 640}
TWICE = {"standard": 32, "fixed": 26}  # what a browser's own setting "text size 200 %" does

# What is wrong with the page as it stands. A table may scroll in a box of its own that the keyboard reaches
# (WCAG 1.4.10 leaves tables out); what only screen readers see, and the skip link, are not looked at.
CUT = """
() => {
  const wide = document.documentElement.clientWidth
  const found = []
  const say = (what, one) => found.push(`${what}: ${one.outerHTML.slice(0, 140)}`)
  if (document.documentElement.scrollWidth > wide) say('scrolls sideways', document.body)
  const scrolls = (one) => {
    const box = one.closest('[tabindex="0"]')
    return box && getComputedStyle(box).overflowX === 'auto'
  }
  // A line of free text scrolls inside its field in any browser; a time or a day has to fit.
  const fields = 'input:not([type=radio], [type=checkbox], [type=range])'
  // A select shows one line and opens into all of it.
  const controls = `${fields}, select, textarea, button, summary, img, svg`
  const typed = 'input:is([type=time], [type=date])'
  const hidden = (one) => one.closest('.nhsuk-u-visually-hidden, .nhsuk-skip-link, .skip, [hidden]')
  for (const one of document.body.querySelectorAll('*')) {
    if (hidden(one) || !one.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })) continue
    const style = getComputedStyle(one)
    const clips = (axis) => ['hidden', 'clip'].includes(style[axis]) && !one.matches(fields)
    if (clips('overflowX') && one.scrollWidth > one.clientWidth + 1) say('cut off at the side', one)
    if (clips('overflowY') && one.scrollHeight > one.clientHeight + 1) say('cut off below', one)
    if (one.matches(typed) && one.scrollWidth > one.clientWidth + 1) say('typed text is cut off', one)
    const box = one.getBoundingClientRect()
    if (one.matches(controls) && !scrolls(one) && (box.right > wide + 1 || box.left < -1)) say('out of the page', one)
    if (scrolls(one)) continue
    for (const node of one.childNodes) {
      if (node.nodeType !== 3 || !node.textContent.trim()) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      for (const box of range.getClientRects()) {
        if (box.width > 0 && (box.right > wide + 1 || box.left < -1)) { say('text out of the page', one); break }
      }
    }
  }
  return found
}
"""


def narrow(context: BrowserContext, page: Page, twice: bool) -> None:
    """Make a page 320 px wide and, if asked, its browser's text twice as large."""
    page.set_viewport_size(NARROW)
    if twice:
        context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": TWICE})


def check(found: dict[str, list[str]]) -> None:
    wrong = {place: what for place, what in found.items() if what}
    assert not wrong, json.dumps(wrong, indent=1, ensure_ascii=False)


@pytest.mark.parametrize("twice", [False, True], ids=["four times enlarged", "text twice as large"])
def test_staff_pages_fit(demo_site, demo_desk, demo_shown, twice):
    narrow(demo_desk.context, demo_desk, twice)
    found = {}
    for name in everywhere.staff_pages(demo_desk, demo_site.base, demo_site.app, demo_shown):
        found[name] = cut(demo_desk, twice)
    for name in everywhere.answered_forms(demo_desk, demo_site.base, demo_shown):
        found[name] = cut(demo_desk, twice)
    check(found)


def test_pages_of_an_administrator_fit(chromium, demo_site):
    page = chromium.new_page()
    priya = demo_site.access.sign_ins[2]
    narrow(page.context, page, True)
    page.goto(f"{demo_site.base}/staff/sign-in")
    found = {"sign in": cut(page, True)}
    sign_in(page, demo_site.site, priya.sign_in_name, priya.password)
    page.goto(f"{demo_site.base}/staff/administration")
    found["administration"] = cut(page, True)
    page.close()
    check(found)


def test_the_phone_fits(demo_site, chromium, demo_shown):
    context = chromium.new_context(**{**PHONE, "viewport": NARROW})
    context.set_default_timeout(15_000)
    phone = everywhere.pair(context, demo_site.base, everywhere.another_code(demo_shown))
    narrow(context, phone.page, True)
    check({name: cut(phone.page, True) for name in everywhere.opened(phone)})
    context.close()


def test_a_new_phone_fits(demo_site, chromium):
    context = chromium.new_context(**{**PHONE, "viewport": NARROW})
    context.set_default_timeout(15_000)
    found = {}
    for name, page in everywhere.first_screens(context, demo_site.base, everywhere.demo_code()):
        if not found:
            narrow(context, page, True)
            page.reload()
        found[name] = cut(page, True)
    for name, page in everywhere.other_first_screens(chromium, demo_site.base, PHONE, everywhere.demo_code()):
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


def cut(page: Page, twice: bool) -> list[str]:
    """What is cut off; and that the text is as large as this test thinks."""
    page.wait_for_selector("main", state="attached")
    size = page.evaluate(
        "() => parseFloat(getComputedStyle(document.querySelector('main p, main label, main')).fontSize)"
    )
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true })")
    wrong = page.evaluate(CUT)
    return [*wrong, f"text is only {size} px"] if twice and size < 32 else wrong
