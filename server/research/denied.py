"""The other half of the allow-list: every database column that stays here, by name, with the reason."""

REASONS = {
    "names": "Names a person, a place or a service",
    "secret": "A key, or a hash of one",
    "text": "Written by or about a client",
    "ours": "What the machinery needs; it says nothing about the work",
    "moment": "A moment that others tell better, or that would give a calendar date away",
    "same": "The same thing is told by another column",
    "people": "About staff, accounts or phones rather than about the work",
    "unasked": "Not part of this data set",
    "equity": "Told so that a service can look after its fairness: counted in totals there, of too few people here",
    "risk": "About risk: kept for care, and too rare and too telling to be de-identified",
}

DENIED: dict[str, dict[str, str]] = {
    "about_me": {
        "unasked": "id service_id client_id revision_id interpreter entered_by effective_at recorded_at",
        "text": "words_sealed",
    },
    "access": {
        "same": "service_id client_id episode_id",
        "ours": "id",
        "people": "role from_at until_at cover_id supervision_id given_by",
        "text": "reason_sealed",
    },
    "access_seen": {"people": "id service_id access_id practitioner_id recorded_at"},
    "appointment": {"same": "service_id", "ours": "zone", "moment": "created_at"},
    "appointment_change": {
        "same": "service_id appointment_id what mode",
        "ours": "zone recorded_by",
        "moment": "starts_at recorded_at",
    },
    "assignment": {"same": "service_id client_id episode_id version", "moment": "ended_at", "unasked": "set_id"},
    "assignment_version": {
        "same": "assignment_id service_id client_id",
        "people": "made_by_id",
        "ours": "revision_id feed_seq",
        "moment": "recorded_at",
        "unasked": "confirmed_at",
        "text": "title_sealed plan_sealed",
    },
    "attention_action": {
        "people": "id service_id client_id episode_id reason what until_at recorded_by recorded_at",
        "text": "line_sealed",
    },
    "attempt": {"ours": "id service_id", "secret": "bucket", "moment": "at"},
    "attendance": {"same": "service_id episode_id client_id", "people": "recorded_by", "ours": "feed_seq"},
    "audit_event": {
        "people": "id service_id at verb actor_kind actor_id about_kind about_id client_id detail",
        "ours": "position previous_hash hash",
    },
    "barrier_response": {
        "same": "service_id client_id episode_id assignment_id slot barrier",
        "people": "id recorded_by",
        "moment": "recorded_at",
    },
    "beat": {"ours": "step at"},
    "brought": {
        "people": "id service_id client_id episode_id brought_by recorded_at ended_at ended_by ended_how",
        "text": "question_sealed",
    },
    "calendar_feed": {
        "people": "id service_id client_id created_by created_at read_at ended_at",
        "secret": "secret_hash",
    },
    "client": {
        "names": "preferred_name_sealed local_number_sealed",
        "secret": "data_key local_number_lookup",
        "ours": "feed_seq zone",
        "unasked": "safe_contact",
    },
    "client_week": {
        "same": "client_id service_id week open done partial tried not_done nothing_happened exempt moved withdrawn",
        "ours": "computed_at",
    },
    "client_zone": {"unasked": "id service_id client_id zone revision_id recorded_at"},
    "contact": {"ours": "id recorded_at", "same": "service_id client_id device_id hour outbox"},
    "contact_choice": {
        "unasked": "id service_id client_id choice entered_by revision_id recorded_by effective_at recorded_at",
    },
    "cover": {
        "people": "id service_id practitioner_id colleague_id scope from_at until_at given_by recorded_at ended_at"
        " ended_by known_at",
        "text": "reason_sealed",
    },
    "decision": {
        "people": "id service_id client_id episode_id brought_id supervisee_id who by_day recorded_by recorded_at",
        "text": "words_sealed",
    },
    "decision_state": {"people": "id service_id client_id decision_id state recorded_by recorded_at"},
    "decision_point": {"ours": "id", "same": "service_id client_id"},
    "delivery": {
        "same": "service_id client_id rule_id assignment_id slot attempts",
        "secret": "code lease_token",
        "ours": "lease_until try_after feed_seq expires_at",
        "moment": "shown_at",
        "unasked": "why",
    },
    "delivery_event": {"same": "service_id delivery_id", "ours": "status origin", "moment": "recorded_at"},
    "device": {
        "same": "service_id client_id last_contact_at last_outbox highest_seq",
        "secret": "token_hash phone_key_sealed",
        "unasked": "platform display shared_phone app_version revoked_at ended_at generation generation_at copied_at"
        " copy_of",
    },
    "ending": {
        "same": "service_id client_id episode_id reason last_day",
        "ours": "id",
        "people": "recorded_by",
        "moment": "recorded_at",
        "unasked": "read_until staying_well",
        "text": "signposting_sealed",
    },
    "ending_setting": {"people": "id service_id reading_days signposting recorded_by recorded_at"},
    "entry": {
        "same": "client_id service_id assignment_id slot subject_kind outcome head_id revisions happened_at kept",
        "moment": "first_received_at",
    },
    "episode": {"same": "service_id client_id", "unasked": "group_id link_id", "moment": "created_at"},
    "epoch": {"ours": "id service_id started_at why"},
    "entry_shown": {"people": "client_id entry_id service_id shown_at"},
    "equity": {
        "equity": "id service_id client_id ethnicity gender disability sexual_orientation imd_decile age_band source"
        " recorded_by recorded_at",
    },
    "handover": {
        "people": "id service_id client_id episode_id from_practitioner_id to_practitioner_id from_day from_at"
        " appointments given_by recorded_at",
        "ours": "feed_seq",
        "text": "summary_sealed",
    },
    "feedback": {
        "unasked": "id service_id client_id episode_id worksheet_id worksheet_version quote medium entered_by"
        " revision_id recorded_by effective_at recorded_at",
        "text": "answers_sealed",
    },
    "invitation": {
        "people": "id service_id client_id device_id created_by purpose",
        "secret": "selector secret_hash",
        "ours": "tries_left expires_at used_at ended_at created_at",
    },
    "language_check": {
        "people": "id service_id language state words help_words checked_on recorded_by recorded_at",
        "names": "checked_by_sealed",
    },
    "measure_check": {
        "people": "id service_id measure_id measure_version constant found against checked_on recorded_by recorded_at",
        "names": "checked_by_sealed",
    },
    "measure_score": {
        "same": "service_id client_id episode_id what",
        "ours": "entry_id revision_id",
        "people": "entered_by",
        "unasked": "reason",
        "text": "note_sealed",
    },
    "occurrence": {
        "same": "assignment_id service_id client_id episode_id filled_by",
        "ours": "feed_seq recorded_at",
    },
    "own_task": {
        "people": "id service_id worksheet_id version sha256 risk_said_by made_by recorded_at retired_at retired_by",
        "text": "definition_sealed",
    },
    "practice_rating": {
        "same": "service_id client_id episode_id appointment_id",
        "people": "recorded_by",
        "ours": "id",
        "moment": "recorded_at",
    },
    "practitioner": {
        "same": "id service_id",
        "people": "roles must_change_password disabled_at settles_at changed_by created_at",
        "names": "name_sealed sign_in_name_sealed",
        "secret": "sign_in_lookup password_hash",
    },
    "push_origin": {"ours": "origin stalls rest_until changed_at"},
    "push_subscription": {
        "people": "id service_id client_id device_id origin ended_why",
        "secret": "endpoint_lookup keys_sealed",
        "moment": "created_at confirmed_at accepted_at ended_at",
    },
    "quarantined": {
        "unasked": "id service_id client_id device_id revision_id reason seen_by received_at seen_at",
        "text": "raw_sealed content_hash_sealed",
    },
    "reminder_rule": {
        "unasked": "id service_id client_id assignment_id zone revision_id at weekdays level channel quiet shift"
        " most steady from_date until_date paused_from paused_until created_at ended_at",
    },
    "research_choice": {"same": "id service_id client_id choice", "ours": "revision_id", "moment": "recorded_at"},
    "response_procedure": {
        "people": "id service_id number state working_days works_from works_until reviewed_on thresholds mail_tried_at"
        " recorded_by recorded_at",
        "names": "words_sealed",
    },
    "review": {
        "same": "service_id client_id episode_id assignment_id appointment_id",
        "people": "recorded_by",
        "ours": "feed_seq",
        "text": "line_sealed note_sealed",
    },
    "revision": {
        "same": "client_id service_id entry_id assignment_id slot parents kind",
        "people": "device_id practitioner_id",
        "ours": "happened_zone app_version schema_version feed_seq mended_seq",
        "text": "content_hash_sealed",
    },
    "risk_flag": {
        "risk": "id service_id client_id assignment_id entry_id revision_id worksheet_id worksheet_version fields level"
        " card follow_up created_at received_at ack_by ack_at escalated_at escalation_tries escalation_after"
        " escalation_trouble",
        "text": "outcome_sealed",
    },
    "service": {
        "same": "id",
        "names": "name crisis_name crisis_number crisis_hours reading_promise",
        "ours": "zone nation demo weekly_cap reading_days closed_days created_at",
        "secret": "data_key",
    },
    "service_total": {"same": "service_id body", "ours": "counted_at"},
    "staff_session": {
        "people": "id service_id practitioner_id created_at last_seen_at ended_at",
        "secret": "token_hash",
    },
    "study": {
        "people": "id service_id name basis reference retain_until arms blocks key_destroyed_at free_text_asked_by"
        " free_text_approved_by free_text_approved_at made_by created_at ended_at",
        "secret": "seed_sealed key_sealed",
    },
    "study_allocation": {
        "same": "service_id client_id",
        "people": "id study_id number how recorded_by recorded_at",
    },
    "study_build": {
        "people": "id service_id study_id content state as_of previous_id asked_by asked_at lease_token lease_until"
        " tries done of trouble sha256 size clients built_at decided_by decided_at smallest stopped_by stopped_at"
        " removed_at",
        "text": "agreement_sealed considered_sealed",
        "secret": "file_key_sealed",
    },
    "study_consent": {
        "same": "service_id client_id",
        "people": "study_id revision_id recorded_by",
        "moment": "recorded_at",
    },
    "study_download": {"people": "id service_id study_id build_id practitioner_id sha256 at"},
    "study_invitation": {"people": "id service_id client_id study_id invited_by recorded_at"},
    "study_member": {"people": "id service_id study_id practitioner_id given_by from_at until_at ended_by"},
    "study_protocol": {"people": "id service_id study_id number label recorded_by recorded_at"},
    "study_site": {"people": "id service_id study_id joined_by joined_at left_at left_by"},
    "study_text": {"people": "id service_id study_id number words recorded_by recorded_at"},
    "supervision": {
        "people": "id service_id supervisor_id supervisee_id from_at until_at given_by recorded_at ended_at ended_by",
    },
    "supervision_setting": {"people": "id service_id days_between recorded_by recorded_at"},
    "takeaway": {
        "unasked": "id service_id client_id appointment_id revision_id entered_by effective_at recorded_at",
        "text": "words_sealed",
    },
    "talked_about": {"unasked": "id service_id client_id entry_id state recorded_by recorded_at"},
    "total_setting": {"people": "id service_id hide_up_to recorded_by recorded_at"},
    "way": {
        "unasked": "id service_id client_id channels why recorded_by recorded_at",
        "names": "addresses_sealed",
    },
}
