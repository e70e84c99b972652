"""What pages say of a study and its bundles: to its researchers, and to administrators of its service."""

from typing import Any

from server.dashboard import dates, presenters
from server.people import queries as people
from server.studies import leaving, queries
from server.studies.bundles import OPEN

BASES = {
    "consent": "Each client’s own yes to this study",
    "approval": "An approval to use data without consent (for example section 251)",
    "anonymised": "Anonymised data, by an agreement",
}
STATES = {
    "waiting": ("Waits to be built", "nhsuk-tag--grey"),
    "building": ("Being built", "nhsuk-tag--yellow"),
    "built": ("Waits for release", "nhsuk-tag--yellow"),
    "failed": ("Could not be built", "nhsuk-tag--red"),
    "released": ("Released", "nhsuk-tag--green"),
    "refused": ("Refused", "nhsuk-tag--red"),
    "stopped": ("Stopped", "nhsuk-tag--red"),
}
CONTENTS = {"rows": "Bundle", "free_text": "Free text, locked"}


def study_shown(study, zone: str) -> dict[str, Any]:
    """The study itself, with everything that was set."""
    return {
        "id": study.id,
        "name": study.name,
        "basis": BASES[study.basis],
        "reference": study.reference,
        "retain": dates.day(study.retain_until),
        "arms": ", ".join(study.arms),
        "drawn": bool(study.blocks),
        "ended": _day(study.ended_at, zone) if study.ended_at else "",
        "key_gone": _day(study.key_destroyed_at, zone) if study.key_destroyed_at else "",
        "free_text": _free_text(study),
        "words_allowed": study.free_text_approved_at is not None,
        "protocols": [(row.number, row.label, _day(row.recorded_at, zone)) for row in queries.protocols(study)],
        "texts": [(row.number, row.words, _day(row.recorded_at, zone)) for row in queries.texts(study)],
        "sites": [one.name for one in queries.sites(study)],
    }


def bundles_shown(study, service, me, *, decides: bool) -> list[dict[str, Any]]:
    """Its bundles, newest first, and what may be done with each; how many are in one, for who decides or once out."""
    fetched = _fetched(study, service.zone)
    return [_bundle(build, service.zone, me, fetched.get(build.id, []), decides) for build in queries.builds(study)]


def bundle_shown(study, build, service, me) -> dict[str, Any]:
    """One bundle for whoever decides about it: as in the list, and on what grounds it was decided."""
    fetched = _fetched(study, service.zone).get(build.id, [])
    return {
        **_bundle(build, service.zone, me, fetched, decides=True),
        "is_words": build.content == "free_text",
        "considered": build.considered or "",
        "released": build.state == "released",
        "refused": build.state == "refused",
        "may_stop": build.state == "released" and build.removed_at is None and build.stopped_at is None,
    }


def released_before(study, build, zone: str) -> list[dict[str, Any]]:
    """Other bundles of the study that were released, newest first, with who fetched them."""
    fetched = _fetched(study, zone)
    return [
        {
            "what": f"{CONTENTS[one.content]} as of {dates.moment(one.as_of, zone)}",
            "decided": _decided(one, zone),
            "fetched": fetched.get(one.id, []),
        }
        for one in queries.builds(study)
        if one.state == "released" and one.id != build.id
    ]


def _fetched(study, zone: str) -> dict[Any, list[str]]:
    found: dict[Any, list[str]] = {}
    for row in queries.downloads(study):
        said = f"{people.name_of(str(row.practitioner_id))}, {dates.moment(row.at, zone)}"
        found.setdefault(row.build_id, []).append(said)
    return found


def _bundle(build, zone: str, me, fetched: list[str], decides: bool) -> dict[str, Any]:
    text, colour = STATES["stopped" if build.stopped_at else build.state]
    here = build.removed_at is None
    return {
        "id": build.id,
        "what": CONTENTS[build.content],
        "as_of": dates.moment(build.as_of, zone),
        "asked_by": people.name_of(str(build.asked_by)),
        "state": {"text": text if here else "Deleted", "colour": colour if here else "nhsuk-tag--grey"},
        "quarters": 4 * build.done // build.of if build.of else 0,  # no exact number of clients before the release
        "progress": build.state == "building" and build.of > 0,
        "waiting": build.state in ("waiting", "building"),
        "trouble": _trouble(build.trouble) if build.state == "failed" else "",
        "sha256": build.sha256,
        "holds": _holds(build) if decides or build.state == "released" else "",
        "decided": _decided(build, zone),
        "may_decide": build.state == "built" and build.asked_by != me.id,
        "may_release": here,
        "mine": build.state == "built" and build.asked_by == me.id,
        "open_rows": build.state in OPEN and build.content == "rows",
        "open_words": build.state in OPEN and build.content == "free_text",
        "agreement": build.agreement or "",
        "why_refused": (build.considered or "") if build.state == "refused" else "",
        "stopped": _by_and_when(build.stopped_by, build.stopped_at, zone),
        "may_fetch": build.state == "released" and here and build.stopped_at is None,
        "fetched": fetched,
    }


def _holds(build) -> str:
    if build.clients is None:
        return ""
    return f"{presenters.counted(build.clients, 'client')}, {(build.size or 0) / 1e6:,.1f} MB"


def _trouble(trouble: str | None) -> str:
    if trouble == "stopped":
        return "The program was stopped three times while it was built. Ask whoever runs it, then ask again."
    return trouble if trouble and " " in trouble else f"Something broke ({trouble}). Tell whoever runs the program."


def _decided(build, zone: str) -> str:
    return _by_and_when(build.decided_by, build.decided_at, zone)


def _by_and_when(who, at, zone: str) -> str:
    return "" if at is None else f"{people.name_of(str(who))}, {dates.moment(at, zone)}"


def _free_text(study) -> str:
    if study.free_text_asked_by is None:
        return "Never leaves"
    if study.free_text_approved_at is None:
        return "Asked for; a second person has not allowed it yet"
    return f"Allowed by {people.name_of(str(study.free_text_approved_by))}, as a locked file of its own"


def told_shown(study, zone: str) -> list[str]:
    """Who holds a bundle with somebody who has gone since, one sentence each."""
    return [
        f"{people.name_of(str(one.practitioner_id))}, who fetched a bundle {dates.moment(one.fetched_at, zone)}: "
        f"{presenters.counted(one.withdrawn, 'person', 'people')} "
        "withdrew, said no to research or were erased since it was asked for."
        for one in leaving.to_tell(study)
    ]


def _day(moment, zone: str) -> str:
    return dates.day(dates.local_day(moment, zone))
