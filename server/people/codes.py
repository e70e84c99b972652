"""Pairing codes: 12 characters without look-alikes, that read aloud well. Pure."""

import secrets

# Crockford's 32 without U: no I, L, O, U. The first 4 find the invitation, the last 8 are the secret (40 bits).
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SELECTOR, LENGTH = 4, 12
LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_LETTERS = ("Alfa", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "Juliett", "Kilo", "Mike")
_LETTERS += ("November", "Papa", "Quebec", "Romeo", "Sierra", "Tango", "Victor", "Whiskey", "X-ray", "Yankee", "Zulu")
ALOUD = dict(zip(ALPHABET, _DIGITS + _LETTERS, strict=True))


def new_code() -> str:
    """Twelve random characters."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def bare(typed: str) -> str:
    """A code as typed, read out or pasted, in its one form: case, blanks and dashes do not matter."""
    return "".join(c for c in typed.upper().translate(LOOKALIKES) if c in ALPHABET)


def spell(code: str) -> str:
    """In groups of four: `K7QM-2XRT-9PWD`."""
    return "-".join(code[n : n + 4] for n in range(0, len(code), 4))


def read_aloud(code: str) -> list[str]:
    """Each group of four as words to say over the telephone."""
    groups = [code[n : n + 4] for n in range(0, len(code), 4)]
    return [", ".join(f"{c} for {ALOUD[c]}" if c.isalpha() else ALOUD[c] for c in group) for group in groups]
