"""Statements that the ORM lacks: ``INSERT … SELECT``, and inserting that adds up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections, models, router
from django.db.models.constants import OnConflict


def whether(condition: models.Q) -> models.Case:
    """Say in a query whether a row meets a condition, which may be one that none does.

    Of such a one only the default is left. Django 6.1 casts that to a type that MariaDB
    lacks, unless it is wrapped.
    """
    no = models.ExpressionWrapper(
        models.Value(False), output_field=models.BooleanField()
    )
    return models.Case(
        models.When(condition, then=models.Value(True)),
        default=no,
        output_field=models.BooleanField(),
    )


def insert_from_select(
    model: type[models.Model],
    fields: Sequence[str],
    rows: models.QuerySet,
    *,
    add_up: Sequence[str] = (),
    unique: Sequence[str] = (),
) -> int:
    """Insert what ``rows`` selects, in one statement, and give how many went in.

    ``rows`` is a ``values_list()`` whose columns stand in the order of ``fields``
    (names of concrete fields of ``model``). A row that a unique constraint refuses
    is left out, so that running it twice, or twice at once, is harmless. Every
    column without a default in the database must be named. No signal is sent.
    ``add_up`` and ``unique`` are those of :func:`insert_rows`.
    """
    connection = connections[router.db_for_write(model)]
    targets = [model._meta.get_field(name) for name in fields]
    try:
        select, params = rows.using(connection.alias).query.sql_with_params()
    except EmptyResultSet:
        return 0
    with connection.cursor() as cursor:
        statement = _insert(connection, model, targets, select, add_up, unique)
        cursor.execute(statement, params)
        return cursor.rowcount


# What SQLite takes at most in one statement, where it isn't built with more.
_MOST_PARAMETERS = 30_000


def insert_rows(
    model: type[models.Model],
    fields: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    add_up: Sequence[str] = (),
    unique: Sequence[str] = (),
) -> int:
    """Insert values, in as few statements as the database takes; give how many.

    A row that a unique constraint refuses is left out, so that running it twice is
    harmless. With ``add_up``, names of fields, what stands there has the new values
    added instead; ``unique`` are then the fields of that constraint, and the number
    given means nothing. Django's ``bulk_create`` does neither, and takes ten times the
    statements on SQLite. No signal is sent.
    """
    connection = connections[router.db_for_write(model)]
    targets = [model._meta.get_field(name) for name in fields]
    at_once = max(1, _MOST_PARAMETERS // len(targets))
    inserted = 0
    with connection.cursor() as cursor:
        for start in range(0, len(rows), at_once):
            batch = rows[start : start + at_once]
            one = f"({', '.join(['%s'] * len(targets))})"
            values = f"VALUES {', '.join([one] * len(batch))}"
            cursor.execute(
                _insert(connection, model, targets, values, add_up, unique),
                [
                    field.get_db_prep_save(value, connection)
                    for row in batch
                    for field, value in zip(targets, row, strict=True)
                ],
            )
            inserted += cursor.rowcount
    return inserted


def upsert_select(
    model: type[models.Model],
    fields: Sequence[str],
    select: str,
    params: Sequence[Any],
    *,
    unique: Sequence[str] = (),
    replace: Sequence[str] = (),
    add_up: Sequence[str] = (),
) -> None:
    """Insert what a statement of our own selects; what is there is replaced, or left.

    ``add_up`` are fields that the new values are added to instead.

    The statement ends with a GROUP BY or WHERE: after a bare FROM, SQLite takes what
    follows for the condition of a join.
    """
    connection = connections[router.db_for_write(model)]
    targets = [model._meta.get_field(name) for name in fields]
    statement = _insert(
        connection, model, targets, select, add_up, unique=unique, replace=replace
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def update_from_select(
    model: type[models.Model], field: str, rows: models.QuerySet
) -> int:
    """Set a field to what ``rows`` selects, in one statement; give how many changed.

    ``rows`` has two annotations in its ``values_list()``: ``key``, the primary key of
    the row of ``model``, and ``value``. It is sliced: a database that made one query
    of the two would work out each value twice.
    """
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    column = quote(model._meta.get_field(field).column)
    primary = f"{table}.{quote(model._meta.pk.column)}"
    select, params = rows.using(connection.alias).query.sql_with_params()
    key, value = f"found.{quote('key')}", f"found.{quote('value')}"
    found = f"({select}) found"
    parts = ["UPDATE", table, f"SET {column} = {value} FROM", found]
    if connection.vendor == "mysql":
        parts = ["UPDATE", f"{table}, {found} SET {table}.{column} = {value}"]
    parts.append(f"WHERE {primary} = {key} AND {table}.{column} <> {value}")
    with connection.cursor() as cursor:
        cursor.execute(" ".join(parts), params)
        return cursor.rowcount


def update_from_groups(
    rows: models.QuerySet, field: str, by: str, groups: tuple[str, Sequence[Any]]
) -> int:
    """Set a field of ``rows`` to what a statement gives for each, where it differs.

    ``groups`` are a statement with the columns ``who`` and ``value``, and its
    parameters; ``by`` is the field of the rows that ``who`` stands for. Gives how many
    changed. ``rows`` are chosen by their own columns, without a join.
    """
    model = rows.model
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    column, player = (quote(model._meta.get_field(name).column) for name in (field, by))
    select, params = groups
    compiler = rows.query.get_compiler(connection=connection)
    try:
        wanted, wanted_params = compiler.compile(rows.query.where)
    except EmptyResultSet:
        return 0
    found, is_same = f"({select}) found", f"{table}.{player} = found.who"
    if connection.vendor == "mysql":
        parts = ["UPDATE", f"{table} JOIN {found} ON {is_same}"]
        parts.append(f"SET {table}.{column} = found.value WHERE")
    else:
        parts = ["UPDATE", f"{table} SET {column} = found.value FROM {found}"]
        parts.append(f"WHERE {is_same} AND")
    parts.append(f"{table}.{column} <> found.value AND {wanted}")
    with connection.cursor() as cursor:
        cursor.execute(" ".join(parts), [*params, *wanted_params])
        return cursor.rowcount


@contextmanager
def database_settings(using: str, **settings: str) -> Iterator[None]:
    """Set what PostgreSQL calls configuration, for the block; others have none.

    The block is in a transaction, and stays in it.
    """
    connection = connections[using]
    if connection.vendor != "postgresql":
        yield
        return
    set_one = "SELECT current_setting(%s), set_config(%s, %s, true)"
    before = {}
    with connection.cursor() as cursor:
        for name, value in settings.items():
            cursor.execute(set_one, [name, name, value])
            before[name] = cursor.fetchone()[0]
    # Where the block raises, rolling back to its savepoint takes this back too.
    yield
    with connection.cursor() as cursor:
        for name, value in before.items():
            cursor.execute(set_one, [name, name, value])


def _insert(
    connection: Any,
    model: type[models.Model],
    fields: Sequence[models.Field],
    source: str,
    add_up: Sequence[str] = (),
    unique: Sequence[str] = (),
    replace: Sequence[str] = (),
) -> str:
    """Write the statement that inserts what ``source``, VALUES or a SELECT, gives."""
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    columns = [field.column for field in fields]
    is_mysql = connection.vendor == "mysql"
    changes = []
    for name in add_up:
        column = quote(model._meta.get_field(name).column)
        new = f"VALUES({column})" if is_mysql else f"EXCLUDED.{column}"
        changes.append(f"{column} = {table}.{column} + {new}")
    for name in replace:
        column = quote(model._meta.get_field(name).column)
        new = f"VALUES({column})" if is_mysql else f"EXCLUDED.{column}"
        changes.append(f"{column} = {new}")
    if not changes:
        conflict = OnConflict.IGNORE
        verb = connection.ops.insert_statement(on_conflict=conflict)
        suffix = connection.ops.on_conflict_suffix_sql(
            fields=columns, on_conflict=conflict, update_fields=[], unique_fields=[]
        )
    elif is_mysql:
        verb, suffix = "INSERT INTO", "ON DUPLICATE KEY UPDATE " + ", ".join(changes)
    else:
        keys = ", ".join(quote(model._meta.get_field(name).column) for name in unique)
        verb = "INSERT INTO"
        suffix = f"ON CONFLICT ({keys}) DO UPDATE SET {', '.join(changes)}"
    names = ", ".join(map(quote, columns))
    return f"{verb} {table} ({names}) {source} {suffix}"


class RandomUUID(models.Func):
    """A UUID that the database makes for each row, as its UUID columns hold them."""

    template = "%(function)s"
    output_field = models.UUIDField()
    arity = 0

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return "gen_random_uuid()", []

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return "lower(hex(randomblob(16)))", []

    def as_mysql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        if connection.features.has_native_uuid_field:
            return "UUID()", []
        return "REPLACE(UUID(), '-', '')", []
