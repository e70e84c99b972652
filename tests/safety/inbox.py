"""A real mail server on this machine, which takes messages or does not."""

import socket
import ssl
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message


class Inbox(Message):
    """What it took, in order. `answer` is what it says to the next messages instead, like `451 later`."""

    def __init__(self):
        super().__init__(message_class=EmailMessage)
        self.taken: list[EmailMessage] = []
        self.answer: str | None = None

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 no such address"
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


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def own_certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """(a server's context, the certificate to trust) for localhost, made here."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem, own = folder / "mail.pem", folder / "mail.key"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    own.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, own)
    return context, pem
