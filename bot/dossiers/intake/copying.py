"""COPY, PostgreSQL's way in for many rows; rows are lists of JSON, which are nearly lines of CSV."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

BLOCK = 256 * 1024  # bytes handed to the driver at once; its 8 KB would switch between the two sides all the time

_ESCAPED = re.compile(rb"\\(.)")


def copy(session: Session, table: str, columns: Sequence[str], rows: Iterable[bytes]) -> None:
    """Write rows into a table; each is the JSON of its columns without the brackets.

    Raises sqlalchemy.exc.IntegrityError for a row that the table does not take, OperationalError for anything else.
    """
    data = b"\n".join(rows)
    if b"\\n" in data:
        # The quote and the backslash are escaped alike in both; a new line stands as it is in CSV.
        data = _ESCAPED.sub(lambda found: b"\n" if found[1] == b"n" else found[0], data)
    connection = session.connection()
    dialect = connection.dialect
    command = f"COPY {table} ({', '.join(columns)}) FROM STDIN WITH (FORMAT csv, NULL 'null', ESCAPE '\\')"
    try:
        with connection.connection.cursor() as cursor:
            cursor.copy_expert(command, io.BytesIO(data), size=BLOCK)
    except dialect.dbapi.Error as error:
        kind: type[DBAPIError] = IntegrityError if isinstance(error, dialect.dbapi.IntegrityError) else OperationalError
        raise kind(command, None, error, hide_parameters=True) from error
