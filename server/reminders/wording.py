"""The few words of a reminder in every language, what none of them may tell, and the messages made of them."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from server.reminders.rules import TITLE

FOLDER = Path(__file__).parent / "words"
ENGLISH = "en"

# What nobody may read over somebody's shoulder, in the languages there are (trust.md B6). Beginnings of words, but
# where a plain word begins so too. Rather a word too many: a reminder has no use for any of them.
TELLING = (
    r"therap|terap|psych|counsel|cbt\b|nhs|gig\b|talking|anxi|depress|depresj|iselder|pryder|mood|nastr|hwyliau|lęk",
    r"mental|meddwl|clini|klini|clinig|practition|ymarferydd|patient|pacjent|claf\b|wellbeing|wellness|dobrostan",
    r"homework|gwaith cartref|praca domowa|zadani|worksheet|taflen|diary|dyddiadur|dziennik|thought|myśl|worry|worri",
    r"phq|gad-?7|core-?10|score|sgôr|wynik|treatment|triniaeth|leczen|session|sesiwn|sesj|appointment|apwyntiad|wizyt",
    r"crisis|argyfwng|kryzys|suicid|samob|self-harm|recover|distress|stress|trauma|panic|phobi|ocd\b|ptsd|sleep|cwsg",
    r"تھراپی|علاج|ذہنی|ڈپریشن|اضطراب|گھبراہٹ|نفسیات|مریض|کلینک|ہوم ورک|موڈ|پریشانی|خودکشی|سیشن|بحران|نیند",
)
# What shames (clinical.md D4): it has no place in a reminder either.
SHAMING = (
    r"overdue|missed|failed|fail\b|streak|should|must\b|comply|complian|forgot|haven.t|have not|still not|\d+ ?%",
    r"nie zrobi|zapomni|powinn|musisz|zaległ|opuści|wedi colli|dylech|anghofio|rhaid|چاہیے|بھول گئے|ناکام",
)
_TELLING = re.compile(r"\b(?:" + "|".join(TELLING) + ")", re.IGNORECASE)
_SHAMING = re.compile(r"\b(?:" + "|".join(SHAMING) + ")", re.IGNORECASE)


def telling(text: str) -> str | None:
    """The first word in a text, a host name or a sender's name that tells what this is about; None when none does."""
    found = _TELLING.search(re.sub(r"[._@/-]", " ", text)) or _TELLING.search(text)
    return found.group() if found else None


def shaming(text: str) -> str | None:
    """The first word that blames somebody; None when none does."""
    found = _SHAMING.search(text)
    return found.group() if found else None


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """Every text by language and key."""
    return {file.stem: dict(YAML(typ="safe").load(file.read_text("utf-8"))) for file in sorted(FOLDER.glob("*.yaml"))}


def word(language: str, key: str) -> str:
    """A text in this language, or in English where there is none yet."""
    known = texts()
    return known.get(language, {}).get(key) or known[ENGLISH][key]


def body(level: int, language: str) -> str:
    """What the lock screen shows: nothing at level 0. Own words (level 2) are put in on the phone."""
    return word(language, "reminder") if level else ""


def mail_text(language: str, base_url: str, stop: str, read_by_somebody: bool = False) -> str:
    """The text of an email: where to look, that nobody reads replies, and how to stop it."""
    replies = "" if read_by_somebody else word(language, "replies") + "\n\n"
    return f"{word(language, 'mail')} {base_url}/\n\n{replies}{word(language, 'stop')} {stop}\n"


def title(level: int, language: str) -> str:
    """The subject of a mail, or the name of an event: the product's name alone at level 0."""
    return body(level, language) or TITLE


def sms_text(level: int, language: str, base_url: str) -> str:
    """One text message, of one part in every language: 160 of GSM's letters, or 70 of any others."""
    return f"{title(level, language)}: {base_url}/"
