"""Reads every setting from the environment once, checks it, and holds it unchanging."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent
_BUILT = _PACKAGE / "_built"
SIGN_IN = "sign-in.txt"  # of the demonstration, in the data folder

# The services behind the browsers we support; a pattern starting with "*." stands for any host below it.
PUSH_HOSTS = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)


class ConfigError(Exception):
    """A setting, or what it points at, cannot be used; its text is one sentence for the operator."""


@dataclass(frozen=True)
class Setting:
    """One variable of the environment: its name, what it is when unset (in words), and what it means."""

    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting("MEANTIME_DATA", "./data", "folder for the embedded database and whatever else is kept"),
    Setting(
        "MEANTIME_KEY_FILE",
        "$MEANTIME_DATA/keys/meantime.keys",
        "file of the service keys; keep it elsewhere on a public host, and out of backups",
    ),
    Setting(
        "MEANTIME_DATABASE_URL",
        "SQLite in $MEANTIME_DATA",
        "sqlite:///file or postgresql://user:password@host/name",
    ),
    Setting("MEANTIME_HOST", "127.0.0.1", "address to listen on"),
    Setting("MEANTIME_PORT", "8000", "port to listen on"),
    Setting("MEANTIME_BASE_URL", "http://localhost:$MEANTIME_PORT", "address people type, as seen from outside"),
    Setting("MEANTIME_WORKSHEETS", "the worksheets that ship", "folder of worksheet definitions to use instead"),
    Setting("MEANTIME_ALLOW_BROKEN_WORKSHEETS", "0", "1: start without a worksheet that has an error"),
    Setting(
        "MEANTIME_PUSH_HOSTS",
        "none beyond the browsers' own",
        "more hosts that may be sent reminders, by commas",
    ),
    Setting(
        "MEANTIME_PUSH_CONTACT",
        "the base URL, if it is https",
        "mailto: or https: address where push services reach you",
    ),
    Setting(
        "MEANTIME_SMTP_URL",
        "no mail is sent",
        "mail server for escalations and for reminders by email: smtps://user:password@host:465, or smtp://…:587,"
        " which then switches TLS on",
    ),
    Setting("MEANTIME_MAIL_FROM", "no mail is sent", "address that mail is sent from"),
    Setting("MEANTIME_MAIL_REPLY_TO", "mails say that nobody reads replies", "address at which somebody reads replies"),
    Setting("MEANTIME_NOTIFY_KEY", "no texts are sent", "API key of GOV.UK Notify, for text messages"),
    Setting("MEANTIME_NOTIFY_TEMPLATE", "no texts are sent", "id of a text template there that holds only ((message))"),
    Setting("MEANTIME_NOTIFY_URL", "https://api.notifications.service.gov.uk", "address of GOV.UK Notify"),
    Setting("MEANTIME_NOTIFY_TOKEN", "receipts are refused", "token of Notify's receipts, 16 characters or more"),
    Setting("MEANTIME_SMS_SENDER", "no texts are sent", "sender name of texts: neutral, 3 to 11 letters, no number"),
    Setting("MEANTIME_FAST_PUSH", "0", "1: send web push over HTTP/2 (extra fast-push), for workers that send much"),
    Setting(
        "MEANTIME_SIGNAL_URL", "no signal", "https address that is asked for after each tick in which all went well"
    ),
    Setting("MEANTIME_METRICS_TOKEN", "no metrics", "bearer token for /metrics: at least 16 characters"),
    Setting("MEANTIME_TICK_SECONDS", "20", "seconds between two looks for reminders that are due"),
    Setting("MEANTIME_DEMO", "0", '1: show the banner "Demonstration: no real people" on every page'),
    Setting("MEANTIME_THREADS", "8", "threads that answer requests"),
)


@dataclass(frozen=True)
class Config:
    """Every setting, read and checked; nothing else in the program looks at the environment."""

    data: Path
    key_file: Path
    database_url: str
    host: str
    port: int
    base_url: str
    worksheets: Path
    allow_broken_worksheets: bool
    push_hosts: tuple[str, ...]
    push_contact: str
    smtp_url: str
    mail_from: str
    mail_reply_to: str
    notify_key: str
    notify_template: str
    notify_url: str
    notify_token: str
    sms_sender: str
    fast_push: bool
    signal_url: str
    metrics_token: str
    tick_seconds: int
    demo: bool
    threads: int

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Config":
        """Read the settings, or raise ConfigError with a sentence that names the first one that is wrong."""
        data = Path(environ.get("MEANTIME_DATA") or "data").expanduser().resolve()
        port = _number(environ, "MEANTIME_PORT", 8000, least=1, most=65535)
        base_url = _base_url(environ.get("MEANTIME_BASE_URL") or f"http://localhost:{port}")
        return cls(
            data=data,
            key_file=_path(environ, "MEANTIME_KEY_FILE", data / "keys" / "meantime.keys"),
            database_url=_database_url(environ.get("MEANTIME_DATABASE_URL") or _sqlite_in(data)),
            host=environ.get("MEANTIME_HOST") or "127.0.0.1",
            port=port,
            base_url=base_url,
            worksheets=_path(environ, "MEANTIME_WORKSHEETS", _shipped("worksheets", "worksheets")),
            allow_broken_worksheets=_switch(environ, "MEANTIME_ALLOW_BROKEN_WORKSHEETS"),
            push_hosts=PUSH_HOSTS + _words(environ, "MEANTIME_PUSH_HOSTS"),
            push_contact=_contact(environ.get("MEANTIME_PUSH_CONTACT", ""), base_url),
            smtp_url=_smtp_url(environ.get("MEANTIME_SMTP_URL", "")),
            mail_from=_address(environ, "MEANTIME_MAIL_FROM"),
            mail_reply_to=_address(environ, "MEANTIME_MAIL_REPLY_TO"),
            notify_key=_notify_key(environ.get("MEANTIME_NOTIFY_KEY", "")),
            notify_template=environ.get("MEANTIME_NOTIFY_TEMPLATE", ""),
            notify_url=_notify_url(environ.get("MEANTIME_NOTIFY_URL") or "https://api.notifications.service.gov.uk"),
            notify_token=_token(environ, "MEANTIME_NOTIFY_TOKEN"),
            sms_sender=_sms_sender(environ.get("MEANTIME_SMS_SENDER", "")),
            fast_push=_switch(environ, "MEANTIME_FAST_PUSH"),
            signal_url=_signal_url(environ.get("MEANTIME_SIGNAL_URL", "")),
            metrics_token=_token(environ, "MEANTIME_METRICS_TOKEN"),
            tick_seconds=_number(environ, "MEANTIME_TICK_SECONDS", 20, least=1, most=60),
            demo=_switch(environ, "MEANTIME_DEMO"),
            threads=_number(environ, "MEANTIME_THREADS", 8, least=1, most=256),
        )

    @property
    def is_demonstration(self) -> bool:
        """Whether this is the demonstration, or what was filled as one: it keeps its sign-in."""
        return self.demo or (self.data / SIGN_IN).is_file()

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.database_url.startswith("sqlite")

    @property
    def is_https(self) -> bool:
        """Whether people reach us over https, so that cookies carry the __Host- prefix."""
        return self.base_url.startswith("https://")

    @property
    def sends_mail(self) -> bool:
        """Whether there is a mail server to hand messages to."""
        return bool(self.smtp_url and self.mail_from)

    @property
    def sends_texts(self) -> bool:
        """Whether GOV.UK Notify can be asked to send text messages."""
        return bool(self.notify_key and self.notify_template and self.sms_sender)

    @property
    def is_public(self) -> bool:
        """Whether anybody but this machine can reach us, directly or through a proxy."""
        return not (_is_loopback(self.host) and _is_loopback(urlsplit(self.base_url).hostname or ""))

    @property
    def is_behind_proxy(self) -> bool:
        """Whether we listen on this machine only, but people reach us from elsewhere."""
        return self.is_public and _is_loopback(self.host)

    @property
    def phone_app(self) -> Path:
        """Folder of the built phone app: in a checkout pwa/dist, else the copy in the package."""
        return _shipped("pwa/dist", "phone")

    @property
    def staff_assets(self) -> Path:
        """Folder of the style, script and icons of staff pages."""
        return _shipped("pwa/dist-staff", "static")

    @property
    def recompute(self) -> Path:
        """The script that every bundle holds, by which its figures can be worked out again."""
        return _shipped("docs/recompute.py", "recompute.py")

    @property
    def loaders(self) -> Path:
        """Folder of the scripts that read a bundle, of which every bundle holds a copy."""
        return _shipped("docs/bundle", "bundle")

    def refuse_no_worksheets(self) -> None:
        """ConfigError unless the folder holds a worksheet and the file that says what one looks like."""
        if not self.worksheets.is_dir():
            raise ConfigError(f"MEANTIME_WORKSHEETS names {self.worksheets}, and there is no such folder.")
        if not (self.worksheets / "schema.json").is_file() or not any(self.worksheets.glob("*/*.v*.yaml")):
            raise ConfigError(
                f"MEANTIME_WORKSHEETS names {self.worksheets}, and that is no folder of worksheets:"
                " start from a copy of those that ship."
            )

    def unsafe(self) -> list[str]:
        """Say why these settings may not serve real people from a public address; empty when they may."""
        if not self.is_public:
            return []
        reasons: list[str] = []
        if self.key_file.is_relative_to(self.data):
            reasons.append(
                f"The key file {self.key_file} lies in the data folder, which is allowed on this machine"
                " only: set MEANTIME_KEY_FILE to a place that is backed up apart from the data."
            )
        if self.demo:
            reasons.append("The demonstration answers to this machine only: unset MEANTIME_DEMO or MEANTIME_HOST.")
        if not self.is_https:
            reasons.append(
                f"The address {self.base_url} is plain http, so phones can neither install the app nor be"
                " reminded: set MEANTIME_BASE_URL to an https address."
            )
        return reasons


def _shipped(in_checkout: str, when_installed: str) -> Path:
    # A checkout has the source of the phone app beside the package; an installation does not.
    if (_CHECKOUT / "pwa" / "package.json").is_file():
        return _CHECKOUT / in_checkout
    return _BUILT / when_installed if _BUILT.is_dir() else _CHECKOUT / in_checkout


def _sqlite_in(data: Path) -> str:
    return f"sqlite:///{data / 'meantime.sqlite3'}"


def _path(environ: Mapping[str, str], name: str, default: Path) -> Path:
    given = environ.get(name)
    return Path(given).expanduser().resolve() if given else default


def _number(environ: Mapping[str, str], name: str, default: int, *, least: int, most: int) -> int:
    given = environ.get(name, "").strip() or str(default)
    if not given.isdecimal() or not least <= int(given) <= most:
        raise ConfigError(f"{name} is {given!r}, and can be a whole number from {least} to {most}.")
    return int(given)


def _switch(environ: Mapping[str, str], name: str) -> bool:
    given = environ.get(name, "").strip().lower()
    if given in ("", "0", "no", "false", "off"):
        return False
    if given in ("1", "yes", "true", "on"):
        return True
    raise ConfigError(f"{name} is {given!r}, and can be 0 or 1.")


def _words(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(word.strip().lower() for word in environ.get(name, "").split(",") if word.strip())


def _base_url(given: str) -> str:
    parts = _split(given)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ConfigError(f"MEANTIME_BASE_URL is {given!r}, and needs to look like https://meantime.example.org.")
    return given.rstrip("/")


def _database_url(given: str) -> str:
    scheme = given.partition("://")[0]
    if scheme in ("postgres", "postgresql", "postgresql+psycopg") and _split(given).path.strip("/"):
        return "postgresql+psycopg://" + given.partition("://")[2]
    if scheme == "sqlite" and given.removeprefix("sqlite:///") not in (given, ""):
        return given
    # The address may hold a password, so only its first word is repeated.
    raise ConfigError(
        f"MEANTIME_DATABASE_URL begins with {scheme.split(':')[0][:20]!r}, and needs to look like"
        " sqlite:////folder/file.sqlite3 or postgresql://user:password@host/name."
    )


def _split(given: str) -> SplitResult:
    """The parts of an address, all of them empty when it cannot be read."""
    try:
        parts = urlsplit(given)
        _ = parts.port  # only looking tells whether it is a number
    except ValueError:
        return urlsplit("")
    return parts


def _contact(given: str, base_url: str) -> str:
    if given and not given.startswith(("mailto:", "https://")):
        raise ConfigError(f"MEANTIME_PUSH_CONTACT is {given!r}, and needs to begin with mailto: or https:.")
    # Push services refuse a subject at localhost, so a trial on a laptop names a host that is nobody's.
    return given or (base_url if base_url.startswith("https://") else "mailto:operator@example.org")


def _smtp_url(given: str) -> str:
    parts = _split(given)
    if given and (parts.scheme not in ("smtp", "smtps") or not parts.hostname):
        # It may hold a password, so it is not repeated.
        raise ConfigError("MEANTIME_SMTP_URL needs to look like smtps://user:password@mail.example.org:465.")
    return given


def _address(environ: Mapping[str, str], variable: str) -> str:
    given = environ.get(variable, "")
    name, _, host = given.partition("@")
    if given and (not name or not host or any(c.isspace() or c in "<>," for c in given)):
        raise ConfigError(f"{variable} is {given!r}, and needs to be one address, like meantime@example.org.")
    return given


def _notify_key(given: str) -> str:
    if given and not re.fullmatch(r".+-[0-9a-f-]{36}-[0-9a-f-]{36}", given):
        # It is a secret, so it is not repeated.
        raise ConfigError("MEANTIME_NOTIFY_KEY needs to be a whole API key: its name and two ids of 36 characters.")
    return given


def _notify_url(given: str) -> str:
    if not _keeps_secrets(given):
        raise ConfigError(f"MEANTIME_NOTIFY_URL is {given!r}, and needs to look like https://notify.example.org.")
    return given.rstrip("/")


def _signal_url(given: str) -> str:
    if given and (not _keeps_secrets(given) or "@" in _split(given).netloc):
        # It may hold a secret, so it is not repeated.
        raise ConfigError("MEANTIME_SIGNAL_URL needs to look like https://monitor.example.org/something.")
    return given


def _keeps_secrets(given: str) -> bool:
    """Whether nobody can read along on the way to this address: https, or plain http to this machine for a trial."""
    parts = _split(given)
    host = parts.hostname or ""
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host)))


def _token(environ: Mapping[str, str], name: str) -> str:
    given = environ.get(name, "")
    if given and (len(given) < 16 or not given.isascii() or any(c.isspace() for c in given)):
        raise ConfigError(f"{name} needs at least 16 plain characters without spaces.")
    return given


def _sms_sender(given: str) -> str:
    if given and (not re.fullmatch(r"[A-Za-z0-9 ]{3,11}", given) or not any(c.isalpha() for c in given)):
        # A number could be answered, and nobody reads answers.
        raise ConfigError(f"MEANTIME_SMS_SENDER is {given!r}, and needs 3 to 11 letters; it cannot be a number.")
    return given


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def unknown_settings(environ: Mapping[str, str] = os.environ) -> list[str]:
    """Variables that look like settings of ours and are none: most likely a slip of the pen."""
    known = {setting.name for setting in SETTINGS}
    return sorted(name for name in environ if name.startswith("MEANTIME_") and name not in known)
