"""The equity fields: their codes, their words, and how what a service's system calls them is read. Pure.

Fields: those of clinical.md F3.14 (deprivation, ethnicity, age, disability; language is the client's own setting),
and gender and sexual orientation, which NHS Talking Therapies reports by too. Nothing else is held.
"""

NOT_STATED = "not_stated"
SOURCES = ("csv", "practitioner")

# Each field with its codes in the order they are shown. Broad ethnic groups as in the 2021 census of England and
# Wales; a decile of the English Index of Multiple Deprivation, 1 the most deprived.
EQUITY: dict[str, tuple[str, ...]] = {
    "ethnicity": ("asian", "black", "mixed", "white", "other", NOT_STATED),
    "gender": ("woman", "man", "non_binary", "another", NOT_STATED),
    "disability": ("yes", "no", NOT_STATED),
    "sexual_orientation": ("heterosexual", "gay_lesbian", "bisexual", "other", NOT_STATED),
    "imd_decile": (*(str(n) for n in range(1, 11)), NOT_STATED),
    "age_band": ("16-17", "18-25", "26-64", "65+", NOT_STATED),
}

LABELS: dict[str, str] = {
    "ethnicity": "Ethnicity",
    "gender": "Gender",
    "disability": "Disability",
    "sexual_orientation": "Sexual orientation",
    "imd_decile": "Deprivation decile",
    "age_band": "Age band",
}
WORDS: dict[str, dict[str, str]] = {
    "ethnicity": {
        "asian": "Asian or Asian British",
        "black": "Black or Black British",
        "mixed": "Mixed",
        "white": "White",
        "other": "Another ethnic group",
    },
    "gender": {"woman": "Woman", "man": "Man", "non_binary": "Non-binary", "another": "Another"},
    "disability": {"yes": "Yes", "no": "No"},
    "sexual_orientation": {
        "heterosexual": "Heterosexual",
        "gay_lesbian": "Gay or lesbian",
        "bisexual": "Bisexual",
        "other": "Another",
    },
}

# What other systems call the columns, and the answers (in lower case, without signs). Single letters and figures are
# the codes of the NHS Data Dictionary: Ethnic Category A to S, Gender Identity 1 to 4, Sexual Orientation 1 to 4.
HEADS: dict[str, tuple[str, ...]] = {
    "ethnicity": ("Ethnicity", "Ethnic category", "Ethnic group", "Ethnic origin"),
    "gender": ("Gender", "Gender identity", "Sex"),
    "disability": ("Disability", "Disabled", "Has a disability"),
    "sexual_orientation": ("Sexual orientation", "Sexuality", "Orientation"),
    "imd_decile": ("IMD decile", "IMD", "Deprivation decile", "Deprivation", "Index of multiple deprivation decile"),
    "age_band": ("Age band", "Age group", "Age"),
}
SAME_AS: dict[str, dict[str, tuple[str, ...]]] = {
    "ethnicity": {
        "asian": ("h", "j", "k", "l", "r", "indian", "pakistani", "bangladeshi", "chinese", "south asian"),
        "black": ("m", "n", "p", "african", "caribbean", "black african", "black caribbean"),
        "mixed": ("d", "e", "f", "g", "mixed race", "multiple", "dual heritage"),
        "white": ("a", "b", "c", "british", "irish", "gypsy or irish traveller", "roma", "any other white background"),
        "other": ("s", "arab", "any other ethnic group", "another ethnic group", "other ethnic group", "another"),
    },
    "gender": {
        "woman": ("female", "f", "2", "women", "female including trans woman", "woman including trans woman"),
        "man": ("male", "m", "1", "men", "male including trans man", "man including trans man"),
        "non_binary": ("nonbinary", "3", "enby"),
        "another": ("other", "4", "other not listed", "another gender", "other gender"),
    },
    "disability": {"yes": ("y", "true", "disabled"), "no": ("n", "false", "not disabled", "none", "no disability")},
    "sexual_orientation": {
        "heterosexual": ("straight", "1", "heterosexual or straight"),
        "gay_lesbian": ("gay", "lesbian", "2", "gay or lesbian", "homosexual", "gay lesbian"),
        "bisexual": ("bi", "3", "bi sexual"),
        "other": ("4", "another", "other sexual orientation not listed", "pansexual", "asexual", "queer"),
    },
}
BEGINNINGS = (  # an ethnic group with its part behind it, in the order they are tried: white and black is mixed
    ("white and ", "mixed"), ("mixed ", "mixed"), ("asian ", "asian"), ("black ", "black"), ("white ", "white"),
)  # fmt: skip
DECLINED = ("not stated", "z", "prefer not to say", "prefer not say", "rather not say", "declined", "declined to say")
DECLINED += ("undisclosed", "do not wish to say", "did not wish to say", "not sure", "u", "asked but not stated")
NEVER_ASKED = ("", "not known", "unknown", "not recorded", "99", "x", "9", "not asked", "missing", "null")


def code_of(field: str, said: str) -> str | None:
    """The code of an answer as another system writes it, in lower case and without signs; None where nobody knows it.

    "" is *never recorded*. *Not stated* and *prefer not to say* are the answer `not_stated`.
    """
    if said in NEVER_ASKED and not (said and said.isdecimal() and field in ("imd_decile", "age_band")):
        return ""
    if said in DECLINED:
        return NOT_STATED
    if field == "imd_decile":
        bare = said.removeprefix("decile ").removesuffix(" 0")
        return bare if bare in EQUITY[field] else None
    if field == "age_band":
        return _age_band(said)
    if said.replace(" ", "_") in EQUITY[field]:
        return said.replace(" ", "_")
    found = next((code for code, words in SAME_AS[field].items() if said in words), None)
    starts = BEGINNINGS if field == "ethnicity" else ()
    return found or next((code for begins, code in starts if said.startswith(begins)), None)


def in_words(field: str, code: str | None) -> str:
    """A code as a person reads it: *Not stated* is an answer, *never recorded* is none."""
    if code is None:
        return "Never recorded"
    return "Not stated" if code == NOT_STATED else WORDS.get(field, {}).get(code, code)


def known_words(field: str) -> str:
    """What can be written in a column, for whoever wrote something else."""
    return ", ".join(in_words(field, code) for code in EQUITY[field])


def _age_band(said: str) -> str | None:
    """A band as it is called (18 25, 65 and over), or an age in years."""
    bands = {"16 17": "16-17", "18 25": "18-25", "26 64": "26-64", "65": "65+"}
    said = said.replace(" to ", " ").removesuffix(" and over").removesuffix(" years").removesuffix(" plus")
    if said in bands:
        return bands[said]
    if not said.isdecimal() or not 16 <= int(said[:4]) <= 120:
        return None
    years = int(said)
    return "16-17" if years < 18 else "18-25" if years < 26 else "26-64" if years < 65 else "65+"
