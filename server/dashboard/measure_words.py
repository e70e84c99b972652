"""Scores in words: what they are, what they mean by the published bands, what changed, and what nobody knows."""

from decimal import Decimal

from server.dashboard import dates
from server.dashboard.presenters import listed
from server.measures.definition import Measure, Scale, constants
from server.measures.rules import Outcome, Pair, ScaleScore, Scored

REASONS = {
    "mistyped": "A slip of the keyboard",
    "wrong_day": "The wrong day",
    "wrong_measure": "The wrong measure",
    "wrong_client": "It belongs to somebody else",
    "other": "Another reason",
}
WRONG = {
    "nothing_given": "Enter the total or the item scores.",
    "not_a_number": "Enter numbers only.",
    "may_not_be_left_out": "This item cannot be marked as not applicable.",
    "do_not_agree": "The items do not add up to this total. Check both.",
}
RELIABLE = {
    "improvement": "reliable improvement",
    "deterioration": "reliable deterioration",
    "no_reliable_change": "no reliable change",
}


def number(value: Decimal | None) -> str:
    """14 · 14.4 · 2.30."""
    return "" if value is None else f"{value:f}"


def value_words(one: ScaleScore) -> str:
    """14 of 27 · Not scored: items are missing."""
    if one.value is None:
        return "Not scored: too many items are missing" if one.reason == "missing_items" else "Not entered"
    filled = f", {one.filled} missing filled in with the mean of the others" if one.filled else ""
    return f"{number(one.value)} of {number(one.most)}{filled}"


def case_words(scale: Scale, one: ScaleScore) -> str:
    """at or above the cut-off (10 or more) · below the cut-off (10 or more)."""
    if scale.caseness is None:
        return "no cut-off is defined"
    if one.case == "not_known":
        return "caseness not known"
    return f"{'at caseness' if one.case == 'yes' else 'below caseness'} ({scale.caseness})"


def change_words(pair: Pair) -> str:
    """What became of it from first to last, with what counts as reliable."""
    fall = pair.first.value - pair.last.value
    moved = f"fell by {number(fall)}" if fall > 0 else f"rose by {number(-fall)}" if fall < 0 else "is the same"
    counts = f"{number(pair.scale.reliable_change)} or more is reliable" if pair.scale.reliable_change else ""
    said = {
        "improved": f"{moved}: reliable improvement ({counts})",
        "deteriorated": f"{moved}: reliable deterioration ({counts})",
        "no_reliable_change": f"{moved}: no reliable change ({counts})",
        "not_defined": f"{moved}. No reliable change is defined",
        "not_comparable": "cannot be compared: an item did not apply one of the two times",
    }
    return said.get(pair.change, moved)


def outcome_words(found: Outcome | None, anxiety: str | None, ended: bool) -> str:
    """The outcomes of NHS Talking Therapies in one sentence."""
    if found is None:
        return "No outcome yet: the PHQ-9 and an anxiety measure each need a first and a later score."
    when = "At the end of treatment" if ended else "So far"
    recovered = {
        None: "not at caseness at the start, so recovery is not asked",
        True: "recovery (at caseness at the start, below both cut-offs now)",
        False: "no recovery (a score is still at caseness)",
    }[found.recovery]
    both = ", together a reliable recovery" if found.reliable_recovery else ""
    return f"{when}, by the PHQ-9 and the {anxiety}: {RELIABLE[found.reliable]}; {recovered}{both}."


def risk_words(measure: Measure, items: list | None, source: str = "practitioner") -> list[str]:
    """A plain reminder about items on risk: what was scored, or that a total does not say. Never more than that.

    What a client filled in has raised a flag of its own (docs/risk.md); what staff entered tells nobody.
    """
    if not measure.risk_items:
        return []
    if not items:
        numbers = listed([str(one) for one in sorted(measure.risk_items)])
        return [f"Only a total was entered: item {numbers} is not known here. Look at it in the record."]
    scored = [(one, items[one - 1]) for one in sorted(measure.risk_items)]
    told = "" if source == "client" else " Meantime tells nobody."
    return [
        f"Item {one} was scored {answer}. Follow your service’s own procedure for it.{told}"
        for one, answer in scored
        if isinstance(answer, int) and answer >= 1
    ] + [f"Item {one} was not answered. Ask about it." for one, answer in scored if answer is None]


def wrong_words(measure: Measure, scored: Scored) -> dict[str, str]:
    """The sentence for each field of the form, by item number or scale; "" for the form as a whole."""
    if scored.problem == "out_of_range":
        return {place: _range_words(measure, place) for place in scored.at}
    return dict.fromkeys(scored.at or ("",), WRONG.get(scored.problem, "Check what you typed."))


def to_check(measure: Measure, checks: dict) -> list[str]:
    """What of a measure still has to be looked up by the service: cut-off, reliable change, bands."""
    names = {"caseness": "cut-off", "reliable_change": "reliable change", "bands": "bands"}
    found = [
        names[kind]
        for one in constants(measure)
        if (kind := one.name.rpartition(".")[2]) in names
        and one.to_be_checked
        and not agrees(measure, one.name, checks)
    ]
    return list(dict.fromkeys(found))


def agrees(measure: Measure, constant: str, checks: dict) -> bool:
    """Whether the service looked this constant up and found that it agrees."""
    newest = checks.get((measure.id, measure.version, constant))
    return newest is not None and newest.found == "agrees"


def gap_words(days: list, since: int) -> str:
    """No score at the appointment of Wed 4 Nov. · No score at 4 of the 6 appointments since the first."""
    if len(days) == 1:
        return f"No score at the appointment of {dates.short_day(days[0])}."
    return f"No score at {len(days)} of the {since} appointments since the first score." if days else ""


def _range_words(measure: Measure, place: str) -> str:
    scale = measure.scale(place)
    least, most = (scale.least, scale.most) if scale else (measure.least, measure.most)
    what = "" if scale else f"Item {place}: "
    return f"{what}{'enter' if what else 'Enter'} a number from {least} to {most}."
