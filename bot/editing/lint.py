"""Checks the content files without a database: every mistake with its file and line, all at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bot import links
from bot.content_files import ContentError, Mapping, line_of, read_yaml
from bot.dated_facts import Clauses
from bot.editing import account_texts, link_lint, voice
from bot.editing.faults import Problem, of_error
from bot.general_questions import questions
from bot.legal_events import FILE as EVENTS
from bot.legal_events import read_event
from bot.procedures import described, everyday
from bot.procedures.content import known_codes
from bot.procedures.needs import FILE as NEEDS
from bot.procedures.records import ProcedureRecord
from bot.procedures.wording import ASPECT_TITLES

LONGEST_NAME, FEWEST_ALIASES, MISTAKES = 90, 5, (2, 4)


def lint(folder: Path = described.FOLDER) -> list[Problem]:
    """Return everything that is wrong with the shipped content, file by file."""
    try:
        clauses = described.read_clauses()
    except ContentError as error:
        return [of_error(error)]
    found: list[Problem] = []
    seen: dict[str, str] = {}
    for path in described.files(folder):
        try:
            rows = described.rows_of(path)
        except ContentError as error:
            found.append(of_error(error))
            continue
        for row in rows:
            code = str(row.get("code"))
            if code in seen:
                found.append(Problem(path.name, row.line, f"{code}: đã có ở {seen[code]}; bỏ một bản"))
            seen[code] = f"{path.name}, dòng {row.line}"
            found += _procedure(path, row, clauses)
    return [*found, *_general_questions(), *_needs(), *_events(), *_links(), *account_texts.faults()]


def _procedure(path: Path, row: Mapping, clauses: Clauses) -> Iterator[Problem]:
    try:
        record = described.record(path, row, clauses)
    except ContentError as error:
        yield of_error(error)
        return
    held = {fact["aspect"] for fact in record.facts}
    missing = [aspect for aspect in described.NEEDED_ASPECTS if aspect not in held]
    if missing:
        yield _at(path, row, f"chưa có khía cạnh {', '.join(missing)}")
    if "proxy" not in held or "legal_basis" not in held:
        yield _at(path, row, "thiếu proxy (hoặc để proxy: ask) hay legal_basis")
    aliases = {*record.aliases, *everyday.everyday().get(record.code, everyday.NOTHING).aliases}
    if len(aliases) < FEWEST_ALIASES:
        yield _at(
            path, row, f"mới có {len(aliases)} tên gọi thường ngày, cần ít nhất {FEWEST_ALIASES} (thêm ở aliases/)"
        )
    if len(record.columns["name"]) > LONGEST_NAME:
        yield _at(path, row, f"tên dài quá {LONGEST_NAME} ký tự; đặt tên ngắn dễ hiểu")
    if not record.columns.get("in_person"):
        yield _at(path, row, "thiếu in_person: ai phải đến tận nơi, làm gì")
    mistakes = record.columns.get("mistakes") or []
    if not MISTAKES[0] <= len(mistakes) <= MISTAKES[1]:
        yield _at(path, row, f"mistakes cần {MISTAKES[0]}–{MISTAKES[1]} lỗi hay gặp")
    led_to = [option.get("procedure") for option in (record.columns.get("cases") or {}).get("options", ())]
    for code in [*(record.columns.get("joined") or []), *filter(None, led_to)]:
        if code not in known_codes():
            yield _at(path, row, f"mã {code} không có trong danh mục đi kèm; sửa lại mã hoặc bỏ")
    yield from _read_aloud(path, row, record)


def _read_aloud(path: Path, row: Mapping, record: ProcedureRecord) -> Iterator[Problem]:
    for text in filter(None, [record.columns.get("in_person"), *(record.columns.get("mistakes") or [])]):
        yield from _voice(path, row.line, record.code, text)
    for fact in record.facts:
        line = line_of(row["facts"].get(fact["aspect"]), row.line)
        where = f"{record.code}, {fact['aspect']}"
        text, items = fact["body"]["text"], tuple(fact["body"]["items"])
        if fact["aspect"] == "legal_basis":
            continue
        fault = voice.fee_without_basis(text, items, tuple(fact["legal_basis"]), fact["status"])
        if fact["aspect"] == "fee" and fault:
            yield Problem(path.name, line, f"{where}: {fault}")
        yield from _answer(path, line, where, text, items)


def _general_questions(path: Path = questions.FILE) -> Iterator[Problem]:
    try:
        rows = questions.rows_of(path)
    except ContentError as error:
        yield of_error(error)
        return
    topics = Counter(row.get("topic") for row in rows)
    for row in rows:
        try:
            question = questions.read_question(path, row)
        except ContentError as error:
            yield of_error(error)
            continue
        if topics[question.topic] > 1:
            yield Problem(path.name, row.line, f"topic {question.topic} có hai lần")
        if question.aspect is not None and question.aspect not in ASPECT_TITLES:
            yield Problem(path.name, row.line, f"{question.topic}: không có khía cạnh {question.aspect}")
        for fact in question.facts:
            yield from _answer(path, line_of(row["answer"], row.line), question.topic, fact.text, fact.items)


def _needs(path: Path = NEEDS) -> Iterator[Problem]:
    try:
        rows = read_yaml(path)
    except ContentError as error:
        yield of_error(error)
        return
    for row in rows:
        unknown = [code for code in row.get("offer") or () if code not in known_codes()]
        if unknown:
            yield Problem(path.name, row.line, f"mã {', '.join(unknown)} không có trong danh mục đi kèm")
        if not 2 <= len(row.get("offer") or ()) <= 5:
            yield Problem(path.name, row.line, "offer cần 2 đến 5 thủ tục")


def _events(path: Path = EVENTS) -> Iterator[Problem]:
    try:
        for row in read_yaml(path):
            read_event(path, row)
    except ContentError as error:
        yield of_error(error)


def _links() -> Iterator[Problem]:
    try:
        links.hosts()
    except ContentError as error:
        yield of_error(error)
        return
    for wrong in link_lint.unknown_links():
        yield Problem(wrong.path.name, wrong.line, links.unknown(wrong.link))


def _answer(path: Path, line: int, where: str, text: str, items: tuple[str, ...]) -> Iterator[Problem]:
    for fault in voice.faults_of_answer(text):
        yield Problem(path.name, line, f"{where}: {fault}")
    for piece in (text, *items):
        yield from _voice(path, line, where, piece)
    for hint in voice.advice_of_list(items):
        yield Problem(path.name, line, f"{where}: {hint}", is_error=False)


def _voice(path: Path, line: int, where: str, text: str) -> Iterator[Problem]:
    for fault in voice.faults(text):
        yield Problem(path.name, line, f"{where}: {fault}")
    for hint in voice.advice(text):
        yield Problem(path.name, line, f"{where}: {hint}", is_error=False)


def _at(path: Path, row: Mapping, text: str) -> Problem:
    return Problem(path.name, row.line, f"{row['code']}: {text}")
