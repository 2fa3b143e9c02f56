"""The short way for plain rows comes to the same record as the long one, or leaves the row to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bot.dossiers.intake import plain, storing
from bot.importing import RowError
from bot.importing_rows import Cells, RawRow, parse

from .conftest import CODE

AT = "2026-11-09T16:00:00.250+07:00"
FULL: dict[str, Any] = {
    "code": CODE,
    "procedure_code": "1.001193",
    "procedure_name": "Đăng ký khai sinh",
    "owner_name": "Nguyễn Thị Mây Hồng",
    "owner_phone": "0900001234",
    "owner_id_number": "068000000000",
    "slip_secret": "K7q2",
    "status": 4,
    "received_at": "2026-11-02T08:00:00+07:00",
    "due_at": AT,
    "finished_at": "2026-11-09T09:00:00Z",
    "returned_at": None,
    "agency": "Sở Tư pháp",
    "channel": "online",
    "return_method": "post",
    "upstream_status": None,
    "supplement": ["Tờ khai", "Bản sao"],
    "supplement_due_at": AT,
    "amount_due": 1_200_000,
    "payment_state": "paid",
    "postal_code": "EA123456789VN",
    "apology": {"reason": "Đo lại", "new_due_at": AT},
    "events": [{"status": 1, "at": AT}, {"status": 4, "at": AT, "note": "chuyển phòng chuyên môn"}],
    "something_else": {"a": [1, "b"]},
}
TEXTS = [
    "", " ", "An", " hai  khoảng trắng", "Nguyê\u0303n", "x" * 20, "x" * 39, "x" * 41, "x" * 81, "x" * 2000, "x" * 2001,
    "a\nb", "a\r\nb", "a\rb;c", "a\u200bb", "\u200b", "a\tb", "a\x00b", "a\u2028", "\ud800", "“ngoặc” \\ \"kép\"", "-",
    "K-7q", "0900001234", "84900001234", "+84 900 001 234", "900001234", "0" * 16, "012345678", "０９００００１２３４",
    "abc", "abc1", "online", " online", "counter", "unpaid", "1.200.000", "12", "null",
]  # fmt: skip
TIMES = [
    AT, "2026-11-20", "2026-11-20 17:00", "20/11/2026 17:00", "2026-11-20T17:00:00.5+07:00", "2026-11-02",
    " 2026-11-20T17:00:00Z ", "2026-11-20T17:00:00z", "2026-11-20\u200b17:00:00", "2026-11-20\x0017:00:00", "mai",
    "1999-12-31T17:00:00Z", "1999-12-31T16:59:59Z", "2200-01-01T00:00:00Z", "9999-12-31T23:00:00Z", "0001-01-01",
    "2026-11-20T17:00:00+07:00:30", "2026-11-20T24:00:00Z", "2026-11-20T17:00:00.123456Z",
]  # fmt: skip
CODES = [
    CODE.lower(), f" {CODE}", f"{CODE}\n", "H36.12–261102–0001", "12.H36.5-261102-12345678", "H36-251332-0001",
    "1.012796", "H36-261102-0001", "H36.12-171102-0001", "hs H36.12-261102-0001", "H３6.12-261102-0001",
    "123.123.123.123.H36.123.123.123.123-261102-12345678", "H36.12.261102.0001",
]  # fmt: skip
ODD = [
    None, True, False, 0, 1, 10, 11, -1, 4.0, 1.5, 10**13, 10**13 + 1, 10**30, float("nan"), float("inf"), [], {},
    ["a", ""], ["a", None], [1], ["x" * 2001], [[]], {"a": 1}, [{}],
]  # fmt: skip
VALUES = [*TEXTS, *TIMES, *CODES, *ODD]


def variants() -> Iterator[dict[str, Any]]:
    """The full row, with each field left out, and with each field as everything that was ever seen in one."""
    for name in FULL:
        yield {field: value for field, value in FULL.items() if field != name}
        yield from ({**FULL, name: value} for value in VALUES)
    for name in ("status", "at", "note"):
        first, last = FULL["events"]
        yield from ({**FULL, "events": [first, {**last, name: value}]} for value in VALUES)
        yield {**FULL, "events": [{field: value for field, value in last.items() if field != name}]}
    for name in ("reason", "new_due_at"):
        yield from ({**FULL, "apology": {**FULL["apology"], name: value}} for value in VALUES)
    yield {**FULL, "events": [FULL["events"][0]] * 2}
    yield {**FULL, "events": [FULL["events"][0]] * 501}


def same(line: RawRow) -> bool:
    """Check that the short way does nothing else than the long one; tell whether it did anything."""
    short = plain.read(line)
    if short is None:
        return False
    try:
        long = storing.check(parse(line))
    except RowError as error:
        pytest.fail(f"{line!r} is refused the long way: {error}")
    assert short == long, line
    assert short.fingerprint == long.fingerprint, line
    return True


@pytest.mark.parametrize("escaped", [False, True])
def test_both_ways_come_to_the_same_record(escaped: bool) -> None:
    lines = [json.dumps(row, ensure_ascii=escaped).encode("utf-8", "surrogatepass") for row in variants()]
    went_short = sum(map(same, lines))
    assert went_short > 400 and len(lines) - went_short > 1000


def test_both_ways_read_the_cells_of_a_table_alike() -> None:
    def cell(value: Any) -> Any:
        return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value

    for kind in (cell, lambda value: None if value is None else str(cell(value))):  # Excel knows numbers, CSV does not
        rows = [Cells(list(row), [kind(value) for value in row.values()]) for row in variants()]
        went_short = sum(map(same, rows))
        assert went_short > 300 and len(rows) - went_short > 1000


@pytest.mark.parametrize(
    "value",
    [b'"\\x"', b'"\\ud800"', b'"\xff"', b'"\xed\xa0\x80"', b'"\x01"', b"01", b"NaN", b"1e999", b"[}", b"tru",
     b"[" * 3000 + b"]" * 3000, b"[" * 900 + b"]" * 900, b'{"a": 1, "a": 2}', b'"x", "status": 9', b"'x'", b""],
)  # fmt: skip
def test_what_stands_in_other_fields_counts_too(value: bytes) -> None:
    for name in (b"other", b"o\xfe", b"o\\ud800", b"code"):
        same(b'{"code": "%b", "status": 4, "%b": %b}' % (CODE.encode(), name, value))
    same(b'{"code": "%b", "status": 4} %b' % (CODE.encode(), value))


@pytest.mark.parametrize("escaped", [False, True])
def test_rows_as_programs_write_them_go_the_short_way(escaped: bool) -> None:
    least = {"code": CODE, "status": 1}
    for row in (FULL, least, {**dict.fromkeys(FULL), **least}):
        assert plain.read(json.dumps(row, ensure_ascii=escaped).encode()) is not None
