"""Makes a country of a few clients: copies every row of one service many times, in the database itself.

A copy's ids are hashes of the first one's, so that its rows belong together. Its sealed texts are the first one's
bytes, of their size; they cannot be opened, as pages of other people's clients never are.
"""

from uuid import UUID

from sqlalchemy import Connection, Integer, LargeBinary, Table, Uuid, text

from server.classes import class_of
from server.extensions import Row

# What is about the installation, or says nothing about the work.
LEFT_OUT = {"service", "audit_event", "staff_session", "service_total", "total_setting", "epoch", "attempt"}
LEFT_OUT |= {"delivery_event", "ending_setting", "language_check", "measure_check", "response_procedure", "own_task"}
THIN = {"contact": "id", "delivery": "id"}  # many rows of a kind that no page reads many of


def tables() -> list[Table]:
    """Every table whose rows are copied."""
    return [one for one in Row.metadata.sorted_tables if one.name not in LEFT_OUT and "service_id" in one.c]


def copy(connection: Connection, template: UUID, share: float) -> dict[str, int]:
    """Copy the template service's rows once for each line of the table `copies (k, service_id)`.

    `share`: how many assignments, with all that hangs on them, each copy keeps. Returns rows by table.
    """
    dialect = connection.dialect.name
    counts = {}
    for table in tables():
        source = f"source_{table.name}"
        service = template.hex if dialect == "sqlite" else str(template)
        connection.execute(
            text(f"CREATE TEMPORARY TABLE {source} AS SELECT * FROM {table.name} WHERE service_id = '{service}'")
        )
        columns = [column for column in table.c if not _numbers_itself(table, column)]
        names = ", ".join(f'"{column.name}"' for column in columns)
        values = ", ".join(_value(table, column, dialect) for column in columns)
        wanted = _kept(table, share) if dialect == "postgresql" and share < 1 else "1 = 1"
        done = connection.execute(
            text(f"INSERT INTO {table.name} ({names}) SELECT {values} FROM {source} t CROSS JOIN copies WHERE {wanted}")
        )
        counts[table.name] = done.rowcount
    return counts


def _numbers_itself(table: Table, column) -> bool:
    return column.primary_key and isinstance(column.type, Integer) and len(table.primary_key.columns) == 1


def _kept(table: Table, share: float) -> str:
    """Whole assignments are kept or not; of what is thinned, single rows."""
    column = "id" if table.name == "assignment" else "assignment_id" if "assignment_id" in table.c else ""
    column = THIN.get(table.name, column)
    if not column or table.name == "risk_flag":
        return "1 = 1"
    own = f"abs(hashtext(t.{column}::text || copies.k)) % 1000 < {round(share * 1000)}"
    return f"(t.{column} IS NULL OR {own})"


def _value(table: Table, column, dialect: str) -> str:
    name = f't."{column.name}"'
    if column.name == "service_id":
        return "copies.service_id"
    if isinstance(column.type, Uuid):
        return f"copied({name}, copies.k)" if dialect == "sqlite" else f"md5({name}::text || copies.k)::uuid"
    return f"{name} || ':' || copies.k" if _is_unique_text(table, column) else name


def _is_unique_text(table: Table, column) -> bool:
    """Hashes by which something is found: no two rows have the same."""
    return class_of(table.name, column.name) == "secret" and not isinstance(column.type, LargeBinary)
