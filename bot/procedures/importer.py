"""The import file `procedures` (contract §5): rows of the national export become rows of the catalogue.

The export knows everything as text of its portal. What it says is carried over as dated facts with the status
"partial"; what it only seems to say is not: "Miễn phí" is its default where the province sets the fee.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from bot.importing import Report, RowError, fingerprint
from bot.procedures.export_facts import facts_of
from bot.procedures.models import YES_NO_ASK
from bot.procedures.names import sentence_case
from bot.procedures.records import ProcedureRecord, write

_CODE = re.compile(r"^\d{1,2}\.\d{6}(?:\.[A-Z]\d{2})?$")
_TEXTS = ("field", "ministry", "agency", "decision", "url", "as_of", "online_level")
_LISTS = ("levels", "local_levels_2025", "applicants", "channels", "documents", "legal_basis", "results", "aliases")
_LISTS_OF_TEXTS = ("levels", "local_levels_2025")
_LONGEST = {"as_of": 10, "online_level": 20}


class ProcedureImporter:
    """Checks and writes the rows of a `procedures` file."""

    def check(self, row: dict[str, Any]) -> ProcedureRecord:
        """Return the row as a record; raises RowError that says what is wrong."""
        code, name = row.get("code"), row.get("name")
        if not isinstance(code, str) or not _CODE.match(code):
            raise RowError("thiếu mã thủ tục, hoặc mã không có dạng 1.001193")
        if not isinstance(name, str) or not name:
            raise RowError(f"{code}: thiếu tên thủ tục (name)")
        _check_kinds(code, row)
        columns = {key: row.get(key) for key in _TEXTS}
        # In the row too: its fingerprint then tells a catalogue that still shouts from one that does not.
        row = row | {"name": sentence_case(name)}
        columns["name"] = row["name"]
        columns["source_title"] = "Cổng Dịch vụ công quốc gia" if row.get("url") else None
        columns["levels"] = row.get("levels") or row.get("local_levels_2025") or []
        columns["legal_basis"] = [str(item) for item in row.get("legal_basis") or []]
        for key in ("bcci_collect", "bcci_return", "proxy"):
            columns[key] = row.get(key) or "ask"
            if columns[key] not in YES_NO_ASK:
                raise RowError(f"{code}: {key} chỉ nhận yes, no hoặc ask")
        # As a number also where the file is CSV: the same row has the same fingerprint in every kind of file.
        row = row | {"popularity": _popularity(code, row.get("popularity", 0))}
        columns["popularity"] = row["popularity"]
        columns["valid_from"] = _day(code, row, "valid_from")
        columns["valid_to"] = _day(code, row, "valid_to")
        return ProcedureRecord(
            code=code,
            origin="import",
            fingerprint=fingerprint(row),
            columns=columns,
            aliases=tuple(dict.fromkeys(str(alias) for alias in row.get("aliases") or [] if alias)),
            facts=tuple(facts_of(row)),
        )

    def key(self, record: ProcedureRecord) -> str:
        """Return the code: unique in a file."""
        return record.code

    def write(self, session: Session, records: list[ProcedureRecord], report: Report) -> None:
        """Store the records."""
        write(session, records, report)


def _check_kinds(code: str, row: dict[str, Any]) -> None:
    """Raise RowError where a value is not of the kind that its column takes."""
    for key in _TEXTS:
        value = row.get(key)
        if value is not None and not isinstance(value, str):
            raise RowError(f"{code}: {key} phải là chữ")
        if value and len(value) > _LONGEST.get(key, 4000):
            raise RowError(f"{code}: {key} dài quá {_LONGEST.get(key, 4000)} ký tự")
    for key in _LISTS:
        if row.get(key) is not None and not isinstance(row[key], list):
            raise RowError(f"{code}: {key} phải là một danh sách")
    for key in _LISTS_OF_TEXTS:
        if any(not isinstance(item, str) for item in row.get(key) or []):
            raise RowError(f"{code}: mỗi mục của {key} phải là chữ")
    if not isinstance(row.get("steps") or [], (str, list)):
        raise RowError(f"{code}: steps phải là chữ hoặc một danh sách")
    for key in ("channels", "documents"):
        if any(not isinstance(item, dict) for item in row.get(key) or []):
            raise RowError(f"{code}: mỗi mục của {key} phải là một đối tượng")


def _popularity(code: str, value: Any) -> int:
    if isinstance(value, str) and value.isdecimal() and len(value) < 4:
        value = int(value)  # every cell of a CSV file is text
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100:
        raise RowError(f"{code}: popularity phải là số từ 0 đến 100")
    return value


def _day(code: str, row: dict[str, Any], key: str) -> date | None:
    value = row.get(key)
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value).removesuffix(" 00:00:00"))  # a date cell of Excel has a time
    except ValueError as error:
        raise RowError(f"{code}: {key} phải là ngày dạng 2026-11-22") from error
