"""A page that is used by keyboard alone: where the focus is can always be seen."""

from playwright.sync_api import Page, expect

FARTHEST = 120  # no way on a page is longer than this many presses of Tab

# Where the focus is, and whether it can be seen: an outline or a shadow, on the element or on what stands for it.
FOCUS = """
() => {
  const one = document.activeElement
  if (!one || one === document.body) return null
  const ring = (style) => (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
    && !/rgba\\(.*, 0\\)|transparent/.test(style.outlineColor)) || style.boxShadow !== 'none'
  const label = one.labels?.[0]
  const stands = [getComputedStyle(one), getComputedStyle(one, '::before'), getComputedStyle(one, '::after'),
    ...(label ? [getComputedStyle(label, '::before'), getComputedStyle(label)] : []),
    ...(one.matches('input') && one.nextElementSibling ? [getComputedStyle(one.nextElementSibling)] : []),
    ...(one.firstElementChild ? [getComputedStyle(one.firstElementChild)] : [])]
  const box = one.getBoundingClientRect()
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
  const name = label?.textContent || one.getAttribute('aria-label') || one.textContent || one.name || ''
  return { tag: one.tagName.toLowerCase(), name: name.replace(/\\s+/g, ' ').trim(),
    ring: stands.some(ring), inside, html: one.outerHTML.slice(0, 160) }
}
"""


class Keys:
    """A page and a keyboard."""

    def __init__(self, page: Page):
        self.page = page
        self.last = ""

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def focus(self) -> dict | None:
        """What has the focus. Whatever has it by the keyboard can be seen to have it."""
        found = self.page.evaluate(FOCUS)
        if found and found["tag"] not in ("h1", "h2", "main"):  # these take it for screen readers, not for the eye
            # The button inside a date field is the browser's own, with a ring that no script can see.
            inner = any(f'type="{kind}"' in found["html"] for kind in ("date", "time")) and found["html"] == self.last
            assert found["ring"] or inner, f"the focus cannot be seen: {found['html']}"
            self.last = found["html"]
            assert found["inside"], f"the focus is out of sight: {found['html']}"
        return found

    def tab_to(self, name: str, tag: str | None = None) -> dict:
        """Press Tab until something with this name has the focus."""
        for _ in range(FARTHEST):
            found = self.focus()
            if found and found["name"].startswith(name) and tag in (None, found["tag"]):
                return found
            self.press("Tab")
        raise AssertionError(f"Tab does not lead to {name!r}")

    def go(self, name: str, tag: str | None = None) -> None:
        """Tab to a link or button and press Enter."""
        self.tab_to(name, tag)
        self.press("Enter")

    def write(self, name: str, text: str) -> None:
        """Tab to a field and type."""
        self.tab_to(name)
        self.page.keyboard.type(text)

    def new_screen(self, heading: str) -> None:
        """The phone's next screen shows, and the focus is on its heading."""
        first = self.page.get_by_role("heading", level=1, name=heading)
        expect(first).to_be_visible()
        expect(first).to_be_focused()

    def new_page(self, heading: str) -> None:
        """A staff page was loaded: the first Tab offers to skip to the main part, and the next is in it."""
        expect(self.page.get_by_role("heading", level=1, name=heading)).to_be_visible()
        self.press("Tab")
        skip = self.focus()
        assert skip and skip["name"] == "Skip to main content", skip
        self.press("Enter", "Tab")
        assert self.page.evaluate("() => document.querySelector('main').contains(document.activeElement)")
