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
