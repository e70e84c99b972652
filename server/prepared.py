"""Core statements compiled once and run straight on the driver, in the session's transaction: for what every sync runs.

A statement through the ORM costs 0.2 to 0.5 ms of processor time, the same one here about 0.03
(docs/decisions/011). What it must not lose: types are the models' own, and errors are SQLAlchemy's.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID, SafeUUID

from sqlalchemy import BindParameter, Uuid, bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.base import Executable

from server.extensions import Row, db

Process = Callable[[Any], Any]


def several(name: str, column: Any, count: int) -> list[BindParameter]:
    """`count` parameters for an IN: `name0`, `name1` … of the column's type. Fill them with `listed`."""
    return [bindparam(f"{name}{n}", type_=column.type) for n in range(count)]


def listed(name: str, values: Iterable[Any]) -> tuple[int, dict[str, Any]]:
    """(how many parameters, their values) for an IN, padded so that few sizes are ever compiled. Not for none."""
    known = list(values)
    size = 1 << (len(known) - 1).bit_length()
    padded = known + known[-1:] * (size - len(known))
    return size, {f"{name}{n}": value for n, value in enumerate(padded)}


def forget(table: type[Row]) -> None:
    """What the session holds of a table that was changed here is read again on its next touch."""
    session = db.session()
    for row in list(session.identity_map.values()):
        if isinstance(row, table):
            session.expire(row)


class Prepared:
    """A statement, or a maker of statements by how many values its IN holds."""

    def __init__(self, statement: Executable | Callable[[int], Executable]):
        self._statement = statement
        self._compiled: dict[tuple[str, int], _Compiled] = {}

    def rows(self, size: int = 0, **values: Any) -> list[Any]:
        """The rows of a query, as tuples with names."""
        compiled = self._of(size)
        cursor = _cursor()
        try:
            with _translated(compiled):
                cursor.execute(compiled.text, compiled.bind(values))
                return compiled.read(cursor.fetchall())
        finally:
            cursor.close()

    def run(self, rows: Sequence[Mapping[str, Any]], size: int = 0) -> None:
        """Run it once for each set of values, which all have the same names."""
        if not rows:
            return
        compiled = self._of(size)
        bound = [compiled.bind(row) for row in rows]
        cursor = _cursor()
        try:
            with _translated(compiled):
                if len(bound) == 1:
                    cursor.execute(compiled.text, bound[0])
                else:
                    cursor.executemany(compiled.text, bound)
        finally:
            cursor.close()

    def _of(self, size: int) -> "_Compiled":
        dialect = db.engine.dialect
        key = (f"{dialect.name}+{dialect.driver}", size)
        if key not in self._compiled:
            statement = self._statement(size) if callable(self._statement) else self._statement
            self._compiled[key] = _Compiled(statement, dialect)
        return self._compiled[key]


class _Compiled:
    """One statement in the words of one database, with what turns values into the driver's and back."""

    def __init__(self, statement: Any, dialect: Dialect):
        compiled = statement.compile(dialect=dialect)
        self.text, self.dialect = str(compiled), dialect
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        self._fixed = {name: bind.value for name, bind in binds.items() if not bind.required}
        order = compiled.positiontup if compiled.positional else list(binds)
        self._into = [(name, _processor(binds[name].type, dialect, "bind")) for name in order]
        self._positional = compiled.positional
        columns = _columns_of(statement)
        self._names = namedtuple("Found", [name for name, _ in columns]) if columns else None
        self._back = [_processor(kind, dialect, "result") for _, kind in columns]
        self._plain = not any(self._back)

    def bind(self, values: Mapping[str, Any]) -> Any:
        if self._fixed:
            values = {**self._fixed, **values}
        if self._positional:
            return [process(values[name]) if process else values[name] for name, process in self._into]
        return {name: process(values[name]) if process else values[name] for name, process in self._into}

    def read(self, found: Sequence[Sequence[Any]]) -> list[Any]:
        make = self._names._make
        if self._plain:
            return [make(row) for row in found]
        back = self._back
        return [make([p(v) if p else v for p, v in zip(back, row, strict=True)]) for row in found]


class _translated:  # used as a function
    """Errors of the driver as SQLAlchemy's, without the parameters: they may be what somebody wrote."""

    def __init__(self, compiled: _Compiled):
        self._compiled = compiled

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind, wrong, trace) -> None:
        driver = self._compiled.dialect.loaded_dbapi
        if isinstance(wrong, driver.Error):
            raise DBAPIError.instance(
                self._compiled.text, None, wrong, driver.Error, hide_parameters=True, dialect=self._compiled.dialect
            ) from wrong


def _cursor():
    session = db.session()
    session.flush()  # what the ORM still holds back comes first, as it would with any query of its own
    return session.connection().connection.cursor()


def _processor(kind: Any, dialect: Dialect, way: str) -> Process | None:
    of_dialect = kind.dialect_impl(dialect)
    if way == "result" and isinstance(of_dialect, Uuid) and dialect.name == "sqlite":
        return _id
    return of_dialect.bind_processor(dialect) if way == "bind" else of_dialect.result_processor(dialect, None)


def _id(text: str | None) -> UUID | None:
    """The id of 32 hex digits. `UUID()` looks at six forms it could have: three times as long, 500 times a push."""
    if text is None:
        return None
    found = object.__new__(UUID)
    object.__setattr__(found, "int", int(text, 16))
    object.__setattr__(found, "is_safe", SafeUUID.unknown)
    return found


def _columns_of(statement: Any) -> list[tuple[str, Any]]:
    if statement.is_select:
        return [(one["name"], one["type"]) for one in statement.column_descriptions]
    return [(one["name"], one["type"]) for one in getattr(statement, "returning_column_descriptions", None) or []]
