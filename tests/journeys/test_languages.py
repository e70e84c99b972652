"""Welsh, Polish and Urdu from the service's decision to the practitioner's page, offline in between."""

import re

import pytest
from playwright.sync_api import Page, expect

from server import clock
from tests.journeys.browsers import connected, sign_in
from tests.journeys.page_checks import violations
from tests.journeys.phone import Phone
from tests.journeys.sites import other_words
from tests.journeys.sites import spoken as languages

pytestmark = pytest.mark.journey

spoken, site = languages.spoken, languages.site

NAMES = {"cy": "Welsh", "pl": "Polish", "ur": "Urdu"}
PLACE = re.compile(r"\\\{\w+\\\}")  # as re.escape leaves it
LEFT_IN_ENGLISH = """() => {
  const texts = []
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const text = node.textContent.trim()
    if (text && !node.parentElement.closest(':not(html)[lang=en], bdi, script, noscript')) texts.push(text)
  }
  for (const one of document.querySelectorAll('[aria-label]')) {
    if (!one.closest(':not(html)[lang=en]')) texts.push(one.getAttribute('aria-label'))
  }
  return texts
}"""


# A number with spaces turns round on a page from right to left unless something keeps it together.
TURNED_NUMBERS = r"""() => {
  const wrong = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (!node.parentElement.checkVisibility()) continue
    if (node.parentElement.closest('script, .nhsuk-u-visually-hidden')) continue
    for (const found of node.data.matchAll(/\d+(?: \d+)+/g)) {
      const at = (n) => { const one = document.createRange(); one.setStart(node, n); one.setEnd(node, n + 1)
        return one.getBoundingClientRect() }
      const first = at(found.index), last = at(found.index + found[0].length - 1)
      if (first.top === last.top && first.left > last.left) wrong.push(`backwards: ${found[0]}`)
    }
  }
  return wrong
}"""


def switch_on(desk: Page, site, language: str, state: str, checked_by: str = "") -> None:
    """Ada decides about a language."""
    desk.goto(f"{site.base}/staff/administration/languages")
    part = desk.locator(f"[data-language={language}]")
    part.locator(f"input[name=state][value={state}]").check()
    if checked_by:
        part.locator("input[name=checked_by]").fill(checked_by)
    part.get_by_role("button", name=f"Save {NAMES[language]}").click()
    expect(desk.get_by_role("status")).to_have_text("Saved.")


def english_left(page: Page, words, language: str) -> list[str]:
    """Texts on this page that stand in English although there is another text for them."""
    texts = [english for english, _ in words.pairs(language)]
    told = [one for one in texts if "{" not in one or len(PLACE.sub("", re.escape(one))) > 8]
    known = [re.compile(PLACE.sub(".+", re.escape(one))) for one in told]
    return [text for text in page.evaluate(LEFT_IN_ENGLISH) if any(one.fullmatch(text) for one in known)]


@pytest.mark.parametrize("language", NAMES)
def test_a_language_from_the_services_decision_to_the_practitioners_page(
    language, site, site_cast, spoken, desk, phone_context
):
    words, said = spoken[0], spoken[0].words[language]
    sheet = other_words.sheet_in(spoken[1] / "worksheets", language)
    site_cast.agree(now=clock.now(), title="Looking at a thought")
    sign_in(desk, site, "ada@example.org")
    switch_on(desk, site, language, "draft" if language == "ur" else "checked", "" if language == "ur" else "E. Jones")
    phone = connected(Phone.of(phone_context, site.base), site_cast)
    page = phone.page
    phone.open("/#/settings")
    page.locator(f"label[for=language-{language}]").wait_for()
    assert len(english_left(page, words, language)) > 20
    page.locator(f"label[for=language-{language}]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ur" else "ltr")
    site.until_rows(1, "client", f"language = '{language}'")
    shown = {"settings": look(page, words, language)}
    phone.open("/#/today")
    expect(page.locator("[data-assignment] h3")).to_have_text(sheet["title"])
    expect(page.get_by_role("status").first).to_contain_text(before(said["app"]["today.all-sent"]))
    shown["today"] = look(page, words, language)
    assert page.locator("[data-draft]").count() == (1 if language == "ur" else 0)

    site.stop()
    page.context.set_offline(True)
    page.reload()
    page.locator("[data-way=do]").click()
    answer = page.get_by_role("textbox", name=sheet["fields.situation.label"])
    answer.fill("Ni ffoniodd fy chwaer.")
    shown["worksheet"] = look(page, words, language)
    page.locator("[data-way=save]").click()
    expect(page.locator("[data-saved=here] summary").first).to_contain_text(said["app"]["saved.here"])
    expect(page.locator("dt", has_text=sheet["fields.situation.label"])).to_be_visible()
    shown["entry"] = look(page, words, language)
    for place in ("help", "who", "history"):
        phone.open(f"/#/{place}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        shown[place] = look(page, words, language)
        assert (page.locator(".beside[lang=en]").count() > 3) == (place != "history")
    assert {place: wrong for place, wrong in shown.items() if wrong} == {}

    site.start()
    page.context.set_offline(False)
    phone.open("/#/today")
    site.until_rows(1, "revision", "subject_kind = 'entry'")
    sign_in_again(desk, site)
    desk.goto(f"{site.base}/staff/clients/{site_cast.anna.id}/entries")
    expect(desk.locator("[data-shown-in]")).to_have_text(
        f"Shown in {NAMES[language]} on the phone. The questions here are in English."
    )
    expect(desk.locator("dt", has_text="What was happening?")).to_be_visible()
    expect(desk.locator("dd", has_text="Ni ffoniodd fy chwaer.")).to_be_visible()


def test_a_language_that_is_switched_off_again_is_spoken_no_more(site, site_cast, desk, phone_context):
    sign_in(desk, site, "ada@example.org")
    switch_on(desk, site, "pl", "draft")
    phone = connected(Phone.of(phone_context, site.base), site_cast)
    phone.open("/#/settings")
    phone.page.locator("label[for=language-pl]").click()
    expect(phone.page.locator("html")).to_have_attribute("lang", "pl")
    switch_on(desk, site, "pl", "off")
    phone.open("/#/settings")
    expect(phone.page.locator("html")).to_have_attribute("lang", "en", timeout=30_000)
    expect(phone.page.locator("[data-languages]")).to_have_count(0)


def look(page: Page, words, language: str) -> list[str]:
    """What axe finds, what is left in English, and numbers to call that read backwards."""
    return violations(page) + english_left(page, words, language) + page.evaluate(TURNED_NUMBERS)


def before(text: str) -> str:
    """What stands before the first place in a text."""
    return text.partition("{")[0].strip()


def sign_in_again(desk: Page, site) -> None:
    """Ben takes Ada's seat."""
    desk.context.clear_cookies()
    sign_in(desk, site)
