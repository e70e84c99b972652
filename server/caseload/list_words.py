"""What other systems call the columns of a clinic list, ways of meeting, and what became of an appointment. Pure.

Codes of attendance are those of the NHS Data Dictionary (Attended or Did Not Attend Code: 5, 6 came; 3, 7 did not;
2 cancelled by the patient, 4 by the provider; 0 lies ahead).
"""

from server.caseload.pasted import Line, bare, named

NUMBER = (
    *("Local number", "Local no", "Patient ID", "Patient number", "Patient no", "Client ID", "Client number"),
    *("Client no", "Client ref", "Patient ref", "Local patient ID", "Local patient identifier", "Local identifier"),
    *(
        "Local ID",
        "Reference",
        "Ref",
        "Case number",
        "Case no",
        "ID",
        "iaptus ID",
        "PCMIS ID",
        "PCMIS number",
        "Number",
    ),
)
COLUMNS = {
    "number": NUMBER,
    "day": (
        *("Date", "Appt date", "Appointment date", "Day", "Contact date", "Session date", "Date of appointment"),
        *("Appointment", "Appt", "Date/time", "Date and time", "Start date", "Starts", "Appt date/time"),
        *("Appointment date and time",),
    ),
    "at": ("Time", "Appt time", "Appointment time", "Start time", "Start", "Session time", "Contact time"),
    "kind": ("Kind", "Type", "Appt type", "Appointment type", "Contact type", "Session type", "Purpose"),
    "mode": (
        *("Mode", "Medium", "Method", "Contact method", "Delivery", "Consultation medium", "Consultation mechanism"),
        *("Appt mode", "Appointment mode", "How", "Contact medium", "Consultation medium used"),
        *("How you meet", "How we meet", "How they meet"),
    ),
    "state": (
        *("Attended", "Attendance", "Status", "Appt status", "Appointment status", "Outcome", "Attended?"),
        *("Attendance status", "Attendance code", "AttendOrDNACode", "Attended or DNA", "Attendance outcome"),
    ),
    "dna": ("DNA", "Did not attend", "Missed", "DNA?"),
    "minutes": ("Minutes", "Duration", "Length", "Mins", "Duration (mins)", "Length (minutes)"),
}
NEEDED = ("number", "day")  # the time may stand behind the day in one cell

KINDS = {
    "treatment": ("treatment", "follow up treatment", "therapy", "session", "low intensity treatment", "gsh"),
    "assessment": ("assessment", "first", "initial", "triage", "first appointment", "initial assessment"),
    "review": ("review", "review only"),
    "follow_up": ("follow up", "followup", "follow up after treatment", "fu"),
}
MODES = {
    "telephone": ("telephone", "phone", "tel", "call", "telephone call", "by phone", "telephone activity"),
    "video": ("video", "video call", "online", "teams", "zoom", "attend anywhere", "video consultation", "virtual"),
    "in_person": ("in person", "face to face", "f2f", "face 2 face", "clinic", "room", "ftf"),
}
STATES = {
    "planned": ("booked", "planned", "scheduled", "arranged", "confirmed", "pending", "not yet", "future", "0", "open"),
    "attended": ("attended", "came", "seen", "arrived", "completed", "attended on time", "attended late", "5", "6"),
    "missed": (
        *("missed", "dna", "did not attend", "dnad", "no show", "failed to attend", "did not come", "not attended"),
        *("was not brought", "too late to be seen", "3", "7"),
    ),
    "cancelled_by_client": (
        *("cancelled by client", "cancelled by patient", "client cancelled", "patient cancelled", "unable to attend"),
        *("cancelled by the client", "cancelled by the patient", "uta", "could not attend", "2"),
    ),
    "cancelled_by_service": (
        *("cancelled by service", "cancelled by provider", "cancelled by therapist", "cancelled by practitioner"),
        *("cancelled by the service", "service cancelled", "therapist cancelled", "provider cancelled"),
        *("cancelled by clinic", "cancelled by trust", "4"),
    ),
}
YES, NO = ("yes", "y", "true", "x", "1"), ("no", "n", "false")
WHO_CANCELLED = "Who cancelled? Write “cancelled by client” or “cancelled by service”."
WHAT_BECAME = "We know: booked, attended, missed (DNA), cancelled by client, cancelled by service."


def state_written(line: Line, over: bool) -> tuple[str, str]:
    """(what became of it, what is wrong), from one or both of the columns. `over`: its time has passed.

    *No* under *Attended* is *missed* once its time has passed, and nothing before; *no* under *DNA* is *attended*.
    """
    said, dna = bare(line.of("state")), bare(line.of("dna"))
    came = {**dict.fromkeys(YES, "attended"), **dict.fromkeys(NO, "missed" if over else "planned"), "": "planned"}
    stayed = {**dict.fromkeys(YES, "missed"), **dict.fromkeys(NO, "attended" if over else "planned"), "": "planned"}
    if any(one.startswith(("cancel", "cnx")) and not named(one, STATES) for one in (said, dna)):
        return "planned", WHO_CANCELLED
    first = came.get(said) or named(said, STATES)
    second = stayed.get(dna) or named(dna, STATES)
    if not first or not second:
        return "planned", WHAT_BECAME
    if said and dna and dna in YES and first == "attended":
        return "planned", "This row says both that they came and that they did not."
    return (first, "") if said and (first != "planned" or not dna) else (second, "")
