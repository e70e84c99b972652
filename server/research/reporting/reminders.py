"""How far reminders came, and what follows when one is sent rather than not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from .read import Person
from .shown import HIDDEN, Section, Table, counted, few, percent, spaced

WITHIN = (("1 hour", "entry_within_1_hour"), ("24 hours", "entry_within_24_hours"))


@dataclass
class Weighted:
    """How many moments of one arm, and sums of 1 ÷ chance over them and over those of them with an entry."""

    n: int = 0
    all: float = 0.0
    entry: float = 0.0

    @property
    def rate(self) -> float | None:
        """The weighted share with an entry."""
        return self.entry / self.all if self.all else None


class Reminders:
    """M16 of all reminders, M17 of the client's own at moments at which nothing spoke against sending."""

    def __init__(self) -> None:
        self.people: Counter[str] = Counter()
        self.states: Counter[str] = Counter()
        self.moments: Counter[str] = Counter()
        self.undecided = 0  # moments at which chance decided nothing
        self.arms = {(when, sent): Weighted() for when, _ in WITHIN for sent in ("yes", "no")}

    def see(self, person: Person) -> None:
        """Deliveries, then moments."""
        self.people["all"] += 1
        self.people["phone"] += person["participants"][0]["phones"] not in ("0", "not-applicable")
        due = [one for one in person["deliveries"] if one["state"] not in ("planned", "cancelled")]
        accepted = [one for one in due if one["state"] == "accepted"]
        opened = [one for one in accepted if one["opened"] == "yes"]
        for name, several in (("due", due), ("accepted", accepted), ("opened", opened)):
            self.people[name] += bool(several)
            self.states[name] += len(several)
        arms = {self._moment(one) for one in person["decisions"] if _counts(one)}
        self.people.update(arms)
        self.people["decided"] += bool(arms)

    def section(self) -> Section:
        """Reach, then the effect where chance decided anything."""
        p, s = self.people, self.states
        _, phone, due = spaced([p["all"], p["phone"], p["due"]])
        rows = [
            counted("People with a phone or browser, of all", p["phone"], p["all"], phone == HIDDEN),
            counted("People with a reminder that came due", p["due"], p["all"], due == HIDDEN),
            counted("Accepted, of those that came due", s["accepted"], s["due"], few(p["accepted"])),
            counted("Opened, of those accepted", s["opened"], s["accepted"], few(p["opened"]) or few(p["accepted"])),
        ]
        few_people = few(p["due"]) or few(p["all"])
        reminders = HIDDEN if few_people else f"{s['due']:,}"
        few_moments = few_people or few(p["decided"]) or self._few_by_chance()
        moments = HIDDEN if few_moments else f"{self.moments['all']:,}"
        return Section(
            "reminders", "Reminders: how far they come, and what follows", "M16, M17",
            "Accepted: taken by the push service, mail server or text provider. Opened: pressed; not opened does not"
            " mean not seen. Effect: the share of moments with an entry within 1 and 24 hours after one was sent less"
            " that after none was, each moment weighted by 1 ÷ the logged chance of what was done.",
            f"{reminders} reminders of {due} people, {moments} moments that were decided",
            "",
            (Table("Reach", ("What", "Count", "Share (Wilson 95 %)"), [] if few_people else rows), *self._effect()),
            (
                *self._why_not(),
                "Reminders of one person are not independent of each other: the intervals of their shares are too"
                " narrow. Whether reminders were turned off after one is not in this bundle.",
            ),
        )  # fmt: skip

    def _moment(self, one: dict[str, str]) -> str:
        """Adds one moment. Returns its arm: yes or no where it was left to chance, else certain."""
        chance, sent = float(one["chance"]), one["sent"]
        self.moments["all"] += 1
        if not 0 < chance < 1:
            self.undecided += 1
            return "certain"
        weight = 1 / (chance if sent == "yes" else 1 - chance)
        self.moments["randomised"] += 1
        for when, column in WITHIN:
            arm = self.arms[when, sent]
            arm.n += 1
            arm.all += weight
            arm.entry += weight * (one[column] == "yes")
        return sent

    def _few_by_chance(self) -> bool:
        """Whether the moments of either arm are of few people."""
        return few(self.people["yes"]) or few(self.people["no"])

    def _why_not(self) -> tuple[str, ...]:
        if not self.moments["all"]:
            return ("No moment was decided, so there is nothing to compare.",)
        if self.undecided == self.moments["all"]:
            return (
                "Effect: every chance in this bundle is 1, that is, every reminder was sent. There is nothing to"
                " compare with, and no effect can be told from it.",
            )
        if self._few_by_chance():
            return ("The effect is hidden: on one side the moments are of 7 people or fewer.",)
        left = f" {self.undecided:,} moments with a chance of 0 or 1 are left out." if self.undecided else ""
        return (f"Over {self.moments['randomised']:,} moments that chance decided.{left}",)

    def _effect(self) -> tuple[Table, ...]:
        if not self.moments["randomised"]:
            return ()
        rows, hidden = [], self._few_by_chance()
        for when, _ in () if hidden else WITHIN:
            sent, none = self.arms[when, "yes"].rate, self.arms[when, "no"].rate
            apart = None if sent is None or none is None else sent - none
            rows.append((f"An entry within {when}", percent(sent), percent(none), percent(apart)))
        one, other = (HIDDEN if hidden else f"{self.arms[WITHIN[0][0], sent].n:,}" for sent in ("yes", "no"))
        head = "What", f"Sent ({one} moments)", f"Not sent ({other} moments)", "Difference"
        return (Table("Effect", head, rows),)


def _counts(moment: dict[str, str]) -> bool:
    """Whether it is one of M17: the client's own, and nothing spoke against sending."""
    return moment["kind"] == "own" and moment["why"] == "not-applicable"
