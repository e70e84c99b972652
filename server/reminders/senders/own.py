"""This installation's own senders, one for each way that is set up."""

from server.config import Config
from server.reminders.channels import EMAIL, PUSH, SMS
from server.reminders.push import WebPush, web_push
from server.reminders.senders import Sender
from server.reminders.senders.mail import BySmtp
from server.reminders.senders.sms import ByNotify

try:
    from server.reminders.senders.fast_push import fast_push
except ImportError:  # the extra fast-push is not installed; `meantime doctor` says so where it is asked for
    fast_push = None


def push_sender(config: Config, private: str, timeout: float = 30) -> WebPush:
    """Web push with this installation's keys and the hosts it trusts."""
    make = fast_push if config.fast_push and fast_push else web_push
    return make(private, config.push_contact, config.push_hosts, timeout)


def senders(config: Config, private: str) -> dict[str, Sender]:
    """A sender for each way that the operator set up; web push always is."""
    found: dict[str, Sender] = {PUSH: push_sender(config, private)}
    if config.sends_mail:
        found[EMAIL] = BySmtp(config.smtp_url, config.mail_from, config.mail_reply_to)
    if config.sends_texts:
        found[SMS] = ByNotify(config.notify_url, config.notify_key, config.notify_template)
    return found


def can_send_fast() -> bool:
    """Whether the extra fast-push is installed."""
    return fast_push is not None
