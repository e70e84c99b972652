"""Looks over an installation and says, one sentence each, what is well, what to know and what is refused."""

import os
import socket
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import create_engine, func, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from server import clock, queueing, startup
from server.audit.models import AuditEvent
from server.audit.queries import check_chains
from server.audit.rules import said_of
from server.config import Config, ConfigError, unknown_settings
from server.errors import CannotStart
from server.reminders import alarms, asking, vitals, watching, wording
from server.reminders.channels import PUSH
from server.reminders.senders.own import can_send_fast
from server.safety.models import RiskFlag
from server.sealing import push_public_key, read_key_file
from server.worksheets.folders import OWN, own_definitions
from server.worksheets.library import Library, sound_ones

FINE, NOTE, REFUSED = "fine", "note", "refused"
OLDEST_POSTGRESQL = 15
PATIENCE = 3  # seconds to wait for a push service
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Finding:
    """What one check found: its name, `fine`, `note` or `refused`, and a sentence."""

    check: str
    state: str
    sentence: str


def examine(config: Config) -> list[Finding]:
    """Every finding, in the order of the checks. Nothing is changed."""
    return [Finding(name, *found) for name, check in CHECKS for found in check(config)]


def _configuration(config: Config) -> Iterator[tuple[str, str]]:
    for reason in config.unsafe():
        yield REFUSED, reason
    for name in unknown_settings():
        yield NOTE, f"{name} is set, and is no setting of ours: is it spelt right?"
    if not config.unsafe():
        who = "anybody who can reach it" if config.is_public else "this machine only"
        yield FINE, f"The settings can be used, at {config.base_url}, for {who}."


def _demonstration(config: Config) -> Iterator[tuple[str, str]]:
    if config.is_demonstration:
        yield (
            NOTE,
            (
                "This is the demonstration: no real people, and phones that do not exist. What is said below about"
                " notifications that do not go out is about those."
            ),
        )


def _folder(config: Config) -> Iterator[tuple[str, str]]:
    if not config.data.is_dir():
        yield NOTE, f"The data folder {config.data} is not there yet; it is made at the first start."
    elif not os.access(config.data, os.W_OK | os.X_OK):
        yield REFUSED, f"The data folder {config.data} cannot be written to by this account."
    else:
        yield FINE, f"The data folder is {config.data}."


def _keys(config: Config) -> Iterator[tuple[str, str]]:
    if not config.key_file.exists() and _revision(config) is None:
        yield NOTE, f"There is no key file yet; meantime install makes {config.key_file}."
        return
    try:
        push_public_key(read_key_file(config.key_file))
    except CannotStart as refusal:
        yield REFUSED, str(refusal)
        return
    mode = stat.S_IMODE(config.key_file.stat().st_mode)
    if mode & 0o077:
        yield REFUSED, f"Others on this machine can read the key file {config.key_file}: chmod 600 it."
    else:
        yield FINE, f"The key file {config.key_file} can be read, by this account only."
    yield from _keys_apart(config)


def _keys_apart(config: Config) -> Iterator[tuple[str, str]]:
    """Whether a stolen disk, or one copy of a folder, would hold both halves: what is sealed, and what opens it."""
    if not config.is_sqlite:
        return
    folder, key_file = startup.database_folder(config), config.key_file.resolve()
    if key_file.is_relative_to(folder):
        where, then = "beside the database", "a stolen disk, or one copy of that folder,"
    elif not folder.exists():  # not made, or its disk not mounted: where it will lie nobody can tell
        return
    elif _disk(folder) == _disk(key_file):
        where, then = "on the same disk as the database", "a stolen disk, or one copy of it,"
    else:
        return
    yield (
        NOTE,
        (
            f"The key file lies {where}, so {then} holds all that is needed to read everything. Move it to"
            " another disk, name that place in MEANTIME_KEY_FILE, and copy it apart from the data."
        ),
    )


def _disk(path: Path) -> object:
    return path.stat().st_dev


def _database(config: Config) -> Iterator[tuple[str, str]]:
    try:
        found = startup.revision(config)
    except CannotStart as refusal:
        yield REFUSED, str(refusal)
        return
    if found is None:
        yield NOTE, "The database is empty; meantime install makes it."
        return
    yield _kind(config)
    try:
        startup.refuse_old_schema(config)
        yield FINE, f"Its tables are at {found}, as this program needs."
    except CannotStart as refusal:
        yield REFUSED, str(refusal)


def _kind(config: Config) -> tuple[str, str]:
    with _looking_at(config) as connection:
        if config.is_sqlite:
            mode = connection.execute(text("PRAGMA journal_mode")).scalar_one()
            version = connection.execute(text("SELECT sqlite_version()")).scalar_one()
            return (FINE if mode == "wal" else NOTE), f"The database is SQLite {version}, in {mode} mode."
        number = int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10_000
    state = FINE if number >= OLDEST_POSTGRESQL else REFUSED
    return state, f"The database is PostgreSQL {number}; {OLDEST_POSTGRESQL} or later is needed."


def _clock(config: Config) -> Iterator[tuple[str, str]]:
    try:
        ZoneInfo("Europe/London")
    except ZoneInfoNotFoundError:
        yield REFUSED, "This machine has no time zones: install the package tzdata."
        return
    now, newest = clock.now(), _newest_event(config)
    if newest is not None and newest > now:
        yield REFUSED, f"The clock says {now:%d %B %Y %H:%M} UTC, but the newest record is of {newest:%d %B %Y %H:%M}."
    else:
        yield FINE, f"The clock says {now:%d %B %Y %H:%M} UTC."


def _audit(config: Config) -> Iterator[tuple[str, str]]:
    """Each chain of who did what. A cut tail shows only against a newest link that was kept elsewhere: it is said."""
    if not _is_current(config):
        return
    with _looking_at(config) as connection, Session(connection) as session:
        verdicts = check_chains(session)
    for service_id, verdict in verdicts.items():
        yield FINE if verdict.whole else REFUSED, said_of(service_id, verdict)


def _worksheets(config: Config) -> Iterator[tuple[str, str]]:
    try:
        config.refuse_no_worksheets()
    except ConfigError as refusal:
        yield REFUSED, str(refusal)
        return
    library = Library.load(config.worksheets, allow_broken=True)
    _, left_out = sound_ones(own_definitions(config.data / OWN, config.worksheets, library.ids()))
    for problem in left_out:
        yield NOTE, f"A worksheet of the service's own is left out: {config.data / OWN}/{problem}"
    for problem in library.problems:
        yield (NOTE if config.allow_broken_worksheets else REFUSED), f"A worksheet has an error: {problem}"
    if not library.all():
        yield REFUSED, f"There are no worksheets in {config.worksheets}."
    elif not library.problems:
        yield FINE, f"{len(library.all())} worksheets can be read."


def _phone(config: Config) -> Iterator[tuple[str, str]]:
    for what, path in (("phone app", config.phone_app / "index.html"), ("staff style", config.staff_assets)):
        if path.exists():
            yield FINE, f"The {what} is built."
        else:
            yield REFUSED, f"The {what} is not built: {path} is missing. In a checkout, ./run builds it."


def _push(config: Config) -> Iterator[tuple[str, str]]:
    if config.is_public and config.push_contact.endswith("@example.org"):
        yield REFUSED, "Push services cannot reach you: set MEANTIME_PUSH_CONTACT."
    hosts = [host for host in config.push_hosts if not host.startswith("*.")]
    with ThreadPoolExecutor(len(hosts)) as pool:
        answers = list(pool.map(_reachable, hosts))
    for host, answer in zip(hosts, answers, strict=True):
        said = "can be reached" if answer else "cannot be reached from here, so its phones get no reminders"
        yield (FINE if answer else NOTE), f"The push service {host} {said}."


def _mail(config: Config) -> Iterator[tuple[str, str]]:
    """Whether what waits too long can be told, and whether it was. Counts only."""
    if config.sends_mail:
        yield FINE, "There is a mail server for flags that wait too long, and for reminders by email."
    else:
        yield (
            NOTE,
            (
                "No mail server is set, so clients are not asked about risk, and no reminder goes by email:"
                " MEANTIME_SMTP_URL, MEANTIME_MAIL_FROM."
            ),
        )
    if not _is_current(config):
        return
    with _looking_at(config) as connection:
        waiting = select(func.count()).select_from(RiskFlag).where(RiskFlag.ack_at.is_(None))
        stuck = waiting.where(RiskFlag.escalated_at.is_(None), RiskFlag.escalation_trouble.is_not(None))
        waits, failed = connection.scalar(waiting), connection.scalar(stuck)
    if failed:
        yield REFUSED, f"{failed} flags about risk wait too long, and no mail about them could be sent."
    elif waits:
        yield NOTE, f"{waits} flags about risk wait to be acknowledged."


def _reminders(config: Config) -> Iterator[tuple[str, str]]:
    """What people see of us on a lock screen, beside the words: the address, and who a message is from."""
    seen = {
        "The address": (config.base_url.partition("://")[2], "MEANTIME_BASE_URL"),
        "The sender of mail": (config.mail_from, "MEANTIME_MAIL_FROM"),
        "The sender of texts": (config.sms_sender, "MEANTIME_SMS_SENDER"),
    }
    telling = {name: word for name, (text, _) in seen.items() if (word := wording.telling(text))}
    for name, word in telling.items():
        shown = "Some phones show it with a reminder" if name == "The address" else "It shows with each reminder"
        yield NOTE, f"{name} says “{word}”. {shown}: choose one that tells nothing, and set {seen[name][1]}."
    wrong = sorted({lang for lang, texts in wording.texts().items() for t in texts.values() if _is_wrong(t)})
    if wrong:
        yield REFUSED, f"A reminder's own words tell or blame in: {', '.join(wrong)}."
    if not telling and not wrong:
        yield FINE, "Neither the words of reminders nor what they come from tell what they are about."
    if config.fast_push and not can_send_fast():
        yield (
            REFUSED,
            "MEANTIME_FAST_PUSH is 1, but the extra fast-push is not installed: pip install meantime[fast-push].",
        )
    yield from _ways(config)
    yield from _unasked(config)


def _is_wrong(text: str) -> bool:
    return bool(wording.telling(text) or wording.shaming(text))


def _ways(config: Config) -> Iterator[tuple[str, str]]:
    if config.sends_mail and not config.mail_reply_to:
        yield NOTE, "Reminders by mail say that nobody reads replies; where somebody does, set MEANTIME_MAIL_REPLY_TO."
    if config.sends_texts and not config.notify_token:
        yield NOTE, "Nobody hears whether texts arrive: set MEANTIME_NOTIFY_TOKEN, and the same token at GOV.UK Notify."
    if not config.sends_texts and (config.notify_key or config.notify_template or config.sms_sender):
        yield REFUSED, "Texts need MEANTIME_NOTIFY_KEY, MEANTIME_NOTIFY_TEMPLATE and MEANTIME_SMS_SENDER, all three."


def _unasked(config: Config) -> Iterator[tuple[str, str]]:
    """Reminders that wait for somebody to ask how to reach a client safely: after an upgrade those of everybody."""
    if not _is_current(config):
        return
    with _looking_at(config) as connection:
        waiting = connection.scalar(asking.EVERYWHERE)
    if waiting:
        who = "1 client turned reminders on and gets" if waiting == 1 else f"{waiting} clients turned them on and get"
        yield NOTE, f"{who} none until somebody asks, alone, how to reach them safely: their practitioners see whom."


def _timetable(config: Config) -> Iterator[tuple[str, str]]:
    """Whether anybody looks for what is due, on whichever machine; what does not go out; and who refused us."""
    if _is_current(config):
        with _looking_at(config) as connection, Session(connection) as session:
            troubles = vitals.troubles(clock.now(), session)
            refused = alarms.of_refusals(watching.refusals(clock.now(), WEEK, session=session))
        for trouble, sentence in zip(troubles, alarms.of_troubles(troubles), strict=True):
            of_nobody = config.is_demonstration and trouble.channel == PUSH
            yield (REFUSED if trouble.channel and not of_nobody else NOTE), sentence
        yield from ((NOTE, sentence) for sentence in refused)
        if not troubles:
            yield FINE, "Reminders were planned and looked for of late, and nothing keeps them from going out."
    if config.is_public and not config.signal_url:
        yield NOTE, "Nobody elsewhere notices if this machine stops: set MEANTIME_SIGNAL_URL (docs/reminders.md)."


def _queue(config: Config) -> Iterator[tuple[str, str]]:
    """On PostgreSQL: the tables of the job queue, who works, and what does not get on."""
    if config.is_sqlite or not _is_current(config):
        return
    with _looking_at(config) as connection:
        try:
            queueing.refuse_old_tables(connection.engine)
        except CannotStart as refusal:
            yield REFUSED, str(refusal)
            return
        found = queueing.state_of(connection)
    yield FINE, f"The tables of the job queue are at {queueing.newest_version()}, as this program needs."
    if found.workers:
        yield FINE, f"Workers seen in the last minute: {found.workers}."
    else:
        yield NOTE, "No worker was seen in the last minute; meantime serve alone looks for what is due."
    if found.left:
        yield REFUSED, f"Jobs held by a worker that is gone: {found.left}. Another takes them while one runs."
    if found.waiting:
        yield (
            REFUSED,
            f"Jobs that wait for more than five minutes: {found.waiting}. Start one more worker.",
        )
    if found.failed:
        yield NOTE, f"Jobs that failed: {found.failed}. The log of the workers says why; each is looked for again."


def _https(config: Config) -> Iterator[tuple[str, str]]:
    if config.is_https:
        yield FINE, "People reach it over https."
    elif not config.is_public:
        yield NOTE, "Plain http works on this machine only: other phones need an https address (MEANTIME_BASE_URL)."


@contextmanager
def _looking_at(config: Config) -> Iterator[Connection]:
    engine = create_engine(config.database_url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _revision(config: Config) -> str | None:
    try:
        return startup.revision(config)
    except CannotStart:
        return None


def _is_current(config: Config) -> bool:
    try:
        startup.refuse_old_schema(config)
    except CannotStart:
        return False
    return True


def _newest_event(config: Config) -> datetime | None:
    if _revision(config) is None:
        return None
    with _looking_at(config) as connection:
        return connection.execute(select(func.max(AuditEvent.at))).scalar_one()


def _reachable(host: str) -> bool:
    try:
        with socket.create_connection((host, 443), timeout=PATIENCE):
            return True
    except OSError:
        return False


CHECKS: tuple[tuple[str, Callable[[Config], Iterator[tuple[str, str]]]], ...] = (
    ("configuration", _configuration),
    ("demonstration", _demonstration),
    ("data", _folder),
    ("keys", _keys),
    ("database", _database),
    ("clock", _clock),
    ("audit", _audit),
    ("worksheets", _worksheets),
    ("pages", _phone),
    ("push", _push),
    ("mail", _mail),
    ("reminders", _reminders),
    ("timetable", _timetable),
    ("queue", _queue),
    ("https", _https),
)
