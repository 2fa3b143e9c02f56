"""Rows of a large file are checked and put into the form in which the database takes them in bulk.

A million rows are more than one processor checks in the time we have: `checked` shares them out among processes,
while the database writes what is checked already.
"""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec

from bot.db.sealed import ColumnSealer, Sealed
from bot.dossiers.intake import plain, records, storing
from bot.dossiers.intake.records import UnknownStatusError
from bot.dossiers.models import Dossier
from bot.importing import RowError
from bot.importing_rows import Chunk, RawRow, parse, rows_of

WORKERS = 2  # the database, the third at work, is the slower side with more
AHEAD = 8  # chunks that wait to be checked or written: some 20 MB
RAW_SHOWN = 2_000  # characters of a row that cannot be read, or
LONGEST_KEPT = 20_000  # is longer than this

# What a record says, in the order of the columns.
VALUES = tuple(
    column.name for column in Dossier.__table__.columns if column.name not in ("id", "fingerprint", "updated_at")
)
DOSSIER_COLUMNS = (*VALUES, "fingerprint")
EVENT_COLUMNS = ("event_id", "status", "at", "note")

# Bulk writing goes past the types of the columns.
_PURPOSES = {
    column.name: column.type.purpose for column in Dossier.__table__.columns if isinstance(column.type, Sealed)
}
_SEALED = tuple(name for name in VALUES if name in _PURPOSES)

_values_of = itemgetter(*VALUES)
_encode = msgspec.json.Encoder().encode


class Good(NamedTuple):
    """A checked row; its columns and those of each event are lists of JSON, as the database can take them in bulk."""

    line: int
    code: str
    fingerprint: str
    columns: bytes
    events: list[bytes]


@dataclass(frozen=True)
class Refused:
    """A bad row: why, and what a person needs to look into it. Holds personal data."""

    line: int
    reason: str
    kind: str  # one of bot.dossiers.intake.models.REASONS
    code: str | None = None
    payload: Any = field(default=None, repr=False)


@dataclass(repr=False)
class Checked:
    """A chunk of checked rows, in the order of the file."""

    good: list[Good] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


class CheckingEnded(RuntimeError):
    """A checking process ended before its work was done: killed, or out of memory."""


def checked(chunks: Iterable[Chunk], sealer: ColumnSealer, *, processes: bool) -> Generator[Checked, None, None]:
    """Yield chunks of rows checked and sealed, in their order; with `processes` beside this one, for a large file.

    Raises CheckingEnded when one of them dies.
    """
    if not processes:
        yield from (check_chunk(chunk, sealer) for chunk in chunks)
        return
    workers = min(WORKERS, len(os.sched_getaffinity(0)))
    # Not forked: this process has threads (a progress bar) and an open database.
    pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_prepare_process)
    waiting: deque[Future[Checked]] = deque()
    try:
        for chunk in chunks:
            waiting.append(pool.submit(check_chunk, chunk, sealer))
            if len(waiting) >= AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise CheckingEnded("a checking process ended early") from error
    finally:
        pool.shutdown(cancel_futures=True)


def check_chunk(chunk: Chunk, sealer: ColumnSealer) -> Checked:
    """Check the rows of a chunk, and seal what is stored sealed."""
    done = Checked()
    for line, raw in rows_of(chunk):
        record = plain.read(raw)
        row = None
        try:
            if record is None:
                row = parse(raw)
                record = storing.check(row)
        except RowError as error:
            done.refused.append(_refused(line, raw, row, error))
            continue
        values, mark = {**record.values}, record.fingerprint
        values["supplement"] = _encode(values["supplement"]).decode()  # a column of JSON
        mark = sealer.seal(mark, _PURPOSES["fingerprint"])
        for name in _SEALED:
            if values[name]:
                values[name] = sealer.seal(values[name], _PURPOSES[name])
        columns = _encode((*_values_of(values), mark))
        events = [_encode((event.event_id, event.status, event.at, event.note)) for event in record.events]
        done.good.append(Good(line, values["code"], mark, columns, events))
    return done


def _refused(line: int, raw: RawRow, row: dict[str, Any] | None, error: RowError) -> Refused:
    kind = "unknown_status" if isinstance(error, UnknownStatusError) else "bad_row"
    code = None
    with suppress(RowError):
        code = records.dossier_code(row and row.get("code"))
    if row is not None and len(str(row)) <= LONGEST_KEPT:
        return Refused(line, str(error), kind, code, row)
    text = raw[: 4 * RAW_SHOWN].decode(errors="replace") if isinstance(raw, bytes) else str(row or raw[0])
    return Refused(line, str(error), kind, code, {"raw": text[:RAW_SHOWN]})


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)


def _prepare_process() -> None:
    """Let Ctrl-C end the parent only, which stops the others in order; and end with it when it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(10)  # the database, which is the slower side, and a running server come first
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.set_threshold(200_000)  # rows make no cycles; looking for them takes a tenth of the time
