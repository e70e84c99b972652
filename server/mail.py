"""Connects to the mail server and hands in messages: encrypted on their way, never waiting long."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

PATIENCE = 10  # seconds to wait for a server at each step
PORTS = {"smtp": 587, "smtps": 465}


class NotSent(Exception):
    """The message was not accepted. `why`: not_set, unreachable (try again) or refused."""

    def __init__(self, why: str, sentence: str):
        self.why, self.sentence = why, sentence
        super().__init__(sentence)


@dataclass(frozen=True)
class Server:
    """Where mail is handed in. Without TLS from the start, it is switched on first, except on this machine."""

    host: str
    port: int
    tls: bool
    user: str
    password: str

    @classmethod
    def of(cls, address: str) -> "Server":
        """The parts of `smtps://user:password@host:465` or `smtp://…:587`."""
        parts = urlsplit(address)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.hostname or "", parts.port or PORTS[parts.scheme], parts.scheme == "smtps", user, password)

    @property
    def is_here(self) -> bool:
        """Whether nothing leaves this machine on the way to it."""
        try:
            return self.host == "localhost" or ip_address(self.host).is_loopback
        except ValueError:
            return False


def send(*, address: str, sender: str, to: str, subject: str, text: str) -> None:
    """Hand in one message. Returns once the server took it; raises `NotSent` otherwise, within a minute."""
    if not address or not sender:
        raise NotSent("not_set", "No mail server is set: the operator sets MEANTIME_SMTP_URL and MEANTIME_MAIL_FROM.")
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    try:
        with connected(address) as session:
            session.send_message(message)
    except smtplib.SMTPRecipientsRefused:
        raise NotSent("refused", "The mail server does not take messages for that address.") from None
    except (smtplib.SMTPResponseException, smtplib.SMTPNotSupportedError) as wrong:
        raise NotSent("refused", f"The mail server refused the message ({_reason(wrong)}).") from None
    except UnicodeEncodeError:
        raise NotSent("refused", "The mail server's user or password holds a letter that mail cannot carry.") from None
    except (smtplib.SMTPException, OSError) as wrong:
        raise NotSent("unreachable", f"The mail server could not be reached ({type(wrong).__name__}).") from None


def connected(address: str) -> smtplib.SMTP:
    """A connection to the mail server at this address, signed in, for several messages. The caller ends it.

    Raises what smtplib raises, and `OSError`.
    """
    server, trusted = Server.of(address), ssl.create_default_context()
    session = (
        smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE, context=trusted)
        if server.tls
        else smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
    )
    try:
        if not server.tls and not server.is_here:
            session.starttls(context=trusted)
        if server.user:
            session.login(server.user, server.password)
    except BaseException:
        session.close()
        raise
    return session


def _reason(wrong: smtplib.SMTPException) -> str:
    """The server's code, or what it does not offer: encryption, sign-in, such letters in addresses."""
    return str(getattr(wrong, "smtp_code", "")) or str(wrong).rstrip(".")
