"""A real mail server on this machine, which takes messages or does not."""

import ssl
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from tests.localhost import free_port


class Inbox(Message):
    """What it took. `answer`, `to_recipient`: what it says to messages, or to addresses, instead; like `451 later`."""

    def __init__(self):
        super().__init__(message_class=EmailMessage)
        self.taken: list[EmailMessage] = []
        self.answer: str | None = None
        self.to_recipient: str | None = None

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.to_recipient or address.startswith("nobody@"):
            return self.to_recipient or "550 no such address"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answer:
            return self.answer
        return await super().handle_DATA(server, session, envelope)

    def handle_message(self, message):
        self.taken.append(message)


class Running:
    """The server while it runs: `url` is what an operator sets."""

    def __init__(self, inbox: Inbox, tls: ssl.SSLContext | None = None, offers: ssl.SSLContext | None = None, **more):
        self.inbox, self.port = inbox, free_port()
        options = {"hostname": "127.0.0.1", "port": self.port, **more}
        if offers:
            options["tls_context"], options["require_starttls"] = offers, True
        if tls:
            options["ssl_context"] = tls
        self._controller = Controller(inbox, **options)
        self.url = f"{'smtps' if tls else 'smtp'}://localhost:{self.port}"

    def __enter__(self) -> "Running":
        self._controller.start()
        return self

    def __exit__(self, *_) -> None:
        self._controller.stop()
