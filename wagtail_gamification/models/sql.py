"""One statement that the ORM lacks: ``INSERT … SELECT``."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connections, models, router
from django.db.models.constants import OnConflict


def insert_from_select(
    model: type[models.Model], fields: Sequence[str], rows: models.QuerySet
) -> int:
    """Insert what ``rows`` selects, in one statement, and give how many went in.

    ``rows`` is a ``values_list()`` whose columns stand in the order of ``fields``
    (names of concrete fields of ``model``). A row that a unique constraint refuses
    is left out, so that running it twice, or twice at once, is harmless. Every
    column without a default in the database must be named. No signal is sent.
    """
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    columns = [model._meta.get_field(name).column for name in fields]
    select, params = rows.using(connection.alias).query.sql_with_params()
    statement = " ".join(
        [
            connection.ops.insert_statement(on_conflict=OnConflict.IGNORE),
            quote(model._meta.db_table),
            f"({', '.join(map(quote, columns))})",
            select,
            connection.ops.on_conflict_suffix_sql(
                fields=columns,
                on_conflict=OnConflict.IGNORE,
                update_fields=[],
                unique_fields=[],
            ),
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.rowcount
