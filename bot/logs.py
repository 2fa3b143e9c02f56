"""Log lines: the moment in UTC, the kind of thing, ids of rows; never what somebody wrote."""

from __future__ import annotations

import logging
import time
from typing import Any

import msgspec

_TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"
_TIME = "%Y-%m-%dT%H:%M:%SZ"
# What every record has; whatever else is on one was given as `extra`, and belongs into the line.
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """One JSON object a line, for machines that gather logs."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; an exception is where it was raised, without its text."""
        line: dict[str, Any] = {
            "at": self.formatTime(record, _TIME),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **{name: value for name, value in vars(record).items() if name not in _USUAL},
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line, enc_hook=str).decode()


def set_up(level: str, form: str) -> None:
    """Write to the standard error from now on, as `form` ("text" or "json")."""
    formatter: logging.Formatter = JsonLines() if form == "json" else logging.Formatter(_TEXT, _TIME)
    formatter.converter = time.gmtime
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Each address that is called would be a line: with tokens in it, or where a citizen's photo lies.
    for name in ("httpx", "httpcore", "urllib3"):
        logging.getLogger(name).setLevel(logging.WARNING)
