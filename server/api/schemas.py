"""What may come in and what goes out, for validation and for the description at /api/openapi.json."""

from marshmallow import RAISE, Schema, fields, validate

from server.caseload.rules import BECAME

MOST = 100  # revisions in one batch


class Strict(Schema):
    """Unknown keys are an error."""

    class Meta:
        unknown = RAISE


class RefusalSchema(Schema):
    code = fields.String(required=True)
    message = fields.String(required=True)
    fields_ = fields.Dict(keys=fields.String(), values=fields.String(), data_key="fields")


class PairSchema(Strict):
    code = fields.String(required=True, validate=validate.Length(max=100))
    platform = fields.String(load_default="other", validate=validate.OneOf(["ios", "android", "other"]))
    display = fields.String(load_default="browser", validate=validate.OneOf(["browser", "standalone"]))
    shared_phone = fields.Boolean(load_default=False)
    zone = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=60))
    language = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=20))
    app_version = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=40))
    device_id = fields.UUID(load_default=None, allow_none=True)  # who this phone was, where it is locked


class CrisisSchema(Schema):
    name = fields.String()
    number = fields.String()
    hours = fields.String()


class OfferedSchema(Schema):
    code = fields.String()
    name = fields.String()
    state = fields.String(validate=validate.OneOf(["checked", "draft"]))
    help_checked = fields.Boolean()


class ServiceSchema(Schema):
    name = fields.String()
    nation = fields.String()
    crisis = fields.Nested(CrisisSchema)
    reading_promise = fields.String()
    asks_about_risk = fields.Boolean()
    languages = fields.List(fields.Nested(OfferedSchema))
    demo = fields.Boolean()


class StudySchema(Schema):
    study_id = fields.String()
    name = fields.String()
    text = fields.Integer()
    words = fields.String()
    choice = fields.String(allow_none=True, validate=validate.OneOf(["given", "withdrawn"]))
    over = fields.Boolean()


class MeSchema(Schema):
    preferred_name = fields.String(allow_none=True)
    research = fields.String(allow_none=True, validate=validate.OneOf(["yes", "no"]))
    research_contact = fields.String(allow_none=True, validate=validate.OneOf(["yes", "no"]))
    studies = fields.List(fields.Nested(StudySchema))
    language = fields.String()


class DeviceSchema(Schema):
    device_id = fields.String()
    client_id = fields.String()
    epoch = fields.String()
    paired_at = fields.String()
    display = fields.String()
    service = fields.Nested(ServiceSchema)
    me = fields.Nested(MeSchema)
    device_seq = fields.Integer()
    push_public_key = fields.String()
    reaching = fields.Boolean()


class CodeSchema(Schema):
    code = fields.String()
    expires_at = fields.String()


class PhoneKeySchema(Strict):
    key = fields.String(required=True, validate=validate.Regexp(r"[A-Za-z0-9+/]{43}=\Z"))  # 32 bytes, base64


class OfDeviceSchema(Strict):
    device_id = fields.UUID(required=True)


class ForgetSchema(Strict):
    unsent = fields.Integer(required=True, validate=validate.Range(min=0))


class PushSchema(Strict):
    """The envelope is strict; each revision is read alone."""

    protocol = fields.Integer(required=True, validate=validate.Equal(1))
    batch_id = fields.UUID(required=True)
    device_id = fields.UUID(required=True)
    epoch = fields.String(required=True)
    sent_at = fields.AwareDateTime(load_default=None, allow_none=True)
    made_on = fields.Dict(
        keys=fields.UUID(), values=fields.UUID(allow_none=True), load_default=dict, validate=validate.Length(max=MOST)
    )
    keeps_nothing = fields.Boolean(load_default=False)
    revisions = fields.List(fields.Raw(allow_none=True), required=True, validate=validate.Length(max=MOST))


class ReceiptSchema(Schema):
    revision_id = fields.String(allow_none=True)
    content_hash = fields.String()
    status = fields.String()
    code = fields.String()
    message = fields.String()


class AcknowledgementSchema(Schema):
    batch_id = fields.String()
    epoch = fields.String()
    server_time = fields.String()
    results = fields.List(fields.Nested(ReceiptSchema))


class PullQuery(Strict):
    device = fields.UUID(load_default=None)
    cursor = fields.String(load_default="", validate=validate.Length(max=100))
    limit = fields.Integer(load_default=200, validate=validate.Range(min=1, max=500))


class ChangeSchema(Schema):
    seq = fields.Integer()
    kind = fields.String()
    id = fields.String()
    body = fields.Dict()


class NextAppointmentSchema(Schema):
    starts_at = fields.String()
    local = fields.String()
    mode = fields.String()


class CourseOverSchema(Schema):
    episode_id = fields.String()
    began_on = fields.String()
    ended_on = fields.String()
    read_until = fields.String()
    signposts = fields.String()
    worksheets = fields.Dict()


class AppointmentNewsSchema(Strict):
    what = fields.String(validate=validate.OneOf([what for what in BECAME if what != "planned"]))
    was = fields.String(allow_none=True)
    now = fields.String(allow_none=True)


class PullSchema(Schema):
    epoch = fields.String()
    cursor = fields.String()
    more = fields.Boolean()
    server_time = fields.String()
    next_appointment = fields.Nested(NextAppointmentSchema, allow_none=True)
    appointment_news = fields.Nested(AppointmentNewsSchema, allow_none=True)
    course_over = fields.Nested(CourseOverSchema, allow_none=True)
    changes = fields.List(fields.Nested(ChangeSchema))


class DigestSchema(Strict):
    count = fields.Integer(required=True)
    sha256 = fields.String(required=True)


class ContactSchema(Strict):
    device_id = fields.UUID(load_default=None)
    outbox = fields.Integer(required=True, validate=validate.Range(min=0, max=1_000_000))
    device_seq = fields.Integer(required=True, validate=validate.Range(min=0, max=2**31 - 1))
    digest = fields.Nested(DigestSchema, required=True)
    ids = fields.List(fields.UUID(), load_default=None, allow_none=True)


class ComparedSchema(Schema):
    same = fields.Boolean()
    count = fields.Integer()
    made = fields.Integer()
    stored = fields.Integer()
    elsewhere = fields.Integer()
    missing_here = fields.List(fields.String())
    missing_there = fields.List(fields.String())


class NothingSchema(Strict):
    """An empty object."""


class PushKeySchema(Schema):
    public_key = fields.String(required=True)


class PushKeysSchema(Strict):
    p256dh = fields.String(required=True, validate=validate.Length(max=200))
    auth = fields.String(required=True, validate=validate.Length(max=100))


class SubscriptionSchema(Strict):
    endpoint = fields.String(required=True, validate=validate.Length(max=4096))
    keys = fields.Nested(PushKeysSchema, required=True)


class ReachingSchema(Schema):
    reaching = fields.Boolean(required=True)


class TestedSchema(Schema):
    state = fields.String(required=True, validate=validate.OneOf([
        "accepted", "failed", "no-subscription", "care-ended", "not-asked", "not-safe", "quiet-hours",
    ]))  # fmt: skip
    message = fields.String(required=True)


class WaysWishSchema(Strict):
    order = fields.List(fields.String(validate=validate.Length(max=10)), required=True, validate=validate.Length(max=3))
    email = fields.String(load_default="", validate=validate.Length(max=254))
    mobile = fields.String(load_default="", validate=validate.Length(max=30))


class WaysSchema(Schema):
    order = fields.List(fields.String(), required=True)
    used = fields.List(fields.String(), required=True)
    offered = fields.List(fields.String(), required=True)
    email = fields.String(required=True)
    mobile = fields.String(required=True)
    calendar = fields.Boolean(required=True)


class CalendarSchema(Schema):
    address = fields.String(required=True)


class LookSchema(Schema):
    at = fields.String(required=True)
    by = fields.String(required=True)
    what = fields.String(
        required=True, validate=validate.OneOf(["entry", "appointment", "plan", "phone", "client", "urgent"])
    )


class LooksSchema(Schema):
    looks = fields.List(fields.Nested(LookSchema), required=True)


class LostSchema(Strict):
    why = fields.String(required=True, validate=validate.OneOf(["permission-lost", "cannot"]))


class SentLineSchema(Schema):
    date = fields.String(required=True, metadata={"description": "The day on the client's own calendar"})
    at = fields.String(required=True, metadata={"description": "The local time it stands for: 13:30"})
    channel = fields.String(required=True)
    became = fields.String(required=True, metadata={"description": "How far it got; never that it was seen"})
    why = fields.String(required=True, allow_none=True)


class SentSchema(Schema):
    reminders = fields.List(fields.Nested(SentLineSchema), required=True)


class ComingLineSchema(Schema):
    date = fields.String(required=True, metadata={"description": "The day on the client's own calendar"})
    at = fields.String(required=True, metadata={"description": "The local time: 13:30"})
    channel = fields.String(required=True)
    kind = fields.String(required=True, metadata={"description": "own, later, or appointment"})


class ComingSchema(Schema):
    reminders = fields.List(fields.Nested(ComingLineSchema), required=True)


# Codes and proofs are base64url. Anything else is refused here: half a letter (\ud800) cannot even be hashed.
BASE64URL = validate.Regexp(r"[A-Za-z0-9_-]{0,64}\Z")


class OpenedSchema(Strict):
    code = fields.String(required=True, validate=BASE64URL)


class ToldSchema(Strict):
    code = fields.String(required=True, validate=BASE64URL)
    proof = fields.String(required=True, validate=BASE64URL)
    what = fields.String(required=True, validate=validate.OneOf(["shown", "opened", "later"]))


class RemindedSchema(Schema):
    assignment_id = fields.String(allow_none=True)
    slot = fields.String(allow_none=True)
