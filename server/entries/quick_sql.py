"""The statements of a push, prepared once: what is there already, what is new, and which head is shown."""

from sqlalchemy import bindparam, insert, select, update

from server.caseload.models import Episode
from server.entries.models import HEAD, Entry, Revision
from server.prepared import Prepared, several

R, E = Revision, Entry

# by client, `id0` … : the revisions that are there already
KNOWN = Prepared(
    lambda size: select(R.revision_id, R.content_hash_sealed, R.body_sealed).where(
        R.client_id == bindparam("client"), R.revision_id.in_(several("id", R.revision_id, size))
    )
)
IN_CARE = Prepared(
    select(Episode.id).where(Episode.client_id == bindparam("client"), Episode.closed_on.is_(None)).limit(1)
)
ADD_REVISION = Prepared(insert(R.__table__).values({c.name: bindparam(c.name) for c in R.__table__.c}))

# by client, `id0` … : entries, and every state of them
ENTRIES = Prepared(
    lambda size: select(E.entry_id, E.kept).where(
        E.client_id == bindparam("client"), E.entry_id.in_(several("id", E.entry_id, size))
    )
)
STATES = Prepared(
    lambda size: select(
        *(R.entry_id, R.revision_id, R.parents, R.kind, R.effective_at, R.feed_seq, R.subject_kind),
        *(R.assignment_id, R.slot, R.outcome, R.kept, R.happened_at, R.received_at),
    ).where(R.client_id == bindparam("client"), R.entry_id.in_(several("id", R.entry_id, size)))
)
# by client: what they chose to share or to keep
SHARINGS = Prepared(
    select(R.revision_id, R.body_sealed, R.effective_at, R.feed_seq).where(
        R.client_id == bindparam("client"), R.subject_kind == "sharing", R.kind != "delete"
    )
)
_COLUMNS = [c.name for c in E.__table__.c if c.name not in ("client_id", "entry_id", "service_id")]
ADD_ENTRY = Prepared(insert(E.__table__).values({c.name: bindparam(c.name) for c in E.__table__.c}))
SHOW_HEAD = Prepared(
    update(E.__table__)
    .where(E.__table__.c.client_id == bindparam("of_client"), E.__table__.c.entry_id == bindparam("of_entry"))
    .values({name: bindparam(name) for name in _COLUMNS})
)

# by client, `id0` … : what settling needs of these assignments
FOR_SETTLING = Prepared(
    lambda size: (
        select(
            *(E.entry_id, E.subject_kind, R.assignment_id, R.revision_id, R.slot, R.happened_at, R.outcome, R.medium),
            *(R.entered_by, R.helped_by, R.answer, R.answer_outcome, R.barrier, R.moved_to),
            *(R.effective_at, R.feed_seq),
        )
        .join(R, HEAD)
        .where(E.client_id == bindparam("client"), R.assignment_id.in_(several("id", R.assignment_id, size)))
        .where(E.deleted.is_(False))
    )
)
