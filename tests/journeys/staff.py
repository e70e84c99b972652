"""What a practitioner does on the staff pages, step by step, found by the words and roles they would find it by."""

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from server import clock
from tests.journeys import everywhere
from tests.safety.inbox import Inbox

REASON = "You told me that one thought can spoil a whole evening."
PLAN = {
    "When": "after tea",
    "Where": "at the kitchen table",
    "With whom": "on my own",
    "How long": "ten minutes",
    "What will remind them": "the kettle",
    "What could get in the way": "the telly is on",
    "Then they will…": "do it before I turn it on",
}


class Desk:
    """A practitioner who is signed in."""

    def __init__(self, page: Page, base: str):
        self.page, self.base = page, base

    def go(self, place: str) -> None:
        """Open a staff page by its address below /staff/."""
        self.page.goto(f"{self.base}/staff/{place}")

    def press(self, name: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name).first.click()

    def follow(self, name: str) -> None:
        """Follow a link."""
        self.page.get_by_role("link", name=name).first.click()

    def says(self, text: str | re.Pattern) -> None:
        """These words show."""
        expect(self.page.get_by_role("main").get_by_text(text).first).to_be_visible()

    def never_says(self, text: str) -> None:
        """These words are nowhere on the page."""
        expect(self.page.get_by_text(text)).to_have_count(0)

    def add_client(self, name: str) -> None:
        """Take on a client; ends on the invitation page."""
        self.go("today")
        self.follow("Add a client")
        self.page.get_by_label("Preferred name").fill(name)
        self.page.get_by_label("Date of birth").fill("31/03/1990")
        self.press("Add client and go to the invitation")
        expect(self.page.get_by_role("heading", name=f"Invite {name}’s phone")).to_be_visible()

    def invite(self) -> str:
        """Make an invitation on the page that is open; the code, as the card shows it."""
        self.page.get_by_role("button", name=re.compile("Make an? (new )?invitation")).click()
        code = self.page.locator(".staff-code").inner_text()
        assert f"{self.base}/#pair={code}" in self.page.get_by_label("Message that tells nothing").input_value()
        return code

    def find(self, name: str) -> None:
        """Open a client's page from the caseload."""
        self.go("caseload")
        self.page.get_by_role("rowheader", name=name).get_by_role("link").click()

    def book_today(self, name: str) -> None:
        """Book an appointment that is still to come today."""
        later = everywhere.later_today()
        self.find(name)
        self.follow("Book an appointment")
        self.page.get_by_label("Day").fill(later.date().isoformat())
        self.page.get_by_label("Time").fill(f"{later:%H:%M}")
        self.page.get_by_label("Telephone").check()
        self.press("Book")

    def agree(self, name: str, worksheet: str) -> None:
        """Agree a worksheet with a reason and a whole plan, after looking at the preview."""
        self.find(name)
        self.follow("Agree a task")
        self.page.get_by_role("link", name=worksheet, exact=True).click()
        self.page.get_by_label("Reason", exact=True).fill(REASON)
        for label, text in PLAN.items():
            self.page.get_by_label(label, exact=True).fill(text)
        self.page.get_by_label("At what time").fill("18:30")
        self.page.get_by_label("How sure are they").fill("8")
        self.press("Preview")
        expect(self.page.get_by_role("heading", name="Preview: nothing is agreed yet")).to_be_visible()
        self.press("Agree this task")
        self.says("Agreed. It shows on an open phone within seconds")

    def open_appointment(self, name: str) -> None:
        """From Today to a client's appointment."""
        self.go("today")
        self.page.get_by_role("heading", name=name).get_by_role("link").click()

    def switch_risk_on(self, inbox: Inbox) -> None:
        """As administrator: fill in the procedure, so that clients are asked about risk; the inbox is tried."""
        self.go("administration/risk")
        self.says("Clients are not asked about risk in the app.")
        for label, words in {
            "Who answers for it": "Dr Mira Hale",
            "Their role": "Clinical lead",
            "Inbox that is told": "duty@example.org",
            "What is done": "The duty clinician rings the same day.",
            "Confirmed by": "Dr Mira Hale",
            "Last reviewed on": (clock.now() - timedelta(days=20)).date().isoformat(),
        }.items():
            self.page.get_by_label(label, exact=True).fill(words)
        self.press("Save and switch on")
        expect(self.page.get_by_text("There is a problem")).to_be_visible()  # nobody has confirmed it yet
        self.page.get_by_label("The named person agreed to this, and read the levels below").check()
        self.press("Save and switch on")
        self.says("Clients are asked about risk.")
        assert [message["To"] for message in inbox.taken] == ["duty@example.org"]
