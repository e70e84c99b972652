"""What is wrong with a page as it stands: what axe finds, and what is cut off when text is large or room is scarce."""

import json

from playwright.sync_api import BrowserContext, Page

from tests.journeys.sites.running import ROOT

AXE = ROOT / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
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


def check(found: dict[str, list[str]]) -> None:
    """Nothing was found anywhere, place by place."""
    wrong = {place: what for place, what in found.items() if what}
    assert not wrong, json.dumps(wrong, indent=1, ensure_ascii=False)


def violations(page: Page) -> list[str]:
    """What axe says is wrong on this page, with the elements it means."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    return [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:99]}" for one in found for node in one["nodes"]
    ]


def narrow(context: BrowserContext, page: Page, twice: bool) -> None:
    """Make a page 320 px wide and, if asked, its browser's text twice as large."""
    page.set_viewport_size(NARROW)
    if twice:
        context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": TWICE})


def cut(page: Page, twice: bool) -> list[str]:
    """What is cut off; and that the text is as large as this test thinks."""
    page.wait_for_selector("main", state="attached")
    size = page.evaluate(
        "() => parseFloat(getComputedStyle(document.querySelector('main p, main label, main')).fontSize)"
    )
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true })")
    wrong = page.evaluate(CUT)
    return [*wrong, f"text is only {size} px"] if twice and size < 32 else wrong
