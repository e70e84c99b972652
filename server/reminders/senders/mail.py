"""Reminders by email: neutral, with a way out in the header and in the text, over one connection per thread."""

import re
import smtplib
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from threading import local
from typing import Any, ClassVar

from server import mail
from server.reminders.senders import ALARM, BUG, GONE, LATER, SENT, Outcome
from server.reminders.senders.by_threads import ByThreads

# A long address in a header would be folded into coded words, which no mail program takes for an address.
UNFOLDED = policy.default.clone(max_line_length=990)
# The server's own policy has the same three digits as an address that does not exist: where it says more, that counts.
NOT_THERE = (550, 551, 553)  # RFC 5321 4.2.2
NO_MAILBOX = (b"5.1.1", b"5.1.2", b"5.1.3", b"5.1.6", b"5.1.10")  # RFC 3463 3.2, RFC 7505
_ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}(?!\S)")


@dataclass(frozen=True)
class Mail:
    """One email. `stop` is the address that ends these emails, by a tap or by the mail program itself."""

    ref: Any
    to: str
    subject: str
    text: str
    stop: str
    message_id: str  # the same when it is sent again, so that a mail program shows one
    channel: ClassVar[str] = "email"


class BySmtp(ByThreads):
    """Hands messages to the mail server that the operator set."""

    def __init__(self, address: str, sender: str, reply_to: str = "", **more: Any) -> None:
        super().__init__(**more)
        self._address, self._sender, self._reply_to = address, sender, reply_to

    def one(self, message: Mail, held: local) -> Outcome:
        """Accepted by the mail server, or why not. An answer about the address ends that address only."""
        if not self._address or not self._sender:
            return Outcome(LATER, tried=False)
        try:
            if getattr(held, "connection", None) is None:
                held.connection = mail.connected(self._address)
            held.connection.send_message(self._letter(message))
        except smtplib.SMTPRecipientsRefused as wrong:
            return _of_recipient(*next(iter(wrong.recipients.values())))
        except smtplib.SMTPAuthenticationError as wrong:
            # A sign-in can fail for the moment (RFC 4954 6, 454): then it is as if nobody were there.
            return Outcome(ALARM, wrong.smtp_code) if wrong.smtp_code >= 500 else Outcome(LATER)
        except smtplib.SMTPResponseException as wrong:
            return self._lost(held, Outcome(LATER if wrong.smtp_code < 500 else BUG, wrong.smtp_code))
        except (smtplib.SMTPNotSupportedError, UnicodeError):
            return self._lost(held, Outcome(BUG))
        except (smtplib.SMTPException, OSError):
            return self._lost(held, Outcome(LATER))
        return Outcome(SENT, 250)

    def close(self, connection: smtplib.SMTP) -> None:
        """Say goodbye, or just go."""
        try:
            connection.quit()
        except (smtplib.SMTPException, OSError):
            connection.close()

    def _lost(self, held: local, outcome: Outcome) -> Outcome:
        connection, held.connection = getattr(held, "connection", None), None
        if connection is not None:  # who knows what state it is in: the next message opens another
            connection.close()
        return outcome

    def _letter(self, message: Mail) -> EmailMessage:
        letter = EmailMessage(UNFOLDED)
        letter["From"], letter["To"], letter["Subject"] = f"Meantime <{self._sender}>", message.to, message.subject
        letter["Reply-To"] = self._reply_to or f'"Nobody reads replies" <{self._sender}>'
        letter["Message-ID"] = message.message_id
        letter["Auto-Submitted"] = "auto-generated"
        letter["Precedence"] = "bulk"
        letter["List-Unsubscribe"] = f"<{message.stop}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
        letter.set_content(message.text)
        return letter


def _of_recipient(code: int, said: bytes) -> Outcome:
    """What a refusal of the recipient means: only one that names the address as wrong is about the address."""
    enhanced = _ENHANCED.match(said)
    about_address = enhanced[0] in NO_MAILBOX if enhanced else code in NOT_THERE
    if code >= 500 and about_address:
        return Outcome(GONE, code)
    return Outcome(LATER if code < 500 else BUG, code)
