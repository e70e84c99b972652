"""An administrator whose account nobody knows yet is told so on each page where she would open something."""

from datetime import timedelta

from server.people.queries import practitioners_of
from server.people.settling import YOU_NOT_KNOWN
from tests.cast import NOW
from tests.dashboard.browser import words


def test_who_is_not_known_yet_is_told_so_and_changes_nothing(open_as, cast, time):
    time.now = NOW + timedelta(days=30)
    web, cara = open_as(cast.add("Quin", "administrator", by=cast.ada, now=time.now)), cast.cara.id
    page = web.page("/staff/administration")
    added = web.send(page, "/administration/accounts", 422, person="Rob", login="rob", roles=["practitioner"])
    assert YOU_NOT_KNOWN in words(web.read(added, 422))
    place = f"/staff/administration/accounts/{cara}"
    reset = web.fetch(f"{place}/password", "POST", data=web.tokens())
    assert reset.status_code == 409 and YOU_NOT_KNOWN in reset.text
    changed = web.send(web.page(f"{place}/roles"), "/roles", 422, roles=["trainee"])
    assert YOU_NOT_KNOWN in words(web.read(changed, 422))
    gone = web.fetch(f"{place}/disable", "POST", data=web.tokens())
    assert gone.status_code == 409 and YOU_NOT_KNOWN in gone.text and cast.cara.disabled_at is None
    assert [one.name for one in practitioners_of(cast.ada)][-1] == "Quin"
