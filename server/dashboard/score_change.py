"""A change of scores worked out from the few figures that a report gives of it; nothing is kept, nobody is in it."""

from flask import request
from marshmallow import ValidationError, fields

from server.dashboard.forms import Form, Typed, Whole, Words, blank, needed, read
from server.dashboard.guard import dashboard
from server.dashboard.pages import page
from server.research.reporting.change import MISSING_HERE, Change, Interval, is_there, of_figures, wilson
from server.research.rules import SMALL_COUNT

MOST = 1_000_000
SMALLEST_SD = 0.001
# The founding report of this project (clinical.md section 0): it gives no standard deviation at all.
EXAMPLES = {
    "core": {
        "name": "CORE, Tavistock Relationships", "started": 192, "ended": 71, "all_first": "12.29", "all_last": "8.50",
        "paired": 46, "first": "12.60", "last": "8.57", "t": "4.54",
    },
    "conflict": {
        "name": "CCQ conflict, Tavistock Relationships", "started": 175, "ended": 62, "all_first": "28.54",
        "all_last": "24.79", "paired": 37, "first": "31.03", "last": "26.05", "t": "2.17",
    },
    "violent": {
        "name": "CCQ violent problem solving, Tavistock Relationships", "started": 172, "ended": 58,
        "all_first": "2.40", "all_last": "1.74", "paired": 35, "first": "2.57", "last": "1.91", "t": "2.67",
    },
}  # fmt: skip


class Figure(fields.Field):
    """A number as a report prints it: 12.60, or -0.4."""

    def __init__(self, least: float = -10_000, most: float = 10_000, **options):
        self.least, self.most = least, most
        super().__init__(**options)

    def _deserialize(self, value, attr, data, **options) -> float:
        try:
            number = round(float(value), 6) if len(value) <= 12 and value.isascii() else None
        except ValueError:
            number = None
        if number is None or not self.least <= number <= self.most:
            raise ValidationError(f"Enter a number from {self.least:,g} to {self.most:,g}, like 12.60.")
        return number


class ChangeForm(Typed):
    """What a report says. Needed: how many started, how many are paired, and the two means of those."""

    name = Words(longest=80, load_default="")
    started = Whole(0, MOST, **needed("Enter how many people had a first score."))
    ended = Whole(0, MOST, load_default=None)
    all_first = Figure(load_default=None)
    all_last = Figure(load_default=None)
    paired = Whole(0, MOST, **needed("Enter how many people have a first and a last score."))
    first = Figure(**needed("Enter the mean first score of those paired."))
    last = Figure(**needed("Enter the mean last score of those paired."))
    sd_change = Figure(SMALLEST_SD, load_default=None)
    sd_first = Figure(SMALLEST_SD, load_default=None)
    sd_last = Figure(SMALLEST_SD, load_default=None)
    r = Figure(-1, 1, load_default=None)
    t = Figure(load_default=None)


@dashboard.get("/figures/change")
def show_score_change():
    """The form, empty or with an example."""
    example = EXAMPLES.get(request.args.get("example", ""), {})
    return page("dashboard/score_change.html", form=blank(**example), found=None)


@dashboard.post("/figures/change")
def work_out_change():
    """What follows from the figures, below them."""
    form = read(ChangeForm)
    if form.ok:
        _check(form)
    found = _found(form) if form.ok else None
    return page("dashboard/score_change.html", form=form, found=found), 200 if found or form.again else 422


def _check(form: Form) -> None:
    said = form.values
    if said["paired"] > said["started"]:
        form.errors["paired"] = f"No more than the {said['started']:,} who started can be paired."
    if said["ended"] is not None and not said["paired"] <= said["ended"] <= said["started"]:
        form.errors["ended"] = "Enter a number from those paired to those who started."


def _found(form: Form) -> dict | None:
    said = form.values
    told = {"name": said["name"] or "These scores", "share": _share(said["paired"], said["started"])}
    if said["paired"] <= SMALL_COUNT:
        return {**told, "rows": [], "notes": [f"Of {SMALL_COUNT} people or fewer nothing is worked out."]}
    try:
        change = of_figures(
            said["paired"], said["first"], said["last"], sd_change=said["sd_change"],
            sd_first=said["sd_first"], sd_last=said["sd_last"], r=said["r"], t=said["t"],
        )  # fmt: skip
    except ValueError as wrong:
        form.errors["sd_change"] = str(wrong)
        return None
    return {**told, "rows": _rows(change), "notes": [*_beside(said), *_notes(change, said)]}


def _share(paired: int, started: int) -> str:
    likely = wilson(paired, started)
    if not likely or started <= SMALL_COUNT:
        return f"{paired:,} of the {started:,} who started are paired."
    low, high = (round(100 * one) for one in likely)
    return (
        f"{paired:,} of the {started:,} who started are paired: {round(100 * paired / started)} %"
        f" (95 % interval {low} to {high} %). What became of the other {started - paired:,} is not known."
    )


def _rows(change: Change) -> list[tuple[str, str, str]]:
    """(what, how much, its 95 % interval)."""
    return [
        ("Mean fall, first less last", f"{change.fall:.2f}", _interval(change.likely_fall)),
        ("SD of the changes", _number(change.sd_change), ""),
        (f"Paired t, {change.df:,} degrees of freedom", _number(change.t), ""),
        ("p, two-sided", _p(change.p), ""),
        ("Effect size d_z: fall ÷ SD of the changes", _number(change.d_z), _interval(change.likely_d_z)),
        ("Effect size by the SD of the first scores", _number(change.d_first), _interval(change.likely_d_first)),
    ]


def _beside(said: dict) -> list[str]:
    """How those paired began beside all who started, and what the two unpaired means are."""
    notes = []
    if said["all_first"] is not None and said["first"] != said["all_first"]:
        way = "higher" if said["first"] > said["all_first"] else "lower"
        apart = abs(said["first"] - said["all_first"])
        notes.append(
            f"Those paired began {apart:.2f} {way} than all who started ({said['first']:.2f}, {said['all_first']:.2f}),"
            " so they did not begin like the rest."
        )
    if said["all_first"] is not None and said["all_last"] is not None and said["ended"]:
        notes.append(
            f"{said['all_first']:.2f} to {said['all_last']:.2f} sets {said['started']:,} people beside"
            f" {said['ended']:,} of them ({round(100 * said['ended'] / said['started'])} %)."
            " That is no change of anybody, so no t is worked out from it. The same holds for a share before and after."
        )
    return notes


def _notes(change: Change, said: dict) -> list[str]:
    notes = []
    from_t = said["sd_change"] is None and None in (said["sd_first"], said["sd_last"], said["r"])
    if change.sd_change is None:
        notes.append("For t, the SD of the changes is missing; or both SDs and r; or a published t.")
    elif from_t and said["t"]:
        notes.append(
            "The SD of the changes is what the published t leaves: fall × √n ÷ t. It checks nothing by itself."
        )
    elif said["t"] and change.t is not None:
        agrees = abs(abs(said["t"]) - abs(change.t)) < 0.02 * max(1.0, abs(change.t))
        verb = "agrees with" if agrees else "does not agree with"
        notes.append(f"The published t of {said['t']:.2f} {verb} these figures, which give {change.t:.2f}.")
    if change.d_first is None:
        notes.append("For an effect size that compares between services, the SD of the first scores is missing.")
    elif change.likely_d_first is None:
        notes.append("For its interval, the correlation of first and last scores is missing.")
    if not is_there():
        notes.append(MISSING_HERE)
    return notes


def _number(value: float | None) -> str:
    return "Not known" if value is None else f"{value:.2f}"


def _interval(likely: Interval | None) -> str:
    return f"{likely[0]:.2f} to {likely[1]:.2f}" if likely else ""


def _p(p: float | None) -> str:
    if p is None:
        return "Not known"
    return "less than .0001" if p < 0.0001 else f"{p:.4f}"[1:]
