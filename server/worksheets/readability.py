"""How hard a text is to read: reading age, sentence length, words we do not use. Pure."""

from __future__ import annotations

import re

OLDEST = 11.0  # years: NHS content is written for a reading age of 9 to 11 (clinical reference D4)
LONGEST_SENTENCE = 20  # words, by the same source
FEWEST_WORDS = 12  # of fewer words a reading age says nothing

# clinical reference D4 and the word table of the design. Whole words; a star stands for any ending.
BANNED = [
    "homework",
    "complian*",
    "non-complian*",
    "adheren*",
    "fail*",
    "overdue",
    "streak*",
    "should",
    "resistan*",
    "non-engaged",
    "patient",
    "patients",
    "user",
    "users",
    "victim*",
    "suffer*",
    "afflicted",
    "commit*",
]
_BANNED = re.compile(
    r"\b(" + "|".join(word.replace("-", r"[- ]?").replace("*", r"\w*") for word in BANNED) + r"|mentally ill)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?:]+(?=\s|$|”)")
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_VOWELS = re.compile(r"[aeiouy]+")


def reading_age(text: str) -> float:
    """Years of age at which most can read it: the Flesch–Kincaid grade and five.

    Grade = 0.39 × words per sentence + 11.8 × syllables per word − 15.59 (Kincaid and others, 1975).
    """
    words = words_in(text)
    if not words:
        return 0.0
    syllables = sum(syllables_in(word) for word in words)
    grade = 0.39 * len(words) / max(1, len(sentences_in(text))) + 11.8 * syllables / len(words) - 15.59
    return grade + 5


def sentences_in(text: str) -> list[str]:
    """The sentences of a text. A text without a full stop is one."""
    return [one for one in _SENTENCE_END.split(text) if words_in(one)]


def words_in(text: str) -> list[str]:
    """The words of a text, numbers included."""
    return _WORD.findall(text)


def banned_in(text: str) -> list[str]:
    """The words in a text that clients never see."""
    return [found.group(0) for found in _BANNED.finditer(text)]


def syllables_in(word: str) -> int:
    """Syllables of an English word, by its groups of vowels. Right for about nine words in ten."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    if not plain:
        return 1
    count = len(_VOWELS.findall(plain))
    if (plain.endswith("e") and not plain.endswith("le")) or re.search(r"[^td]ed$|[^sxzhcg]es$", plain):
        count -= 1
    if re.search(r"(ia|io|eo|ua|iet|ying|eing)", plain) and not re.search(r"(tion|sion|cia|tia|gion|qua|gua)", plain):
        count += 1
    return max(1, count)
