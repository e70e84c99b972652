"""Which passwords are taken, and which are among the first that anybody tries."""

import re

from server.errors import Refused

# What guessers try first, alone and in any order: the commonest passwords, keys in a row, and the words of this trade.
WORDS = """
password passwort passw pass word admin administrator root user guest login logon secret private access master
changeme letmein welcome hello whatever trustno iloveyou loveyou love monkey dragon football baseball sunshine
princess shadow superman batman starwars pokemon computer internet freedom flower ginger charlie michael jordan
jessica qwertyuiop qwerty qwert azerty asdfghjkl asdfgh asdf zxcvbnm zxcvbn zxcv qazwsxedc qazwsx qaz wsx abcdef
abcd abc monday tuesday wednesday thursday friday saturday sunday spring summer autumn winter january february march
april may june july august september october november december england britain london liverpool chelsea arsenal
manchester meantime therapies therapist therapy counselling counsellor counselor practitioner clinician clinic
hospital nhs service talking mental health cbt client appointment
"""
COMMON = sorted(WORDS.split(), key=len, reverse=True)  # the longest first: a shorter one may be a part of it
LOOKALIKES = str.maketrans("@4301!$57", "aaeoiisst")
SHORTEST, LONGEST = 15, 256  # ASVS 6.2.1, 6.2.9
LEAST_KINDS = 6  # different characters
LEAST_OF_ITS_OWN = 8  # letters and different figures left when all that is common is taken out


def check_strength(password: str) -> None:
    """Refused `password-weak`: too short or endless, of few characters, or little but common words and figures."""
    fits = SHORTEST <= len(password) <= LONGEST and len(set(password)) >= LEAST_KINDS
    plain = password.lower()
    if not fits or min(_own(plain), _own(plain.translate(LOOKALIKES))) < LEAST_OF_ITS_OWN:
        raise Refused("password-weak")


def _own(plain: str) -> int:
    """How much there is to guess besides common words and repeats: each letter, and each different run of figures."""
    letters = "".join(c for c in plain if c.isalpha())
    letters = letters[: (letters + letters).find(letters, 1)]  # said twice is said once
    for word in COMMON:
        letters = letters.replace(word, " ")  # a gap, so that what stood on both sides makes no new word
    return len(letters.replace(" ", "")) + len(set(re.findall(r"\d+", plain)))
