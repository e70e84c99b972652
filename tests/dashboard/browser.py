"""A staff browser for tests: fetches pages, checks the house on each, fills in forms as a person would."""

import logging
import re
from contextlib import contextmanager

from bs4 import BeautifulSoup

from tests.cast import PASSWORD

VOLATILE = re.compile(r'nonce="[^"]*"|name="(csrf|author)" value="[^"]*"')


class Browser:
    """One browser of one practitioner."""

    def __init__(self, app):
        self.http = app.test_client()

    def sign_in(self, practitioner) -> "Browser":
        """Sign in with the cast's password."""
        fields = {"sign_in_name": practitioner.sign_in_name, "password": PASSWORD}
        assert self.http.post("/staff/sign-in", data=fields).status_code == 303
        return self

    def page(self, path: str, status: int = 200) -> BeautifulSoup:
        """A page that keeps the house's rules."""
        return self.read(self.fetch(path), status)

    def fetch(self, path: str, method: str = "GET", **options):
        """The bare answer; a name that is undefined in a template of ours is an error."""
        with no_undefined():
            return self.http.open(path, method=method, buffered=True, **options)

    def read(self, answer, status: int = 200) -> BeautifulSoup:
        """An answer as a page, checked."""
        assert answer.status_code == status, f"{answer.status}: {answer.text[:600]}"
        page = BeautifulSoup(answer.text, "html.parser")
        check_house(page)
        return page

    def send(self, page: BeautifulSoup, action: str, status: int = 303, **fields):
        """Fill in the form whose address (or a button's) ends with `action`, and send it. `drop=[names]` leaves out."""
        form, address = find_form(page, action)
        data = {**typed_in(form), **fields}
        for name in data.pop("drop", []):
            data.pop(name, None)
        answer = self.fetch(address, "POST", data=data)
        assert answer.status_code == status, f"{answer.status}: {answer.text[:1500]}"
        return answer

    def follow(self, answer) -> BeautifulSoup:
        """The page a redirect leads to."""
        return self.page(answer.headers["Location"])

    def tokens(self) -> dict:
        """The hidden fields of any form of this session."""
        page = self.page("/staff/account/password")
        return {name: page.find("input", {"name": name})["value"] for name in ("csrf", "author")}


def words(page) -> str:
    """What a page, or a part of it, says: in one line."""
    return page.get_text(" ", strip=True)


def find_form(page: BeautifulSoup, action: str):
    """(form, address) of the form that posts to an address ending with `action`."""
    for button in page.find_all("button", formaction=True):
        if button["formaction"].partition("?")[0].endswith(action):
            return button.find_parent("form"), button["formaction"]
    for form in page.find_all("form"):
        if form["action"].partition("?")[0].endswith(action):
            return form, form["action"]
    raise AssertionError(f"no form to {action} among {[form['action'] for form in page.find_all('form')]}")


def typed_in(form) -> dict:
    """What a form would send as it stands."""
    data: dict = {}
    for field in form.find_all(["input", "textarea", "select"]):
        name, kind = field.get("name"), field.get("type")
        if not name or (kind in ("radio", "checkbox") and not field.has_attr("checked")):
            continue
        if field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            value = chosen.get("value", chosen.text) if chosen else ""
        else:
            # A browser drops the first line end of a textarea, and so does the parser we compare with.
            value = field.text if field.name == "textarea" else field.get("value", "")
        data.setdefault(name, []).append(value)
    return data


def check_house(page: BeautifulSoup) -> None:
    """One h1, a title, no id twice, every field labelled, nothing undefined or None, no broken reference."""
    assert len(page.find_all("h1")) == 1
    assert page.title and page.title.text.endswith("– Meantime") and len(page.title.text) > 12
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids)), sorted(one for one in ids if ids.count(one) > 1)
    labelled = {label.get("for") for label in page.find_all("label")}
    for field in page.find_all(["input", "select", "textarea"]):
        if field.get("type") != "hidden":
            assert field.get("id") in labelled, field
    for tag in page.find_all(attrs={"aria-labelledby": True}):
        assert set(tag["aria-labelledby"].split()) <= set(ids), tag["aria-labelledby"]
    words = page.get_text(" ", strip=True)
    assert not re.search(r"\bNone\b(?! booked| yet| of)|\bundefined\b|\{\{|Markup\(", words), words


def stable(answer) -> str:
    """A page without what differs each time."""
    return VOLATILE.sub("", answer.text)


@contextmanager
def no_undefined():
    """Nothing undefined may be used in our templates."""
    found = []
    handler = logging.Handler()
    handler.emit = lambda record: found.append(record.getMessage())
    log = logging.getLogger("server.dashboard.pages")
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)
    assert found == []
