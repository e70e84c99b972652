"""Staff pages: HTML for practitioners, made on the server, working without JavaScript."""

from server.dashboard import (
    about_me,
    account,
    accounts,
    administration,
    agenda,
    appointments,
    assets,
    assignments,
    bringing,
    caseload,
    check_in,
    choosing,
    client,
    client_research,
    cookies,
    cover,
    devices,
    ending,
    endings_set,
    entries,
    equity,
    feedback,
    fhir,
    hand_over,
    how_counted,
    imports,
    invitations,
    languages,
    ledger,
    measure_checks,
    measure_entries,
    measures,
    occurrences,
    own_hours,
    own_tasks,
    own_work,
    paper,
    printing,
    procedure,
    reasons,
    record,
    refusals,
    research,
    research_people,
    reviews,
    safe_contact,
    safety,
    score_change,
    service_page,
    stranded,
    studies,
    study_bundle,
    supervised,
    supervising,
    supervision,
    today,
    urgent,
    watching,
    ways,
)
from server.dashboard.guard import dashboard
from server.dashboard.pages import prepare

__all__ = ["register"]

# Importing them adds their routes.
PAGES = (
    *(accounts, cover, hand_over, record, stranded, urgent),
    *(about_me, agenda, check_in),
    *(bringing, reasons, supervised, supervising, supervision),
    *(account, administration, appointments, assets, assignments, caseload, client, devices, entries, invitations),
    *(choosing, how_counted, own_work, score_change),
    *(ending, endings_set, feedback, equity, fhir, imports, languages),
    *(measure_checks, measure_entries, measures),
    *(occurrences, own_tasks, paper, printing, procedure, refusals, reviews, safe_contact, safety, service_page, today),
    *(client_research, research, research_people, studies, study_bundle),
    *(ledger, own_hours, watching, ways),
)

dashboard.after_request(cookies.harden)


def register(app) -> None:
    """Add the staff pages to an application."""
    prepare(app)
    app.register_blueprint(dashboard)
