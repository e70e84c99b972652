"""What a new phone shows before it is paired, screen by screen; and in an iPhone's tab, and inside another app."""

from collections.abc import Callable, Iterator

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.browsers import new_phone


def first_screens(context: BrowserContext, base: str, code: str) -> Iterator[tuple[str, Page]]:
    """What a new phone shows, from the empty form to the question about reminders; it ends up paired."""
    page = context.new_page()
    steps: list[tuple[str, Callable[[], None]]] = [
        ("pair", lambda: page.goto(f"{base}/")),
        ("pair, refused", lambda: _refused(page)),
        ("help, signed out", lambda: _follow(page, "Help now")),
        ("who sees, signed out", lambda: page.goto(f"{base}/#/who")),
        ("pair by link", lambda: _arrive(page, f"{base}/#pair={code}")),
        ("what this is", lambda: page.get_by_role("button", name="Connect this phone").click()),
        ("who looks at this phone", lambda: page.get_by_role("button", name="Continue").click()),
        ("others may look", lambda: page.get_by_role("button", name="Yes, or I am not sure").click()),
        ("reminder time", lambda: _not_quiet(page)),
        ("today, first", lambda: page.get_by_role("button", name="No reminders").click()),
    ]
    before = None
    for name, step in steps:
        step()
        heading = page.get_by_role("heading", level=1)
        if before and name not in ("pair, refused", "pair by link", "others may look"):
            expect(heading).not_to_have_text(before)
        expect(heading).to_be_visible()
        before = heading.inner_text()
        yield name, page


def _arrive(page: Page, address: str) -> None:
    page.goto("about:blank")
    page.goto(address)


def _follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).first.click()


def _refused(page: Page) -> None:
    page.get_by_label("Your code").fill("AAAA-BBBB")
    page.get_by_role("button", name="Connect this phone").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _not_quiet(page: Page) -> None:
    page.get_by_label("No reminders on this phone").uncheck()
    page.get_by_role("button", name="Continue").click()


def other_first_screens(chromium: Browser, base: str, code: str) -> Iterator[tuple[str, Page]]:
    """An iPhone's tab, and the browser inside another app."""
    apple = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    for name, agent in (
        ("install first", f"{apple} Version/18.0 Mobile/15E148 Safari/604.1"),
        ("in another app", f"{apple} Mobile/15E148 Instagram 300.0.0.0"),
    ):
        context = new_phone(chromium, user_agent=agent)
        page = context.new_page()
        page.goto(f"{base}/#pair={code}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        yield name, page
        context.close()
