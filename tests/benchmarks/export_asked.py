"""The floor of the export's ratios: a SELECT of the occurrences with names and days made safe, as PostgreSQL does it.

Names are hashes of the same length, made of two hashes each as HMAC is; day zero is the first attended appointment.
"""

MAPPING = """
CREATE TEMPORARY TABLE mapping ON COMMIT DROP AS
SELECT c.id AS client_id, left(encode(sha256(c.id::text::bytea), 'hex'), 16) AS pid,
       coalesce(min(p.local_date) FILTER (WHERE a.state = 'attended'), min(p.local_date), c.created_at::date) AS zero
FROM client c LEFT JOIN attendance a ON a.client_id = c.id LEFT JOIN appointment p ON p.id = a.appointment_id
GROUP BY c.id
"""


def _name(kind: str, text: str) -> str:
    return f"left(encode(sha256(sha256(('{kind}|' || {text})::bytea)), 'hex'), 16)"


def _day(column: str) -> str:
    return f"({column} - m.zero)"


DEIDENTIFIED = f"""
SELECT m.pid, {_name("episode", "o.episode_id::text")}, {_name("assignment", "o.assignment_id::text")},
       {_name("occurrence", "o.assignment_id::text || '/' || o.slot")}, o.version, v.rhythm->>'kind',
       {_day("o.opens_on")}, {_day("o.due_on")}, o.due_at <= now(), o.state, o.size, o.barrier, {_day("o.moved_to")},
       o.medium, o.entered_by, o.helped_by, {_day("(o.done_at AT TIME ZONE c.zone)::date")},
       CASE WHEN extract(hour FROM o.done_at AT TIME ZONE c.zone) < 12 THEN 'morning' ELSE 'afternoon' END,
       round((extract(epoch FROM o.done_at - a.agreed_at) / 3600)::numeric, 1), o.extra
FROM occurrence o
JOIN mapping m ON m.client_id = o.client_id
JOIN client c ON c.id = o.client_id
JOIN assignment a ON a.id = o.assignment_id
JOIN assignment_version v ON v.assignment_id = o.assignment_id AND v.number = o.version
ORDER BY m.pid, o.assignment_id, o.slot
"""
