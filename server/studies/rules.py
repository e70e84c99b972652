"""What a study may be, who may do what to its bundles, and the drawing of arms. Pure."""

import hashlib
import hmac
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

CONSENT = "consent"
BASES = (CONSENT, "approval", "anonymised")
WORDS_NEED_CONSENT = "With free text a study rests on consent: nobody's words leave without their yes to it."
CHOICES = ("given", "withdrawn")
CONTENTS = ("rows", "free_text")
STATES = ("waiting", "building", "built", "failed", "released", "refused")
HOW_ALLOCATED = ("imported", "drawn")
FEWEST_ALIKE = 5  # people who share a description, where rows may leave without a word about it (trust reference E4.4)
MOST_ARMS, FEWEST_REPEATS, MOST_REPEATS = 6, 2, 6
PLAIN = re.compile(r"[\w][\w .,:/()'-]{0,199}")  # one line that is no formula and no markup
ARM = re.compile(r"[a-z][a-z0-9-]{0,19}")
YOUNGEST = 16


@dataclass(frozen=True)
class Grounds:
    """What whoever releases a bundle says of it: they answer for its leaving."""

    agreement: str = ""
    considered: str = ""
    has_read: bool = False


def missing_of(grounds: Grounds, content: str, smallest: int | None) -> dict[str, str]:
    """What is not said yet, as a sentence for each field; {} where a bundle may be released on these grounds."""
    missing = {}
    if not grounds.agreement.strip():
        missing["agreement"] = "Name the agreement under which it is shared."
    few = content == "rows" and (smallest is None or smallest < FEWEST_ALIKE)
    if few and not grounds.considered.strip():
        missing["considered"] = (
            f"Not every description is shared by {FEWEST_ALIKE} people. Say who could tell somebody apart, and why it"
            " may leave all the same."
        )
    if not grounds.has_read:
        what = "what clients wrote leaves with it" if content == "free_text" else "who could be told apart in it"
        missing["has_read"] = f"Read {what}, and tick that you did."
    return missing


def wrong_arms(arms: Sequence[str], blocks: Sequence[int]) -> str:
    """What is wrong with these arms and repeats, in a sentence; "" where nothing is."""
    if not arms:
        return "" if not blocks else "Name the arms that are drawn."
    if not 2 <= len(arms) <= MOST_ARMS or len(set(arms)) != len(arms):
        return f"Name 2 to {MOST_ARMS} arms, each once."
    if any(not ARM.fullmatch(one) for one in arms):
        return "An arm is a short code: a letter, then letters, digits or dashes."
    if any(not FEWEST_REPEATS <= one <= MOST_REPEATS for one in blocks) or len(set(blocks)) != len(blocks):
        return f"Repeats are different numbers from {FEWEST_REPEATS} to {MOST_REPEATS}."
    if len(blocks) == 1:  # whoever knows where a block ends knows its last arm
        return "Name two repeats or more, like 2, 3: with blocks of one size the next arm can be worked out."
    return ""


def drawn(seed: str, site: str, arms: Sequence[str], blocks: Sequence[int]) -> Iterator[str]:
    """The arms of one site in the order they are given out, without end: permuted blocks of random size.

    Block *i* repeats each arm so often as `blocks` says at the place that the HMAC of (site, i) names; within it, arms
    stand in the order of their HMAC of (site, i, place). So the same seed gives the same list in any language, for
    ever, and no site's list tells another's (Matthews 2006, chapter 3: permuted blocks, stratified by site).
    """
    number = 0
    while True:
        repeats = blocks[int.from_bytes(_digest(seed, site, number, "size")[:8], "big") % len(blocks)]
        block = [arm for arm in arms for _ in range(repeats)]
        order = sorted(range(len(block)), key=lambda place: _digest(seed, site, number, place))
        yield from (block[place] for place in order)
        number += 1


def arm_at(seed: str, site: str, arms: Sequence[str], blocks: Sequence[int], number: int) -> str:
    """The arm of the n-th client of a site, from 1."""
    return next(islice(drawn(seed, site, arms, blocks), number - 1, None))


def _digest(seed: str, site: str, number: int, about: object) -> bytes:
    return hmac.new(seed.encode(), f"{site}|{number}|{about}".encode(), hashlib.sha256).digest()
