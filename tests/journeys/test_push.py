"""From a reminder time to the task on the screen: all of it real but the browser vendor's push service.

The browser subscribes to the test's own push service with keys the test owns; what is sent there is opened with
them and handed to the worker over the browser's own debugging protocol.
"""

import json
import re
import threading
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from werkzeug.serving import make_server

from server import clock, jobs
from server.extensions import atomic, db
from server.people import pairing
from server.reminders.models import Delivery, DeliveryEvent, ReminderRule
from server.sealing import push_public_key, ring
from tests.fakes import PhoneKeys, PushService
from tests.journeys.phone import RATINGS, SAVED_HERE, SENT, THOUGHT, Phone

DENIED = "therap|cbt|anxi|walk|homework|mood|nhs|ben|anna|task|practitioner"

STUB = """
(() => {
  const told = %s
  const made = {endpoint: told.endpoint, expirationTime: null, options: {},
                toJSON: () => told, unsubscribe: async () => true}
  PushManager.prototype.subscribe = async () => made
  PushManager.prototype.getSubscription = async () => made
})()
"""


@pytest.fixture
def push(app):
    with PushService(public_key=push_public_key(ring())) as running:
        yield running


@pytest.fixture
def address(app, push):
    """The application on a port of this machine, as `meantime serve` would answer."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    base, config = f"http://localhost:{server.server_port}", app.config["MEANTIME"]
    app.config["MEANTIME"] = replace(config, base_url=base, push_hosts=(*config.push_hosts, push.host))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield base
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture
def page(phone_context, address):
    """A page of a phone that may show notifications."""
    phone_context.grant_permissions(["notifications"], origin=address)
    return phone_context.new_page()


@pytest.mark.journey
def test_a_reminder_is_put_off_comes_again_and_leads_to_a_filled_worksheet_without_a_network(
    app, cast, push, address, page
):
    keys = PhoneKeys()
    now = clock.now()
    cast.ask_safely()
    agreed = cast.agree(title="A short walk", rhythm={"kind": "daily", "times": 1}, now=now)
    with atomic():
        _, code = pairing.invite(client=cast.anna, by=cast.ben, now=now)
    told = {"endpoint": push.endpoint(), "keys": {"p256dh": keys.p256dh, "auth": keys.auth}}
    page.add_init_script(STUB % json.dumps(told))
    worker_of = Worker(page, address)
    page.goto(f"{address}/#pair={quote(code)}")
    choose_a_time(page)
    expect(page.get_by_text("A short walk").first).to_be_visible()

    delivery = wait_for_planned(page)
    wait_until_known(page, delivery.code)
    assert tick(app, delivery.due_at) == {"sent": 1}
    [taken] = push.taken
    assert push.refused == []

    payload = keys.open(taken.body)
    worker_of.deliver(payload)
    shown = worker_of.shown()
    assert (shown["title"], shown["body"], shown["tag"]) == ("Meantime", "You have a reminder", delivery.code)
    assert not re.search(DENIED, json.dumps([shown["title"], shown["body"]]), re.IGNORECASE)

    worker_of.deliver(payload)  # sent again after a crash: still one on the screen
    assert len(worker_of.all_shown()) == 1
    assert told_by_the_worker(page, delivery.id) == ["shown"]  # signed out, and once, however often it was delivered

    shows_what_comes(page, address)
    worker_of.click("later")
    again = wait_for_planned(page, "later")
    assert worker_of.all_shown() == [] and timedelta(minutes=55) < again.due_at - clock.now() < timedelta(minutes=62)
    page.reload()
    wait_until_known(page, again.code)
    assert tick(app, again.due_at)["sent"] == 1
    worker_of.deliver(keys.open(push.taken[-1].body))
    assert worker_of.shown()["tag"] == again.code != delivery.code

    page.context.set_offline(True)
    worker_of.click()
    page.wait_for_url(re.compile(f"#/task/{agreed.id}/"))
    expect(page.get_by_role("heading", name="A short walk")).to_be_visible()
    fill_in(Phone(page, address))
    shows_what_comes_once_it_is_saved(Phone(page, address))


def shows_what_comes(page, address):
    """The phone says when the next ones come, by the hour that was chosen."""
    Phone(page, address).open("/#/settings")
    coming = page.locator("[data-next-reminders=told] li")  # the list that staff see
    expect(coming).to_have_count(5)
    expect(coming.first).to_contain_text("23:59")


def shows_what_comes_once_it_is_saved(phone):
    """Another time is worked out on the phone, until it was sent; nobody has to open the page again."""
    phone.open("/#/settings")
    phone.page.get_by_label("At what time?").fill("23:58")
    expect(phone.page.locator("[data-next-reminders=here] li").first).to_contain_text("23:58")
    phone.press("Save reminders")
    expect(phone.page.locator("[data-next-reminders=told] li").first).to_contain_text("23:58")


def fill_in(phone):
    """The worksheet, from the task that the notification led to; sent as soon as there is a network again."""
    phone.follow("Do it now")
    phone.write(THOUGHT)
    phone.rate(RATINGS)
    phone.save()
    phone.standing(SAVED_HERE)
    phone.page.context.set_offline(False)
    phone.standing(SENT)


def tick(app, now) -> dict:
    """A look for what is due, on a thread of its own as in `meantime serve`."""
    counts = {}

    def look():
        with app.app_context():
            counts.update(jobs.send_due_reminders(now))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join(60)
    db.session.rollback()
    return counts


def choose_a_time(page):
    """Through the first opening, as somebody does who wants a reminder."""
    page.get_by_role("button", name="Connect this phone").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="No, only me").click()
    page.get_by_label("Remind me at").fill("23:59")
    with page.expect_response(re.compile("/api/v1/push-subscription")) as answer:
        page.get_by_role("button", name="Yes, remind me").click()
    assert answer.value.ok


def wait_for_planned(page, kind="own") -> Delivery:
    planned = select(Delivery).join(ReminderRule, ReminderRule.id == Delivery.rule_id).where(ReminderRule.kind == kind)
    for _ in range(100):
        db.session.rollback()
        found = db.session.scalars(planned.order_by(Delivery.due_at).limit(1)).one_or_none()
        if found:
            return found
        page.wait_for_timeout(100)
    raise AssertionError("the reminder time never arrived")


def wait_until_known(page, code):
    """The code comes with the pull, so that a click needs no network."""
    page.wait_for_function(
        """async (code) => {
          for (const {name} of await indexedDB.databases()) {
            const found = await new Promise((resolve) => {
              const opening = indexedDB.open(name)
              opening.onsuccess = () => {
                const base = opening.result
                if (!base.objectStoreNames.contains('deliveries')) { base.close(); return resolve(false) }
                const asked = base.transaction('deliveries').objectStore('deliveries').getAllKeys()
                asked.onsuccess = () => { base.close(); resolve(JSON.stringify(asked.result).includes(code)) }
              }
            })
            if (found) return true
          }
          return false
        }""",
        arg=code,
        timeout=70_000,
    )


def told_by_the_worker(page, delivery_id) -> list[str]:
    for _ in range(50):
        db.session.rollback()
        of_it = select(DeliveryEvent.what).where(DeliveryEvent.delivery_id == delivery_id).order_by(DeliveryEvent.id)
        found = [what for what in db.session.scalars(of_it) if what in ("shown", "opened")]
        if found:
            return found
        page.wait_for_timeout(100)
    return []


class Worker:
    """The page's service worker, over the debugging protocol."""

    def __init__(self, page, address):
        self.page, self.address, self.registration = page, address, None
        self.session = page.context.new_cdp_session(page)
        self.session.on("ServiceWorker.workerRegistrationUpdated", self._note)
        self.session.send("ServiceWorker.enable")

    def _note(self, told):
        for one in told["registrations"]:
            if not one["isDeleted"]:
                self.registration = one["registrationId"]

    def deliver(self, payload: dict):
        self.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        self.session.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": self.address, "registrationId": self.registration, "data": json.dumps(payload)},
        )
        self.page.wait_for_timeout(300)

    def all_shown(self) -> list[dict]:
        return self.page.evaluate(
            """async () => (await (await navigator.serviceWorker.ready).getNotifications())
                .map(({title, body, tag}) => ({title, body, tag}))"""
        )

    def shown(self) -> dict:
        for _ in range(50):
            if found := self.all_shown():
                return found[0]
            self.page.wait_for_timeout(100)
        raise AssertionError("no notification was shown")

    def click(self, action=""):
        """What the system does when the notification or a button on it is tapped; headless there is nothing to tap."""
        [worker] = self.page.context.service_workers
        worker.evaluate(
            """async (action) => {
              const [notification] = await self.registration.getNotifications()
              if (action && !notification.actions.some((one) => one.action === action)) throw Error('no such button')
              self.dispatchEvent(new NotificationEvent('notificationclick', {notification, action}))
            }""",
            action,
        )
