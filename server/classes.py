"""One data class for every column, which drives sealing, export and retention. An unclassified one fails the build.

secret       a key, a hash of one, a capability: never shown, never exported
identity     names a person: sealed, never exported
free_text    written by or about a client: sealed, exported only after separate approval
coded        a closed code, a state, a yes or no
score        a number that was rated or counted
time         a date or a moment: exported as days relative to the first appointment
operational  what the machinery needs: ids, counters, versions
"""

CLASSES: dict[str, dict[str, str]] = {
    "about_me": {
        "operational": "id service_id client_id revision_id",
        "coded": "interpreter entered_by",
        "free_text": "words_sealed",
        "time": "effective_at recorded_at",
    },
    "access": {
        "operational": "id service_id client_id episode_id practitioner_id cover_id supervision_id given_by",
        "coded": "role",
        "time": "from_at until_at",
        "free_text": "reason_sealed",
    },
    "access_seen": {"operational": "id service_id access_id practitioner_id", "time": "recorded_at"},
    "appointment": {
        "operational": "id service_id practitioner_id zone",
        "time": "starts_at local_date created_at",
        "score": "minutes",
        "coded": "kind mode",
    },
    "appointment_change": {
        "operational": "id service_id appointment_id zone recorded_by",
        "coded": "what mode",
        "time": "starts_at recorded_at",
    },
    "assignment": {
        "operational": "id service_id client_id episode_id set_id agreed_in agreed_by from_assignment version",
        "coded": "worksheet_id worksheet_version state",
        "time": "agreed_on agreed_at ended_on ended_at",
    },
    "assignment_version": {
        "operational": "assignment_id number service_id client_id made_by_id revision_id feed_seq",
        "coded": "rhythm size done_rule made_by",
        "score": "specificity",
        "time": "from_date until_date confirmed_at recorded_at",
        "free_text": "title_sealed reason_sealed plan_sealed",
    },
    "attention_action": {
        "operational": "id service_id client_id episode_id recorded_by",
        "coded": "reason what",
        "free_text": "line_sealed",
        "time": "until_at recorded_at",
    },
    "attempt": {"operational": "id service_id", "secret": "bucket", "time": "at"},
    "attendance": {
        "operational": "id service_id appointment_id episode_id client_id recorded_by feed_seq",
        "coded": "state",
        "time": "recorded_at",
    },
    "audit_event": {
        "operational": "id service_id actor_id about_id client_id position previous_hash hash",
        "coded": "verb actor_kind about_kind detail",
        "time": "at",
    },
    "barrier_response": {
        "operational": "id service_id client_id episode_id assignment_id slot recorded_by",
        "coded": "barrier what",
        "time": "recorded_at",
    },
    "beat": {"operational": "step", "time": "at"},
    "brought": {
        "operational": "id service_id client_id episode_id brought_by ended_by",
        "coded": "ended_how",
        "free_text": "question_sealed",
        "time": "recorded_at ended_at",
    },
    "calendar_feed": {
        "operational": "id service_id client_id created_by",
        "secret": "secret_hash",
        "time": "created_at read_at ended_at",
    },
    "client": {
        "operational": "id service_id feed_seq",
        "secret": "data_key local_number_lookup",
        "identity": "preferred_name_sealed date_of_birth_sealed local_number_sealed",
        "coded": "language zone research safe_contact",
        "time": "created_at",
    },
    "client_week": {
        "operational": "client_id service_id",
        "time": "week computed_at",
        "score": "open done partial tried not_done nothing_happened exempt moved withdrawn",
    },
    "client_zone": {"operational": "id service_id client_id zone revision_id", "time": "recorded_at"},
    "contact": {
        "operational": "id service_id client_id device_id",
        "time": "hour at emptied_at recorded_at",
        "score": "outbox",
    },
    "contact_choice": {
        "operational": "id service_id client_id revision_id recorded_by",
        "coded": "choice entered_by",
        "time": "effective_at recorded_at",
    },
    "cover": {
        "operational": "id service_id practitioner_id colleague_id given_by ended_by",
        "coded": "scope",
        "time": "from_at until_at recorded_at ended_at known_at",
        "free_text": "reason_sealed",
    },
    "decision": {
        "operational": "id service_id client_id episode_id brought_id supervisee_id recorded_by",
        "coded": "who",
        "free_text": "words_sealed",
        "time": "by_day recorded_at",
    },
    "decision_state": {
        "operational": "id service_id client_id decision_id recorded_by",
        "coded": "state",
        "time": "recorded_at",
    },
    "decision_point": {
        "operational": "id service_id client_id delivery_id",
        "coded": "to_do paused policy sent why",
        "score": "minutes_since_entry sent_that_day phones chance",
        "time": "at",
    },
    "delivery": {
        "operational": "id service_id client_id rule_id assignment_id occurrence_slot feed_seq",
        "secret": "code lease_token",
        "coded": "slot channel state why",
        "score": "attempts",
        "time": "local_date due_at expires_at lease_until try_after accepted_at shown_at opened_at",
    },
    "delivery_event": {
        "operational": "id service_id delivery_id origin",
        "coded": "what status",
        "time": "recorded_at",
    },
    "device": {
        "operational": "id service_id client_id app_version highest_seq generation copy_of",
        "secret": "token_hash phone_key_sealed",
        "coded": "platform display shared_phone",
        "score": "last_outbox",
        "time": "paired_at last_contact_at revoked_at ended_at generation_at copied_at",
    },
    "ending": {
        "operational": "id service_id client_id episode_id recorded_by",
        "coded": "reason staying_well",
        "time": "last_day read_until recorded_at",
        "free_text": "signposting_sealed",
    },
    "ending_setting": {
        "operational": "id service_id signposting recorded_by",
        "score": "reading_days",
        "time": "recorded_at",
    },
    "entry": {
        "operational": "client_id entry_id service_id assignment_id slot head_id",
        "coded": "subject_kind deleted kept outcome",
        "score": "heads revisions",
        "time": "happened_at first_received_at",
    },
    "episode": {
        "operational": "id service_id client_id group_id link_id",
        "coded": "close_reason problem",
        "time": "opened_on closed_on created_at",
    },
    "epoch": {"operational": "id service_id", "coded": "why", "time": "started_at"},
    "entry_shown": {"operational": "client_id entry_id service_id", "time": "shown_at"},
    "equity": {
        "operational": "id service_id client_id recorded_by",
        "coded": "ethnicity gender disability sexual_orientation imd_decile age_band source",
        "time": "recorded_at",
    },
    "handover": {
        "operational": "id service_id client_id episode_id from_practitioner_id to_practitioner_id given_by feed_seq",
        "coded": "appointments",
        "time": "from_day from_at recorded_at",
        "free_text": "summary_sealed",
    },
    "feedback": {
        "operational": "id service_id client_id episode_id worksheet_version revision_id recorded_by",
        "coded": "worksheet_id quote medium entered_by",
        "free_text": "answers_sealed",
        "time": "effective_at recorded_at",
    },
    "invitation": {
        "operational": "id service_id client_id device_id created_by",
        "secret": "selector secret_hash",
        "coded": "purpose",
        "score": "tries_left",
        "time": "expires_at used_at ended_at created_at",
    },
    "language_check": {
        "operational": "id service_id recorded_by words help_words",
        "coded": "language state",
        "identity": "checked_by_sealed",
        "time": "checked_on recorded_at",
    },
    "measure_check": {
        "operational": "id service_id recorded_by against",
        "coded": "measure_id measure_version constant found",
        "identity": "checked_by_sealed",
        "time": "checked_on recorded_at",
    },
    "measure_score": {
        "operational": "id service_id client_id episode_id entered_by appointment_id supersedes entry_id revision_id",
        "coded": "measure_id measure_version what reason source",
        "score": "items totals",
        "free_text": "note_sealed",
        "time": "taken_on recorded_at",
    },
    "occurrence": {
        "operational": "assignment_id slot service_id client_id episode_id version filled_by feed_seq",
        "coded": "state size barrier medium entered_by helped_by",
        "score": "extra",
        "time": "opens_on due_on due_at moved_to done_at recorded_at",
    },
    "own_task": {
        "operational": "id service_id version sha256 risk_said_by made_by retired_by",
        "coded": "worksheet_id",
        "free_text": "definition_sealed",
        "time": "recorded_at retired_at",
    },
    "practice_rating": {
        "operational": "id service_id client_id episode_id appointment_id recorded_by",
        "score": "amount quality",
        "time": "recorded_at",
    },
    "practitioner": {
        "operational": "id service_id changed_by",
        "coded": "roles must_change_password",
        "identity": "name_sealed sign_in_name_sealed",
        "secret": "sign_in_lookup password_hash",
        "time": "disabled_at settles_at created_at",
    },
    "push_origin": {
        "operational": "origin",
        "score": "stalls",
        "time": "rest_until changed_at",
    },
    "push_subscription": {
        "operational": "id service_id client_id device_id origin",
        "secret": "endpoint_lookup keys_sealed",
        "coded": "ended_why",
        "time": "created_at confirmed_at accepted_at ended_at",
    },
    "quarantined": {
        "operational": "id service_id client_id device_id revision_id seen_by",
        "coded": "reason",
        "free_text": "raw_sealed content_hash_sealed",
        "time": "received_at seen_at",
    },
    "reminder_rule": {
        "operational": "id service_id client_id assignment_id zone revision_id",
        "coded": "kind at weekdays level channel quiet shift most steady",
        "time": "from_date until_date paused_from paused_until created_at ended_at",
    },
    "research_choice": {
        "operational": "id service_id client_id revision_id",
        "coded": "choice",
        "time": "recorded_at",
    },
    "response_procedure": {
        "operational": "id service_id number working_days works_from works_until thresholds recorded_by",
        "coded": "state",
        "identity": "words_sealed",
        "time": "reviewed_on mail_tried_at recorded_at",
    },
    "review": {
        "operational": "id service_id client_id episode_id assignment_id appointment_id recorded_by feed_seq",
        "coded": "mark",
        "free_text": "line_sealed note_sealed",
        "time": "recorded_at",
    },
    "revision": {
        "operational": "client_id revision_id service_id entry_id device_id practitioner_id assignment_id slot"
        " parents happened_zone device_seq app_version schema_version feed_seq mended_seq",
        "coded": "subject_kind kind form_key form_version medium entered_by helped_by late outcome kept answer"
        " answer_outcome barrier",
        "free_text": "body_sealed content_hash_sealed",
        "score": "answered asked",
        "time": "happened_at happened_local created_at received_at effective_at moved_to",
    },
    "risk_flag": {
        "operational": "id service_id client_id assignment_id entry_id revision_id worksheet_version ack_by"
        " escalation_tries",
        "coded": "worksheet_id fields card follow_up escalation_trouble",
        "score": "level",
        "free_text": "outcome_sealed",
        "time": "created_at received_at ack_at escalated_at escalation_after",
    },
    "service": {
        "operational": "id name zone crisis_name crisis_number crisis_hours reading_promise",
        "secret": "data_key",
        "coded": "nation demo closed_days",
        "score": "weekly_cap reading_days",
        "time": "created_at",
    },
    "service_total": {"operational": "service_id", "time": "counted_at", "score": "body"},
    "staff_session": {
        "operational": "id service_id practitioner_id",
        "secret": "token_hash",
        "time": "created_at last_seen_at ended_at",
    },
    "study": {
        "operational": "id service_id name reference blocks free_text_asked_by free_text_approved_by made_by",
        "secret": "seed_sealed key_sealed",
        "coded": "basis arms",
        "time": "retain_until key_destroyed_at free_text_approved_at created_at ended_at",
    },
    "study_allocation": {
        "operational": "id service_id client_id study_id number recorded_by",
        "coded": "arm how",
        "time": "recorded_at",
    },
    "study_build": {
        "operational": "id service_id study_id previous_id asked_by lease_token tries trouble sha256 size decided_by"
        " stopped_by",
        "secret": "file_key_sealed",
        "free_text": "agreement_sealed considered_sealed",
        "coded": "content state",
        "score": "done of clients smallest",
        "time": "as_of asked_at lease_until built_at decided_at stopped_at removed_at",
    },
    "study_consent": {
        "operational": "id service_id client_id study_id revision_id recorded_by",
        "coded": "number choice entered_by",
        "time": "effective_at recorded_at",
    },
    "study_download": {"operational": "id service_id study_id build_id practitioner_id sha256", "time": "at"},
    "study_invitation": {"operational": "id service_id client_id study_id invited_by", "time": "recorded_at"},
    "study_member": {
        "operational": "id service_id study_id practitioner_id given_by ended_by",
        "time": "from_at until_at",
    },
    "study_protocol": {"operational": "id service_id study_id number label recorded_by", "time": "recorded_at"},
    "study_site": {"operational": "id service_id study_id joined_by left_by", "time": "joined_at left_at"},
    "study_text": {"operational": "id service_id study_id number words recorded_by", "time": "recorded_at"},
    "supervision": {
        "operational": "id service_id supervisor_id supervisee_id given_by ended_by",
        "time": "from_at until_at recorded_at ended_at",
    },
    "supervision_setting": {
        "operational": "id service_id recorded_by",
        "score": "days_between",
        "time": "recorded_at",
    },
    "takeaway": {
        "operational": "id service_id client_id appointment_id revision_id",
        "coded": "entered_by",
        "free_text": "words_sealed",
        "time": "effective_at recorded_at",
    },
    "talked_about": {
        "operational": "id service_id client_id entry_id recorded_by",
        "coded": "state",
        "time": "recorded_at",
    },
    "total_setting": {"operational": "id service_id recorded_by", "score": "hide_up_to", "time": "recorded_at"},
    "way": {
        "operational": "id service_id client_id recorded_by",
        "coded": "channels why",
        "identity": "addresses_sealed",
        "time": "recorded_at",
    },
}


def class_of(table: str, column: str) -> str | None:
    """The class of one column, or None when nobody classified it."""
    for name, columns in CLASSES.get(table, {}).items():
        if column in columns.split():
            return name
    return None
