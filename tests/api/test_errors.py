"""Whatever goes wrong below /api/ has one body, which a phone can read and know to be ours."""

import pytest

from server.api import looks

HEADERS = {"X-Sync-Protocol": "1"}
PUSH = "/api/v1/sync/push"


def said(answer) -> tuple[int, str]:
    """Status and code; everything else that the body must be."""
    assert answer.mimetype == "application/json", answer.text
    assert set(answer.json) >= {"code", "message", "fields"} and answer.json["message"].endswith(".")
    assert answer.headers["X-Sync-Protocol"] == "1"
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status_code, answer.json["code"]


@pytest.mark.parametrize("path", ["/api/v1/nope", "/api/v1/", "/api/nope", "/api/v9/device", "/api/v1/device/<b>"])
def test_an_address_that_leads_nowhere(phone, path):
    for method in ("GET", "POST"):
        assert said(phone.open(path, method=method, headers=HEADERS)) == (404, "not-found")


def test_a_method_that_is_not_known_there(phone):
    answer = phone.patch("/api/v1/device", json={}, headers=HEADERS)
    assert said(answer) == (405, "not-found")
    assert "GET" in answer.headers["Allow"]
    assert said(phone.post("/api/openapi.json", json={})) == (405, "not-found")


def test_too_much_at_once(phone):
    answer = phone.post(PUSH, data=b"x" * (5 * 1024 * 1024), headers=HEADERS, content_type="application/json")
    assert said(answer) == (413, "too-large")


@pytest.mark.parametrize(
    ("kind", "body"), [("text/plain", b"hello"), ("application/json", b"{"), ("text/xml", b"<a/>")]
)
def test_what_is_no_json(phone, kind, body):
    status, code = said(phone.post(PUSH, data=body, headers=HEADERS, content_type=kind))
    assert status in (400, 415, 422) and code == "bad-input"


@pytest.mark.parametrize("path", ["pair", "reminders/told"])
def test_json_that_is_deeper_than_anything_of_ours(phone, path):
    web = phone.application.test_client()
    answer = web.post(f"/api/v1/{path}", data="[" * 30_000, content_type="application/json", headers=HEADERS)
    assert said(answer) == (422, "bad-input")


def test_a_charset_nobody_knows(phone):
    answer = phone.post(PUSH, data=b"{}", headers=HEADERS, content_type="application/json; charset=klingon")
    assert said(answer)[0] in (400, 415, 422)


def test_something_of_ours_that_breaks(app, phone, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("planted")

    app.testing = False  # as it is served
    monkeypatch.setattr(looks.audit, "looks_at", broken)
    answer = phone.get("/api/v1/looks")
    assert said(answer) == (500, "broken") and answer.json["reference"]
    for name in app.view_functions:
        if name.startswith("api-docs."):
            monkeypatch.setitem(app.view_functions, name, broken)
    answer = phone.get("/api/openapi.json")
    assert said(answer) == (500, "broken") and "planted" not in answer.text


def test_pages_keep_their_own(phone):
    assert phone.get("/nope").mimetype == "text/html"
    assert phone.get("/api").mimetype == "text/html"
    assert phone.post("/", json={}).mimetype == "text/html"
