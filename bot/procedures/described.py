"""Described procedures: a record of a content file, checked, becomes a row of the catalogue with its dated facts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot import links
from bot.content_files import ContentError, Mapping, line_of, read_yaml, shaped
from bot.dated_facts import Clauses, Fact, FactError, read_day, read_facts
from bot.importing import fingerprint
from bot.procedures.cases import CaseError, checked_cases, options
from bot.procedures.models import ASPECTS, YES_NO_ASK
from bot.procedures.records import ProcedureRecord
from bot.settings import CONTENT

FOLDER = CONTENT / "procedures" / "described"
CLAUSES = CONTENT / "procedures" / "clauses.yml"
# What every record has to answer; the basis is made from its list, and `proxy` may be unknown.
NEEDED_ASPECTS = tuple(aspect for aspect in ASPECTS if aspect not in ("legal_basis", "proxy"))
_COLUMNS = (
    "name", "field", "ministry", "levels", "agency", "decision", "as_of", "online_level", "popularity",
    "bcci_collect", "bcci_return", "proxy", "legal_basis", "in_person", "joined", "mistakes", "cases",
)  # fmt: skip
_OTHERS = ("code", "aliases", "source", "checked_by", "checked_at", "review_by", "facts")
_NEEDED = ("code", "name", "source", "as_of", "checked_by", "checked_at", "review_by", "facts")
_ASK_PROXY = "Dạ, em chưa có quy định rõ về việc nhờ người đi thay. Anh/chị hỏi nơi nhận hồ sơ trước khi đi giúp em."


def described(folder: Path = FOLDER) -> Iterator[ProcedureRecord]:
    """Yield the described procedures of every file in `folder`.

    Raises ContentError for the first record that does not fit.
    """
    clauses = read_clauses()
    for path in files(folder):
        for row in rows_of(path):
            yield record(path, row, clauses)


def files(folder: Path = FOLDER) -> list[Path]:
    """Return the files of described procedures, in order."""
    return sorted(folder.glob("*.yml"))


def rows_of(path: Path) -> list[Mapping]:
    """Return the records of a file as they are written; raises ContentError when it is no list of records."""
    rows = read_yaml(path)
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise ContentError(path, 1, "tệp phải là danh sách thủ tục, mỗi thủ tục bắt đầu bằng “- code:”")
    return rows


def read_clauses(path: Path = CLAUSES) -> Clauses:
    """Return the sentences that records share; raises ContentError."""
    found = read_yaml(path)
    with shaped(path, 1):
        return Clauses(dict(found["items"]), dict(found["facts"]))


def record(path: Path, row: Mapping, clauses: Clauses) -> ProcedureRecord:
    """Return one record as a row of the catalogue; raises ContentError that names the line."""
    with shaped(path, row.line):
        return _record(path, row, clauses)


def _record(path: Path, row: Mapping, clauses: Clauses) -> ProcedureRecord:
    _check_keys(path, row)
    source = row["source"] or {}
    if source.get("url"):
        links.check(path, line_of(source, row.line), source["url"])
    columns = {key: row[key] for key in _COLUMNS if key in row}
    columns |= {"url": source.get("url"), "source_title": source.get("title")}
    try:
        columns["cases"] = checked_cases(row.get("cases"))
        defaults = _defaults(row)
    except (CaseError, FactError) as error:
        raise ContentError(path, line_of(row.get("cases"), row.line), f"{row['code']}: {error}") from error
    return ProcedureRecord(
        code=row["code"],
        origin="content",
        fingerprint=fingerprint({**row, "clauses": [clauses.items, clauses.facts]}),
        columns=columns,
        aliases=tuple(dict.fromkeys(row.get("aliases") or [])),
        facts=tuple(_as_row(aspect, fact) for aspect, fact in _facts(path, row, defaults, clauses)),
    )


def _check_keys(path: Path, row: Mapping) -> None:
    code = row.get("code", "?")
    unknown = set(row) - {*_COLUMNS, *_OTHERS}
    if unknown:
        raise ContentError(path, row.line, f"{code}: không có mục {', '.join(sorted(unknown))}; xem docs/content.md")
    missing = [key for key in _NEEDED if not row.get(key)]
    if missing:
        raise ContentError(path, row.line, f"{code}: thiếu {', '.join(missing)}")
    for key in ("bcci_collect", "bcci_return", "proxy"):
        if row.get(key, "ask") not in YES_NO_ASK:
            raise ContentError(path, row.line, f'{code}: {key} chỉ nhận "yes", "no" hoặc "ask", viết trong nháy')
    if not isinstance(row["facts"], Mapping):
        raise ContentError(path, row.line, f"{code}: facts phải là các khía cạnh, mỗi khía cạnh một nhóm")


def _defaults(row: Mapping) -> Fact:
    """Return what a fact of this record takes over when it does not say it itself."""
    return Fact(
        text="",
        legal_basis=tuple(map(str, row.get("legal_basis") or ())),
        as_of=row.get("as_of"),
        checked_by=row.get("checked_by"),
        checked_at=read_day(row.get("checked_at"), "checked_at"),
        review_by=read_day(row.get("review_by"), "review_by"),
    )


def _facts(path: Path, row: Mapping, defaults: Fact, clauses: Clauses) -> Iterator[tuple[str, Fact]]:
    for aspect, raw in row["facts"].items():
        at = line_of(raw, row.line)
        if aspect not in ASPECTS:
            raise ContentError(path, at, f"{row['code']}: không có khía cạnh {aspect!r}; có: {', '.join(ASPECTS)}")
        try:
            found = read_facts(raw, defaults, clauses)
            _check_cases(found, row.get("cases"))
        except FactError as error:
            raise ContentError(path, at, f"{row['code']}, {aspect}: {error}") from error
        yield from ((aspect, fact) for fact in found)
    if "legal_basis" not in row["facts"] and defaults.legal_basis:
        decision = [f"Quyết định công bố: {row['decision']}"] if row.get("decision") else []
        yield "legal_basis", _made(defaults, "Dạ, thủ tục này làm theo:", [*defaults.legal_basis, *decision])
    if "proxy" not in row["facts"] and row.get("proxy", "ask") == "ask":
        yield "proxy", _made(defaults, _ASK_PROXY, [])


def _made(defaults: Fact, text: str, items: list[str]) -> Fact:
    return Fact(**{**defaults.__dict__, "text": text, "items": tuple(items)})


def _check_cases(facts: list[Fact], cases: Mapping | None) -> None:
    """Refuse a case that the record does not ask about, and an aspect that answers some of its cases only."""
    answered = {fact.case for fact in facts} - {None}
    if not answered:
        return
    own = {option.id for option in options(cases) if option.procedure is None}
    if answered - own:
        raise FactError(f"case {', '.join(sorted(map(str, answered - own)))} không có trong cases của thủ tục")
    if own - answered and not any(fact.case is None for fact in facts):
        raise FactError(f"chưa trả lời trường hợp {', '.join(sorted(own - answered))}")


def _as_row(aspect: str, fact: Fact) -> dict[str, Any]:
    return {
        "aspect": aspect,
        "case_id": fact.case,
        "body": {"text": fact.text, "items": list(fact.items)},
        "status": fact.status,
        "valid_from": fact.valid_from,
        "valid_to": fact.valid_to,
        "legal_basis": list(fact.legal_basis),
        "source": fact.source,
        "as_of": fact.as_of,
        "checked_by": fact.checked_by,
        "checked_at": fact.checked_at,
        "review_by": fact.review_by,
    }
