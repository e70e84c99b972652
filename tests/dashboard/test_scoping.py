"""Who sees what, generated from the route table: an unlisted route fails, and a refusal tells nothing."""

from datetime import date, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from server.assignments import actions as assignments
from server.caseload import actions as caseload
from server.caseload import queries as caseload_queries
from server.caseload import supervising
from server.caseload.models import Access
from server.demo.own_task import build_own
from server.errors import Missing
from server.extensions import atomic, db
from server.people import actions as people
from tests.cast import NOW
from tests.dashboard.browser import stable

# Pages about nobody in particular. A new route without a client in its address has to be added here, with a reason.
ABOUT_ONESELF = {
    "asset", "home", "show_sign_in", "start_session", "sign_out", "show_account", "end_session", "show_password",
    "change_password", "show_worksheets", "show_worksheet", "print_worksheet", "today", "show_caseload", "clients",
    "show_new_client", "add_client", "nowhere", "show_order",
    # test_cover.py and test_urgent.py show that Cara and Dev find nothing of it that is not theirs.
    "show_cover", "give_cover", "end_cover", "show_urgent", "open_urgently", "acknowledge_alert",
    "acknowledge_cover", "show_figures",
    "show_score_change", "work_out_change",  # a calculation over figures somebody types: nobody's data is in it
    "show_could_be_asked",  # one's own clients: test_asking.py shows that Cara finds nothing of Anna
    "show_own_work",  # one's own clients: test_own_work.py shows that Cara finds nothing of Anna
    # One's own caseload: test_clinic_list.py and its like show that Cara's lists learn and change nothing of Anna.
    "show_clinic_list", "take_clinic_list", "show_score_list", "take_score_list", "show_equity_list",
    "take_equity_list", "list_ended",
}  # fmt: skip
# Of one's own service: test_own_tasks.py shows that Dev finds none of it.
OF_THE_SERVICE = {
    "show_own_tasks", "show_new_own_task", "make_own_task", "show_change_own_task", "change_own_task",
    "retire_own_task",
}  # fmt: skip
FOR_ADMINISTRATORS = {
    "show_administration", "set_up_service", "add_account", "disable_account", "reset_password",
    "show_procedure", "switch_procedure_on", "switch_procedure_off", "show_measures",
    "record_measure_check", "show_languages", "set_language", "show_roles", "change_roles",
    "show_endings", "set_endings", "show_service_cover", "give_service_cover", "end_service_cover",
    "show_pairs", "add_pair", "end_pair", "set_days",
    "show_disable", "confirm_account", "show_stranded", "give_stranded",
    "show_watch",
}  # fmt: skip
# test_studies.py shows that no other administrator, and no researcher of another study, finds any of it.
OF_A_STUDY = {
    "show_studies", "make_study", "show_study", "add_study_researcher", "end_study_researcher", "allow_study_free_text",
    "end_study", "destroy_study_key", "change_study_site", "decide_bundle", "show_bundle", "stop_bundle",
    "show_research", "show_research_study",
    "set_study_protocol", "set_study_text", "ask_for_bundle", "ask_for_free_text", "fetch_bundle",
    "show_study_people", "give_arms",
}  # fmt: skip


FOR_SERVICE_LEADS = {
    "show_service", "count_service", "set_hide_up_to", "download_service", "show_feedback", "confirm_account_as_lead",
}  # fmt: skip
# test_supervision.py shows that nobody but the supervisor of whose client it is finds any of it.
FOR_SUPERVISORS = {
    "show_supervision", "show_agenda", "show_their_work", "set_decision", "show_supervised", "decide_case",
}  # fmt: skip


PARTS = ("session_id", "practitioner_id", "cover_id", "access_id", "pair_id", "study_id", "build_id")


def rules(app) -> list[tuple[str, str, object]]:
    """(endpoint, method, rule) of every staff route."""
    return [
        (rule.endpoint.partition(".")[2], method, rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("dashboard.")
        for method in sorted(rule.methods & {"GET", "POST"})
    ]


def about_a_client(app) -> list[tuple[str, str, object]]:
    return [one for one in rules(app) if "client_id" in one[2].arguments and one[0] not in FOR_SUPERVISORS]


def address(app, rule, values: dict) -> str:
    with app.test_request_context():
        return app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})


def ids(anna) -> dict:
    """What stands in the addresses of Anna's pages. An argument that is not here fails the test that meets it."""
    return {
        "client_id": anna.id,
        "appointment_id": anna.today,
        "assignment_id": anna.agreed,
        "entry_id": anna.entry,
        "quarantined_id": anna.quarantined,
        "question_id": anna.question,
        "device_id": anna.device,
        "score_id": anna.score,
    }


@pytest.fixture
def bea(cast) -> SimpleNamespace:
    """Another client of Ben's, with an appointment and a task of her own."""
    with atomic():
        client = people.add_client(
            service=cast.service, preferred_name="Bea", date_of_birth=date(1980, 1, 1), by=cast.ben, now=NOW
        )
        episode = caseload.take_on(client=client, practitioner=cast.ben, by=cast.ben, now=NOW)
        appointment = caseload.book(
            episode=episode, practitioner=cast.ben, starts_local=NOW.replace(tzinfo=None), zone="Europe/London",
            by=cast.ben, now=NOW,
        )  # fmt: skip
        task = assignments.assign(
            client=client, episode=episode, worksheet=None, title="Walk", reason="It lifts the mood.", plan={},
            rhythm={"kind": "once"}, from_date=NOW.date(), by=cast.ben, now=NOW,
        )  # fmt: skip
        return SimpleNamespace(id=client.id, appointment=appointment.id, task=task.id)


def test_every_route_is_about_a_client_or_is_listed(app):
    unlisted = (
        {endpoint for endpoint, _, rule in rules(app) if "client_id" not in rule.arguments}
        - ABOUT_ONESELF
        - OF_THE_SERVICE
        - FOR_ADMINISTRATORS
        - FOR_SERVICE_LEADS
        - FOR_SUPERVISORS
        - OF_A_STUDY
    )
    assert unlisted == set()


def test_every_page_about_a_client_is_there_for_her_own_practitioner(app, ben, anna):
    tokens = ben.tokens()
    for endpoint, method, rule in about_a_client(app):
        answer = ben.fetch(address(app, rule, ids(anna)), method, data=tokens if method == "POST" else None)
        assert answer.status_code in (200, 303, 409, 422), (endpoint, method, answer.status)


@pytest.mark.parametrize("who", ["cara", "dev"])
def test_somebody_elses_client_answers_like_a_client_that_does_not_exist(app, open_as, cast, anna, who):
    web = open_as(getattr(cast, who))
    tokens = web.tokens()
    for endpoint, method, rule in about_a_client(app):
        data = tokens if method == "POST" else None
        theirs = web.fetch(address(app, rule, ids(anna)), method, data=data)
        nobody = {name: uuid4() for name in ids(anna)}
        missing = web.fetch(address(app, rule, nobody), method, data=data)
        assert theirs.status_code == missing.status_code == 404, (endpoint, method, theirs.status)
        assert stable(theirs) == stable(missing), endpoint
        assert "Anna" not in theirs.text
        assert web.fetch(address(app, rule, ids(anna)), "HEAD").status_code in (404, 405)


def test_nothing_of_one_client_is_reached_through_another(app, ben, anna, bea):
    tokens = ben.tokens()
    own = {"appointment_id": bea.appointment, "assignment_id": bea.task}
    for endpoint, method, rule in about_a_client(app):
        data = tokens if method == "POST" else None
        for foreign in rule.arguments - {"client_id"}:
            values = {**ids(anna), **own, "client_id": bea.id, foreign: ids(anna)[foreign]}
            answer = ben.fetch(address(app, rule, values), method, data=data)
            assert answer.status_code == 404, (endpoint, method, foreign, answer.status)
    listed = ben.fetch(f"/staff/clients/{bea.id}/occurrences?assignment={anna.agreed}")
    assert listed.status_code == 404


def test_nobody_signed_out_sees_anything(app, open_as, anna):
    web = open_as()
    for endpoint, method, rule in about_a_client(app):
        answer = web.fetch(address(app, rule, ids(anna)), method)
        assert answer.status_code == (401 if method == "POST" else 302), (endpoint, method)
        assert "Anna" not in answer.text


def test_administration_does_not_exist_for_others(app, open_as, cast, ben):
    ada, tokens = open_as(cast.ada), ben.tokens()
    held = cast.stand_in(cast.cara, NOW + timedelta(days=1))
    sue = cast.add("Sue", "supervisor", by=cast.ada)
    with atomic():
        pair = supervising.begin(supervisor=sue, supervisee=cast.ben, from_at=NOW, until_at=None, by=cast.ada, now=NOW)
        values = {"practitioner_id": cast.cara.id, "cover_id": held.id, "pair_id": pair.id}
    for endpoint, method, rule in rules(app):
        if endpoint in FOR_ADMINISTRATORS:
            place = address(app, rule, values)
            data = tokens if method == "POST" else None
            assert ben.fetch(place, method, data=data).status_code == 404, endpoint
            hers = ada.fetch(place, method, data=ada.tokens() if method == "POST" else None)
            assert hers.status_code != 404, endpoint


def test_an_administrator_reaches_no_account_of_another_service_and_no_client(open_as, cast, anna):
    ada = open_as(cast.ada)
    answer = ada.fetch(f"/staff/administration/accounts/{cast.dev.id}/disable", "POST", data=ada.tokens())
    assert answer.status_code == 404
    assert ada.fetch(anna.home).status_code == 404


def test_a_form_given_back_after_signing_in_again_never_acts(app, open_as, cast, anna):
    """A session token that does not fit, in one's own form: everything is shown again and nothing is done."""
    web = open_as(cast.ben)
    tokens = {**web.tokens(), "csrf": "of an earlier session"}
    acted = []
    with atomic():
        own = build_own(cast.service.id, NOW)
    for endpoint, method, rule in [one for one in rules(app) if one[1] == "POST"]:
        if endpoint in ("start_session", "nowhere", "sign_out"):
            continue
        others = dict.fromkeys(PARTS, uuid4())
        values = {**ids(anna), **others, "own_name": own}
        before = writes(app)
        answer = web.fetch(address(app, rule, values), method, data=tokens)
        if writes(app) != before:
            acted.append(endpoint)
        assert answer.status_code in (200, 303, 404, 422), (endpoint, answer.status)
    assert acted == []


def writes(app) -> int:
    """How many things were done so far, looks left out, by the audit."""
    with app.extensions["sqlalchemy"].engine.connect() as connection:
        query = "SELECT count(*) FROM audit_event WHERE verb NOT IN ('client.seen')"
        return connection.exec_driver_sql(query).scalar()


@pytest.mark.parametrize(("who", "of"), [("cara", "other_service"), ("dev", "service")])
def test_a_row_of_access_of_another_service_gives_nothing(open_as, cast, anna, who, of):
    """Had a fault ever written one: Cara with one of Dev's service, Dev with one of Ben's."""
    practitioner = getattr(cast, who)
    with atomic():
        db.session.add(
            Access(
                service_id=getattr(cast, of).id,
                client_id=cast.anna.id,
                episode_id=cast.episode.id,
                practitioner_id=practitioner.id,
                role="cover",
                from_at=NOW,
            )
        )
    assert caseload_queries.clients_of(practitioner, NOW) == []
    with pytest.raises(Missing):
        caseload_queries.client_of(practitioner, cast.anna.id, NOW)
    assert open_as(practitioner).fetch(anna.home).status_code == 404
