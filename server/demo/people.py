"""The people of the demonstration: invented, every one of them."""

from dataclasses import dataclass
from datetime import date

SERVICE = {
    "name": "Talking Therapies Demonstration",
    "crisis_name": "Riverside crisis line",
    "crisis_number": "01632 960123",
    "crisis_hours": "24 hours a day, every day",
    "reading_promise": "Your practitioner reads this before your next appointment. Nobody reads it day by day.",
    "reading_days": 10,
}
# name, sign-in name, roles
STAFF = (
    ("Ruth Adeyemi", "ruth", ["practitioner"]),
    ("Tom Haslam", "tom", ["practitioner"]),
    ("Priya Nair", "priya", ["administrator"]),
    ("Maeve Byrne", "maeve", ["service_lead"]),
    ("Elin Vaughan", "elin", ["supervisor"]),
    ("Hana Weiss", "hana", ["researcher"]),
)


@dataclass(frozen=True)
class Person:
    """One invented client: what they come for, how likely they do what was agreed, and how their phone behaves.

    `phone`: yes · none (work told on paper or by telephone) · silent (not in contact for a while) · late (sends in
    bursts) · two (a second device) · new (invited, not paired yet)
    """

    name: str
    born: date
    problem: str
    does: float
    phone: str = "yes"
    research: str = "yes"
    language: str = "en"
    helped_by: str = "none"
    platform: str = "android"


def _born(text: str) -> date:
    return date.fromisoformat(text)


LOW, WORRY, SLEEP, PANIC, SOCIAL, STUCK, HEALTH, PHOBIA = (
    "depression",
    "generalised_anxiety",
    "insomnia",
    "panic",
    "social_anxiety",
    "stress",
    "health_anxiety",
    "specific_phobia",
)

PEOPLE = (
    Person("Grace", _born("1991-04-12"), LOW, 0.75, platform="ios"),
    Person("Mohammed", _born("1986-11-03"), WORRY, 0.85),
    Person("Chloe", _born("2004-02-19"), SOCIAL, 0.45, research="no"),
    Person("Aleksander", _born("1979-07-30"), SLEEP, 0.9, platform="ios"),
    Person("Ngozi", _born("1968-01-22"), LOW, 0.6),
    Person("Rhys", _born("1998-09-05"), PANIC, 0.7, phone="late"),
    Person("Fatima", _born("1983-05-17"), WORRY, 0.55, helped_by="interpreter"),
    Person("Harold", _born("1947-12-08"), LOW, 0.8, phone="none"),
    Person("Siobhan", _born("1973-03-26"), SLEEP, 0.65, phone="silent"),
    Person("Wei", _born("2001-10-14"), SOCIAL, 0.8, platform="ios"),
    Person("Daniel", _born("1995-06-01"), LOW, 0.25, research="not_asked"),
    Person("Yasmin", _born("1989-08-21"), HEALTH, 0.7),
    Person("Callum", _born("2007-01-30"), WORRY, 0.5, platform="ios"),
    Person("Marta", _born("1976-04-04"), STUCK, 0.85),
    Person("Joseph", _born("1959-09-29"), SLEEP, 0.7, phone="two"),
    Person("Amara", _born("1993-12-12"), PANIC, 0.9),
    Person("Lewis", _born("1984-02-02"), LOW, 0.4, phone="silent"),
    Person("Zofia", _born("1996-07-07"), PHOBIA, 0.75, platform="ios"),
    Person("Imran", _born("1971-05-05"), WORRY, 0.6, research="no"),
    Person("Bethan", _born("1980-10-10"), LOW, 0.8),
    Person("Patrick", _born("1953-03-03"), SLEEP, 0.75, phone="none"),
    Person("Leila", _born("1999-11-28"), SOCIAL, 0.6, platform="ios"),
    Person("Kwame", _born("1988-06-16"), LOW, 0.7),
    Person("Sandra", _born("1965-08-08"), HEALTH, 0.5, phone="late"),
    Person("Jakub", _born("1990-01-11"), STUCK, 0.65),
    Person("Meera", _born("1978-12-01"), WORRY, 0.85, platform="ios"),
    Person("Owen", _born("2003-05-23"), PANIC, 0.35, research="not_asked"),
    Person("Abena", _born("1982-09-09"), LOW, 0.7, platform="ios"),
    Person("Victor", _born("1961-02-14"), SLEEP, 0.6, phone="silent", research="no"),
    Person("Hana", _born("1994-04-28"), PHOBIA, 0.8),
    Person("Gurpreet", _born("1975-07-19"), LOW, 0.55, helped_by="supporter"),
    Person("Ellie", _born("2006-08-31"), SOCIAL, 0.65, platform="ios"),
    Person("Tunde", _born("1987-03-15"), WORRY, 0.75),
    Person("Maureen", _born("1950-06-06"), LOW, 0.85, phone="none", research="not_asked"),
    Person("Ahmed", _born("1992-10-20"), PANIC, 0.6),
    Person("Isla", _born("1997-01-05"), LOW, 0.5, platform="ios"),
    Person("Stefan", _born("1981-11-11"), STUCK, 0.7, research="no"),
    Person("Rosa", _born("1969-09-17"), SLEEP, 0.8),
    Person("Nadia", _born("2000-03-08"), WORRY, 0.7, phone="new", research="not_asked"),
    Person("Frank", _born("1956-05-25"), LOW, 0.7, phone="new", research="not_asked"),
)
