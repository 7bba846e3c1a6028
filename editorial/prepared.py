"""Statements for what is done for every single Ausspielung: the ORM makes their SQL once, then only values change.

Making the SQL of a question costs the ORM ten times as much as asking it. What is made here must have the same shape
whatever the values are: no list of unknown length, and NULL never equals anything.
"""

import datetime as dt
import threading
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Aggregate, DateTimeField, Expression, Field, JSONField, Model, QuerySet, TextField
from django.db.models.query import get_related_populators
from django.db.models.sql import UpdateQuery
from django.utils import timezone

Row = TypeVar("Row", bound=Model)
Statement = tuple[str, Sequence[Any]]
TAKEN_AS_IT_IS = {str, int, bool, dt.datetime, type(None)}


def _planned_once(connection: Any) -> Any:
    """A cursor for statements that come again and again: PostgreSQL keeps their plan as long as the session lasts."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    # Django's own kind, which it takes for a whole database only; psycopg prepares nothing with the other kind.
    from django.db.backends.postgresql.base import ServerBindingCursor  # needs psycopg, which SQLite does without

    connection.ensure_connection()
    wrapped = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    binding: Any = ServerBindingCursor  # the stubs do not know what it is made of
    return wrapped(binding(connection.connection))


class Given(Expression):
    """Stands where the value of this name will be."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    @classmethod
    def like(cls, model: type[Model], field: str, name: str = "") -> "Given":
        """Of the kind of this field, by its name or another."""
        kind: Any = model._meta.get_field(field)
        return cls(name or field, kind)

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return "%s", [self]

    def value(self, values: dict[str, Any], connection: Any) -> Any:
        value = values[self.name]
        return _for_database(self.output_field, value.pk if isinstance(value, Model) else value, connection)


class Moment(Given):
    """The moment given by this name; where that is None, the database's own (I10)."""

    def __init__(self, name: str = "at") -> None:
        super().__init__(name, DateTimeField())

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        return "COALESCE(%s, clock_timestamp())", [self]

    def value(self, values: dict[str, Any], connection: Any) -> Any:
        # SQLite runs inside this process: its clock is this machine's clock.
        moment = values[self.name] or (None if connection.vendor == "postgresql" else timezone.now())
        return self.output_field.get_db_prep_value(moment, connection)


class Joined(Aggregate):
    """The keys of several rows as one text, with commas."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="STRING_AGG(%(expressions)s::text, ',')", **extra)


class _Made:
    """SQL with all that is needed to read its rows, for one kind of database; it keeps no connection."""

    def __init__(self, query: Any, connection: Any) -> None:
        compiler = query.get_compiler(connection=connection)
        self.sql, self.params = compiler.as_sql()
        info = None if query.has_select_fields else getattr(compiler, "klass_info", None)
        if info:  # as Django's ModelIterable finds it out for each question
            self.model, columns = info["model"], [column for column, _, _ in compiler.select]
            self.own = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
            self.names = [column.target.attname for column in columns[self.own]]
            populators: Any = get_related_populators  # the stubs know a later one
            self.related = populators(info, compiler.select, DEFAULT_DB_ALIAS)
            self.annotations = compiler.annotation_col_map or {}
            self.converters = compiler.get_converters(columns)

    def filled(self, values: dict[str, Any], connection: Any) -> list[Any]:
        return [param.value(values, connection) if isinstance(param, Given) else param for param in self.params]

    def read(self, row: Sequence[Any], connection: Any) -> Any:
        if self.converters:
            row = list(row)
            for place, (converters, expression) in self.converters.items():
                for convert in converters:
                    row[place] = convert(row[place], expression, connection)
        found = self.model.from_db(DEFAULT_DB_ALIAS, self.names, row[self.own])
        for populator in self.related:
            populator.populate(row, found)
        for name, place in self.annotations.items():
            setattr(found, name, row[place])
        return found


class _Prepared:
    def __init__(self) -> None:
        self._made: dict[str, _Made] = {}
        self._making = threading.Lock()

    def _query(self) -> Any:
        raise NotImplementedError

    def _made_for(self, connection: Any) -> _Made:
        if connection.vendor not in self._made:
            with self._making:
                self._made[connection.vendor] = _Made(self._query(), connection)
        return self._made[connection.vendor]

    def statement(self, **values: Any) -> Statement:
        connection = connections[DEFAULT_DB_ALIAS]
        made = self._made_for(connection)
        return made.sql, made.filled(values, connection)


class Question(_Prepared, Generic[Row]):
    """A queryset with ``Given`` in the place of its values."""

    def __init__(self, build: Callable[[], "QuerySet[Row]"]) -> None:
        super().__init__()
        self._build = build

    def _query(self) -> Any:
        return self._build().query

    def ask(self, **values: Any) -> list[Row]:
        connection = connections[DEFAULT_DB_ALIAS]
        made = self._made_for(connection)
        with _planned_once(connection) as cursor:
            cursor.execute(made.sql, made.filled(values, connection))
            return [made.read(row, connection) for row in cursor.fetchall()]

    def first(self, **values: Any) -> Row | None:
        return next(iter(self.ask(**values)), None)


class Rows(_Prepared):
    """A ``values_list`` with ``Given`` in the place of its values, as the database writes it: keys and texts only."""

    def __init__(self, build: Callable[[], "QuerySet[Any, Any]"]) -> None:
        super().__init__()
        self._build = build

    def _query(self) -> Any:
        return self._build().query

    def ask(self, **values: Any) -> list[tuple[Any, ...]]:
        with _planned_once(connections[DEFAULT_DB_ALIAS]) as cursor:
            cursor.execute(*self.statement(**values))
            return cursor.fetchall()


class Change(_Prepared):
    """An UPDATE of what this queryset finds; each of ``fields`` gets the value of its name, others an expression."""

    def __init__(self, build: Callable[[], "QuerySet[Any]"], fields: Sequence[str] = (), **others: Any) -> None:
        super().__init__()
        self._build, self._fields, self._others = build, fields, others

    def _query(self) -> Any:
        found = self._build()
        query: Any = found.query.chain(UpdateQuery)  # as QuerySet.update() does it
        query.clear_ordering(force=True)
        given = {name: Given.like(found.model, name) for name in self._fields}
        query.add_update_values(given | self._others)
        return query


def insertion(*rows: Model, replace: str = "", returning: str = "", computed: str = "", by: str = "") -> Statement:
    """New rows as one INSERT; ``replace``: one that has the same value in this field is overwritten. The field
    ``computed`` gets what the SQL ``by`` says.
    """
    model, connection = type(rows[0]), connections[DEFAULT_DB_ALIAS]
    fields = [field for field in model._meta.concrete_fields if not field.primary_key and field.name != computed]
    sql = _insert_sql(model, len(rows), replace, returning, computed, by)
    return sql, [_for_database(field, getattr(row, field.attname), connection) for row in rows for field in fields]


def _for_database(field: "Field[Any, Any]", value: Any, connection: Any) -> Any:
    """As Django saves it; what PostgreSQL's driver takes as it is need not go through the field."""
    if connection.vendor == "postgresql" and type(value) in TAKEN_AS_IT_IS and not isinstance(field, JSONField):
        return value
    return field.get_db_prep_save(value, connection)


def insert_with(first: Model, second: Model, link: str) -> int:
    """Two new rows, the second one pointing to the first by its field ``link``. Returns the first one's key."""
    sql, params = insertion(first, returning="id")
    connection = connections[DEFAULT_DB_ALIAS]
    with _planned_once(connection) as cursor:
        if connection.vendor == "postgresql":
            fields = {"returning": f"{link}_id", "computed": link, "by": "(SELECT id FROM first)"}
            sql_2, params_2 = insertion(second, **fields)
            cursor.execute(f"WITH first AS ({sql}) {sql_2}", [*params, *params_2])
            return int(cursor.fetchone()[0])
        cursor.execute(sql, params)
        key = int(cursor.fetchone()[0])
        setattr(second, f"{link}_id", key)
        cursor.execute(*insertion(second))
        return key


@cache
def _insert_sql(model: type[Model], count: int, replace: str, returning: str, computed: str, by: str) -> str:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = [str(field.column) for field in fields]
    row = f"({', '.join(by if field.name == computed else '%s' for field in fields)})"
    sql = f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES {', '.join([row] * count)}"  # noqa: S608 - names of the models, no values
    if replace:
        key = model._meta.get_field(replace).column  # type: ignore[union-attr]  # a field with a column
        others = [f"{column} = excluded.{column}" for column in columns if column != key]
        sql += f" ON CONFLICT ({key}) DO UPDATE SET {', '.join(others)}"
    return sql + (f" RETURNING {returning}" if returning else "")


def run(*statements: Statement, counted: int = -1) -> int:
    """Several writes of different tables, where the database can do so (PostgreSQL) as one statement.

    They do not see each other. Returns how many rows the one at this place wrote, else the last one.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    with _planned_once(connection) as cursor:
        if connection.vendor != "postgresql":
            written = []
            for sql, params in statements:
                cursor.execute(sql, params)
                written.append(int(cursor.rowcount))
            return written[counted]
        parts = [f"step_{place} AS ({sql})" for place, (sql, _) in enumerate(statements)]
        everything = [value for _, values in statements for value in values]
        if counted in (-1, len(statements) - 1):
            parts[-1] = statements[-1][0]
            cursor.execute(f"WITH {', '.join(parts[:-1])} {parts[-1]}" if parts[:-1] else parts[-1], everything)
            return int(cursor.rowcount)
        parts[counted] = f"step_{counted} AS ({statements[counted][0]} RETURNING 1)"
        cursor.execute(f"WITH {', '.join(parts)} SELECT count(*) FROM step_{counted}", everything)  # noqa: S608 - statements made here, no values
        return int(cursor.fetchone()[0])
