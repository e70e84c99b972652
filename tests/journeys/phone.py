"""What somebody does with the phone app, step by step, found by the words and roles they would find it by."""

import re

from playwright.sync_api import BrowserContext, Page, TimeoutError, expect

SAVED_HERE, SENT = "Saved on this phone", "Sent"
SITUATION, HOT_THOUGHT = "What was happening?", "Which thought upset you most?"
THOUGHT = {
    SITUATION: "My sister did not ring back.",
    "What was your strongest feeling?": "Worried",
    HOT_THOUGHT: "She has had enough of me.",
    "What facts fit this thought?": "She has not rung for two days.",
    "What facts do not fit this thought?": "She is often busy. She rang on Sunday.",
    "What is a more balanced way to see it?": "She may be busy, and she does ring.",
}
RATINGS = {"How strong was that feeling?": 80, "How strong is the feeling now?": 45}
REST = {label: words for label, words in THOUGHT.items() if label != SITUATION}

# How far the worker came: what there is of it, and what it has fetched.
WORKERS = """async () => ({
    workers: (await navigator.serviceWorker.getRegistrations()).map((one) => ({
        scope: one.scope, installing: one.installing?.state, waiting: one.waiting?.state, active: one.active?.state })),
    kept: await Promise.all((await caches.keys()).map(async (name) =>
        [name, (await (await caches.open(name)).keys()).length])),
    secure: isSecureContext, shown: document.visibilityState })"""


class Phone:
    """One open page of the app."""

    def __init__(self, page: Page, base: str):
        self.page, self.base = page, base

    @classmethod
    def of(cls, context: BrowserContext, base: str) -> "Phone":
        """A new tab in this storage."""
        return cls(context.new_page(), base)

    def open(self, place: str = "/") -> "Phone":
        """Open the app at a place of its own, like `/#/history`; a page load even where only the hash differs."""
        if self.page.url.startswith(self.base):
            self.page.evaluate("(place) => history.replaceState(null, '', place)", place)
            self.page.reload()
        else:
            self.page.goto(self.base + place)
        return self

    def connect_by_link(self, code: str) -> None:
        """Follow the link of an invitation."""
        self.page.goto(f"{self.base}/#pair={code}")
        self.press("Connect this phone")

    def connect_by_typing(self, code: str) -> None:
        """Type the 12 characters, as they were heard on the telephone."""
        self.page.goto(f"{self.base}/")
        self.page.get_by_label("Your code").fill(code)
        self.press("Connect this phone")

    def first_opening(self) -> None:
        """What this is, nobody else looks at the phone, no reminders."""
        self.press("Continue")
        self.press("No, only me")
        self.press("No reminders")
        self.until_ready()

    def until_ready(self) -> None:
        """Wait until everything that is needed without a network is on the phone."""
        expect(self.page.get_by_role("heading", level=1, name="Today")).to_be_visible()
        self.until_controlled()

    def until_controlled(self) -> None:
        """Wait until the worker answers for this page."""
        controlled = "() => navigator.serviceWorker.controller !== null"
        try:
            self.page.wait_for_function(controlled, timeout=60_000)  # a busy machine is no fault of ours
        except TimeoutError as late:
            raise AssertionError(f"no worker is in control: {self.page.evaluate(WORKERS)}") from late

    def press(self, name: str) -> None:
        """Tap a button."""
        self.page.get_by_role("button", name=name).first.click()

    def follow(self, name: str) -> None:
        """Tap a link."""
        self.page.get_by_role("link", name=name).first.click()

    def heading(self, name: str):
        """The heading with these words."""
        return self.page.get_by_role("heading", name=name)

    def says(self, text: str, timeout: float = 15_000) -> None:
        """These words show, and soon."""
        expect(self.page.get_by_role("main").get_by_text(text).first).to_be_visible(timeout=timeout)

    def never_says(self, text: str) -> None:
        """These words do not show now."""
        expect(self.page.get_by_text(text, exact=True)).to_have_count(0)

    def begin(self, title: str) -> None:
        """From Today into the worksheet of a task."""
        self.page.get_by_role("link", name=re.compile(f"(Do it now|Carry on|Do it again).*{title}")).first.click()
        expect(self.page.get_by_role("button", name="Save", exact=True)).to_be_visible()

    def write(self, words: dict[str, str]) -> None:
        """Type into the questions."""
        for label, text in words.items():
            self.page.get_by_role("textbox", name=label).fill(text)

    def rate(self, ratings: dict[str, int]) -> None:
        """Move the sliders."""
        for label, number in ratings.items():
            self.page.get_by_role("slider", name=label).fill(str(number))

    def written(self, label: str) -> str:
        """What stands in a question now."""
        return self.page.get_by_role("textbox", name=label).input_value()

    def until_draft_is_kept(self) -> None:
        """Wait for the line that says that the draft is on the phone."""
        expect(self.page.get_by_text("Kept on this phone while you write")).to_be_visible()

    def save(self) -> None:
        """Save, and wait until the app says that it did."""
        self.page.get_by_role("button", name="Save", exact=True).click()
        expect(self.page.get_by_role("link", name="Back to Today")).to_be_visible()

    def save_a_thought(self, title: str, words: dict[str, str] = THOUGHT) -> None:
        """From Today to a saved thought record."""
        self.begin(title)
        self.write(words)
        self.rate(RATINGS)
        self.save()

    def standing(self, name: str, timeout: float = 15_000) -> None:
        """Saved on this phone, or sent."""
        marks = {SAVED_HERE: "here", SENT: "sent"}
        mark = self.page.locator(f"[data-saved={marks[name]}] summary").first
        expect(mark).to_contain_text(name, timeout=timeout)

    def until_all_is_sent(self) -> None:
        """Today says that nothing waits here."""
        expect(self.page.get_by_text(re.compile("^All sent"))).to_be_visible(timeout=15_000)

    def kept(self, store: str) -> list:
        """What the phone's own database holds in one store, opened as docs/on-the-phone.md says."""
        return self.page.evaluate(_ALL, store)


_ALL = """async (store) => {
  const found = []
  const asked = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  const bound = (iv, place) => ({ name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(place) })
  for (const {name} of await indexedDB.databases()) {
    const base = await asked(indexedDB.open(name))
    if (base.objectStoreNames.contains(store)) {
      const reading = base.transaction([store, 'keys'])
      const [keys, records, local] = await Promise.all([
        asked(reading.objectStore(store).getAllKeys()), asked(reading.objectStore(store).getAll()),
        asked(reading.objectStore('keys').get('local')),
      ])
      const key = local && await crypto.subtle.unwrapKey(
        'raw', local.box, local.kek, bound(local.iv, 'key/local'), 'AES-GCM', false, ['decrypt'])
      for (const [at, record] of records.entries()) {
        if (record.v === 0) found.push(record)
        else {
          const body = await crypto.subtle.decrypt(bound(record.iv, `${store}/${keys[at]}`), key, record.body)
          found.push({ v: 1, body: JSON.parse(new TextDecoder().decode(body)) })
        }
      }
    }
    base.close()
  }
  return found
}"""
