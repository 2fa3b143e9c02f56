"""Records of dossiers and reports of the post: the short way reads what the long way reads, errors name fields only."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.dossiers import codes
from bot.dossiers.intake import plain, records, storing
from bot.dossiers.intake.events import check_events
from bot.dossiers.intake.reviews import _fingerprint, _storable
from bot.importing import RowError
from bot.importing_rows import parse
from bot.pickups.post import marks, reports, tracking
from bot.pickups.post.marks import Mark
from fuzz.strategies import any_json, any_text, damaged, dumped, few, mixed
from fuzz.test_imports import DOSSIER, SECRET
from fuzz.test_service_answers import EVENT

PLAIN = {
    "code": "H36.12-261105-0001", "status": 4, "owner_name": "Trần Văn Ví Dụ", "owner_phone": "0900001234",
    "received_at": "2026-11-05T08:00:00+07:00", "due_at": "2026-11-20T17:00:00+07:00", "supplement": ["Tờ khai"],
    "amount_due": 50_000, "slip_secret": "AB12CD", "channel": "online",
    "apology": {"reason": "chờ ý kiến", "new_due_at": "2026-11-25T17:00:00+07:00"},
    "events": [{"status": 1, "at": "2026-11-05T08:00:00Z", "note": "đã nộp"}],
}  # fmt: skip
WIDTHS = {column.name: getattr(column.type, "length", None) for column in storing.Dossier.__table__.columns}
moments = mixed("2026-11-05", "T", "08:00", ":00", ".1234567", "Z", "+07:00", "+0700", "31/12/2026", " ", "9999", "-")


@few(2)
@given(damaged(PLAIN, DOSSIER))
def test_both_ways_give_the_same_record(row: Any) -> None:
    raw = dumped(row)
    short = plain.read(raw)
    try:
        whole = storing.check(parse(raw))
    except RowError as error:
        assert short is None, error
        return
    assert short is None or (short.values, short.events, short.fingerprint) == (
        whole.values, whole.events, whole.fingerprint,
    )  # fmt: skip
    for name, value in whole.values.items():
        assert not isinstance(value, str) or WIDTHS[name] is None or len(value) <= WIDTHS[name], name


def test_the_short_way_takes_the_plain_example() -> None:
    assert plain.read(dumped(PLAIN)) is not None and plain.read(dumped(DOSSIER)) is None


@few()
@given(st.lists(damaged(DOSSIER["events"][0]), max_size=4))  # type: ignore[index]
def test_the_events_of_a_record_are_checked_and_have_ids_of_their_own(rows: list[Any]) -> None:
    try:
        found = list(check_events(rows))
    except RowError as error:
        assert len(str(error)) < 200
    else:
        assert len({event.event_id for event in found}) == len(rows)


@few()
@given(damaged(EVENT), st.sampled_from(list(EVENT)), st.booleans())
def test_a_report_of_the_post_fits_or_names_its_field(row: Any, key: str, told: bool) -> None:
    if not isinstance(row, dict):
        return
    if told:
        row[key] = SECRET
    try:
        found = reports.check(row)
    except RowError as error:
        assert SECRET not in str(error) and len(str(error)) < 200
    else:
        assert found.state in reports.REPORTABLE and found.at.tzinfo is not None
        assert found.tracking is None or tracking.normalise(found.tracking) == found.tracking


@few()
@given(any_json | moments)
def test_a_moment_is_of_our_centuries_or_a_row_error(value: Any) -> None:
    try:
        found = records.moment({"at": value}, "at")
    except RowError as error:
        assert str(error).startswith("at ")
    else:
        assert found is None or 1999 <= found.year <= 2200


@few()
@given(any_text | mixed("H36", ".", "12", "-", "261105", "0001", "hs ", "gạch", "chấm"))
def test_a_code_in_its_standard_form_is_its_own(text: str) -> None:
    found = codes.normalise(text, future=True)
    if found is not None:
        assert codes.normalise(found, future=True) == found and len(found) <= codes.LONGEST
    assert len(codes.without_codes(text)) == len(text)


@few()
@given(any_text | mixed("EB", "125966888", "VN", " ", ".", "-", "eb"))
def test_a_number_of_a_parcel_is_its_own(text: str) -> None:
    found = tracking.normalise(text)
    if found is not None:
        assert tracking.normalise(found) == found and 4 <= len(found) <= tracking.LONGEST
    assert tracking.warning(found) in (None, tracking.WRONG_DIGIT)
    assert tracking.warning(text) in (None, tracking.WRONG_DIGIT)


@few()
@given(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}", fullmatch=True), st.integers(1, 999))
def test_any_number_that_the_post_may_give_is_read_back(name: str, revision: int) -> None:
    written = Mark(marks.PLACED, revision, name).written()
    assert len(written) <= 60 and marks.read(written) == Mark(marks.PLACED, revision, name)


@few()
@given(any_json)
def test_what_is_kept_for_review_can_be_stored(payload: Any) -> None:
    kept = _storable(payload)
    assert _storable(kept) == kept and len(_fingerprint(None, "bad_row", kept)) == 64
