"""Changes of state: in order, once, announced; odd ones are answered and kept; ids of record events are stable."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.dossiers import lookup
from bot.dossiers.intake import events, records, reviews, storing, upstream
from bot.dossiers.intake.events import RANK, Change, Reported
from bot.dossiers.intake.records import UnknownStatusError
from bot.dossiers.models import Dossier, DossierEvent
from bot.dossiers.notices.models import DossierNotice, DossierSubscription
from bot.dossiers.statuses import Status
from bot.importing import RowError

from .conftest import CODE, UNKNOWN

SOURCE = "token một cửa"
DAY = "2026-11-20T{:02}:00:00+07:00"


def event(status: Any, hour: int, event_id: str = "", **fields: Any) -> dict[str, Any]:
    return {"status": status, "at": DAY.format(hour), "event_id": event_id or f"e{hour}", **fields}


@pytest.fixture
def report(session: Session) -> Callable[..., Reported]:
    def _report(status: Any, hour: int, event_id: str = "", *, code: str = CODE, **fields: Any) -> Reported:
        return events.report(session, code, event(status, hour, event_id, **fields), SOURCE)

    return _report


@pytest.fixture
def follow(session: Session) -> None:
    session.add(DossierSubscription(asker="rest:c1", code=CODE, since=clock.now()))
    session.flush()


def dossier(session: Session) -> Dossier:
    found = lookup.find(session, CODE)
    assert found is not None
    return found


def told(session: Session) -> list[tuple[str, int]]:
    rows = session.execute(select(DossierNotice).order_by(DossierNotice.id)).scalars()
    return [(row.about, row.status) for row in rows]


def history(session: Session) -> dict[str, tuple[int, int]]:
    rows = session.execute(select(DossierEvent)).scalars()
    return {row.event_id: (row.id, row.status) for row in rows}


def kept(session: Session) -> list[str]:
    return [review.reason for review in reviews.listed(session)]


# --- one by one ---


def test_the_newest_event_moves_the_dossier_whatever_the_order(put: Callable[..., str], session: Session) -> None:
    steps = [event(4, 8), event(5, 9), event(9, 10)]
    for order in permutations(steps):
        put(status=2)
        for step in order:
            events.report(session, CODE, step, SOURCE)
        assert dossier(session).status == 9
        session.delete(dossier(session))
        session.flush()


def test_moved_and_announced_only_when_new_and_newest(
    put: Callable[..., str], report: Callable[..., Reported], session: Session, follow: None
) -> None:
    put(status=2)
    assert report(5, 9) == Reported(Change.NEW, True)
    assert report(5, 9) == Reported(Change.SAME)
    assert report(4, 8) == Reported(Change.NEW, False)
    assert report(5, 10, "e10", note="thêm một giấy nữa") == Reported(Change.NEW, True)
    assert told(session) == [("e9", 5), ("e10", 5)] and kept(session) == []


def test_an_event_that_a_record_has_told_is_history_but_no_news(
    put: Callable[..., str], report: Callable[..., Reported], session: Session, follow: None
) -> None:
    put(status=4)
    put(status=5, events=[{"status": 5, "at": DAY.format(9)}])
    assert report(5, 9, "e9", note="thiếu ảnh") == Reported(Change.NEW, False)
    assert len(told(session)) == 1


def test_the_same_id_with_other_content_is_refused_and_kept(
    put: Callable[..., str], report: Callable[..., Reported], session: Session
) -> None:
    put()
    report(5, 9, note="a")
    for changed in (report(6, 9, note="a"), report(5, 10, "e9", note="a"), report(5, 9, note="b"), report(5, 9)):
        assert (changed.change, changed.moved, changed.review) == (None, False, "event_differs")
    assert kept(session) == ["event_differs"] * 4 and dossier(session).status == 5


def test_an_event_of_no_dossier_is_refused_and_kept(report: Callable[..., Reported], session: Session) -> None:
    refused = report(5, 9, code=UNKNOWN)
    assert (refused.change, refused.review) == (None, "unknown_dossier") and refused.detail
    (review,) = reviews.listed(session)
    assert (review.code, review.source, review.payload) == (UNKNOWN, SOURCE, event(5, 9))


@pytest.mark.parametrize(("at", "taken"), [("2026-11-22T09:05:00+07:00", True), ("2026-11-22T09:05:01+07:00", False)])
def test_an_event_of_the_future_changes_nothing(
    put: Callable[..., str], session: Session, at: str, taken: bool
) -> None:
    put()
    reported = events.report(session, CODE, event(5, 9) | {"at": at}, SOURCE)
    assert (reported.change is Change.NEW) is taken and (reported.review == "future_event") is not taken
    assert dossier(session).status == (5 if taken else 4) and kept(session) == ([] if taken else ["future_event"])


def test_what_came_too_early_settles_when_it_is_sent_again(
    put: Callable[..., str], report: Callable[..., Reported], session: Session
) -> None:
    report(5, 9)
    assert kept(session) == ["unknown_dossier"]
    put()
    assert report(5, 9).moved and kept(session) == []


def test_every_state_has_its_rank() -> None:
    assert set(RANK) == set(map(int, Status))


@pytest.mark.parametrize("before", range(1, 11))
@pytest.mark.parametrize("after", range(1, 11))
def test_a_step_backwards_is_taken_and_kept(
    put: Callable[..., str], report: Callable[..., Reported], session: Session, before: int, after: int
) -> None:
    put(status=before)
    back = RANK[after] < RANK[before]
    reported = report(after, 9)
    assert reported.moved and reported.review == ("went_backwards" if back else None)
    assert dossier(session).status == after and kept(session) == (["went_backwards"] if back else [])


def test_an_older_event_of_a_lower_rank_is_no_step_backwards(
    put: Callable[..., str], report: Callable[..., Reported], session: Session
) -> None:
    put()
    report(9, 10)
    assert report(4, 8) == Reported(Change.NEW, False) and kept(session) == []


def test_a_dossier_taken_up_again_is_not_finished_any_more(
    put: Callable[..., str], report: Callable[..., Reported], session: Session
) -> None:
    put()
    report(10, 9)
    report(9, 10)
    assert dossier(session).returned_at is None and dossier(session).finished_at is not None
    report(4, 11)
    assert dossier(session).finished_at is None
    report(9, 12)
    assert dossier(session).finished_at == clock.parse(DAY.format(12))


def test_a_bad_field_is_no_review(put: Callable[..., str], session: Session) -> None:
    put()
    for bad in ({"at": ""}, {"event_id": ""}, {"status": ""}, {"event_id": "record:x"}, {"note": 7j}):
        with pytest.raises(RowError):
            events.report(session, CODE, event(5, 9) | bad, SOURCE)
    assert kept(session) == []


# --- states that we do not know ---


def name(session: Session) -> str | None:
    found: str | None = dossier(session).upstream_status
    return found


def test_an_unknown_state_is_kept_and_shown_until_a_known_one_follows(
    put: Callable[..., str], report: Callable[..., Reported], session: Session, follow: None
) -> None:
    put(status=4)
    refused = report("  Chờ\u200b\n liên  thông ", 10)
    assert (refused.change, refused.review) == (None, "unknown_status")
    assert (dossier(session).status, name(session)) == (4, "Chờ liên thông")
    assert report(5, 9).moved and name(session) == "Chờ liên thông", "the known one is older"
    assert report(6, 10, "e10b").moved and name(session) is None, "of the same moment: the known one counts"
    assert kept(session) == ["unknown_status"] and [about for about, _ in told(session)] == ["e9", "e10b"]


def test_an_unknown_state_that_comes_again_or_late_changes_nothing(
    put: Callable[..., str], report: Callable[..., Reported], session: Session
) -> None:
    put()
    report("Chờ A", 9)
    report(5, 10)
    report("Chờ A", 9)
    report("Chờ B", 8)
    assert name(session) is None and kept(session) == ["unknown_status"] * 2
    report("Chờ D", 12)
    report("Chờ C", 11)
    assert name(session) == "Chờ D", "the latest counts, not the last to arrive"


def test_an_unknown_state_of_the_future_names_nothing(
    put: Callable[..., str], report: Callable[..., Reported], session: Session
) -> None:
    put()
    events.report(session, CODE, event("Chờ A", 9) | {"at": "2027-01-01"}, SOURCE)
    assert name(session) is None and kept(session) == ["unknown_status"]
    report("Chờ B", 10)
    assert name(session) == "Chờ B"
    report(5, 11)
    assert name(session) is None, "what was said of the future does not stand in the way"


@pytest.mark.parametrize(
    ("status", "shown"),
    [(11, "11"), (0, "0"), ("x" * 100, "x" * 80), (4.5, "4.5"), (True, None), ([4], None), ({"a": 4}, None),
     ("\u200b", None)],
)  # fmt: skip
def test_only_a_word_or_number_names_a_state(
    put: Callable[..., str], report: Callable[..., Reported], session: Session, status: Any, shown: str | None
) -> None:
    put()
    assert report(status, 9).review == "unknown_status"
    assert name(session) == shown


def test_a_record_with_a_known_state_clears_the_unknown_one(
    put: Callable[..., str], report: Callable[..., Reported], session: Session
) -> None:
    put()
    report("Chờ A", 9)
    put()
    assert name(session) is None, "also when it is the record that was there before"
    put(upstream_status="Đang trình ký")
    assert name(session) == "Đang trình ký"
    report(5, 9, "e9b")
    assert name(session) is None


def test_a_record_of_an_unknown_state_names_it_from_now_on(put: Callable[..., str], session: Session) -> None:
    put()
    for _ in range(2):
        upstream.keep_unknown(session, CODE, {"status": "Chờ A"}, SOURCE, "…")
        assert name(session) == "Chờ A" and kept(session) == ["unknown_status"]
        put()
    upstream.keep_unknown(session, UNKNOWN, {"status": "Chờ A"}, SOURCE, "…")
    assert lookup.find(session, UNKNOWN) is None


@pytest.mark.parametrize("value", [0, 11, -1, 4.5, "x", "11", True, [], [4], {}, "4.0"])
def test_a_state_that_is_none_of_the_ten_is_told_from_a_missing_one(value: Any) -> None:
    with pytest.raises(UnknownStatusError, match="status phải là số từ 1 đến 10"):
        records.status({"status": value})


@pytest.mark.parametrize("row", [{}, {"status": None}, {"status": ""}])
def test_a_missing_state_is_only_a_bad_field(row: dict[str, Any]) -> None:
    with pytest.raises(RowError) as raised:
        records.status(row)
    assert not isinstance(raised.value, UnknownStatusError)


def test_an_unknown_state_inside_a_record_is_told_by_its_place(session: Session) -> None:
    with pytest.raises(UnknownStatusError, match="events, mục 2: status"):
        storing.put(session, CODE, {"status": 4, "events": [{"status": 1, "at": "2026-11-20"}, event(11, 9)]})


# --- inside a record ---


def test_ids_of_record_events_do_not_depend_on_their_place(put: Callable[..., str], session: Session) -> None:
    late = {"status": 4, "at": DAY.format(9), "note": "chuyển phòng"}
    put(events=[late])
    before = history(session)
    early = {"status": 2, "at": DAY.format(8)}
    put(events=[early, late])
    after = history(session)
    assert len(after) == 2 and before.items() <= after.items(), "the row and its id stay"
    put(events=[late, early])
    assert history(session) == after
    put(events=[late])
    assert history(session) == before


def test_an_exact_repeat_inside_a_record_has_an_id_of_its_own(put: Callable[..., str], session: Session) -> None:
    twice = {"status": 4, "at": DAY.format(9)}
    put(events=[twice, twice, {**twice, "note": "khác"}])
    ids = sorted(history(session))
    assert len(ids) == 3 and sum(one.endswith("#2") for one in ids) == 1 and max(map(len, ids)) <= 80


def test_what_was_reported_and_comes_back_in_a_record_is_not_doubled(
    put: Callable[..., str], report: Callable[..., Reported], session: Session
) -> None:
    put(events=[{"status": 4, "at": DAY.format(8)}])
    report(5, 9, note="thiếu ảnh")
    report(6, 9, "e9b")
    before = history(session)
    for number in range(3):
        record = lookup.full_record(dossier(session))
        storing.put(session, CODE, {**record, "agency": f"Sở {number}"})
        assert history(session) == before


# --- announcing ---


def test_a_record_announces_its_newest_event(put: Callable[..., str], session: Session, follow: None) -> None:
    first = {"status": 4, "at": DAY.format(8)}
    put(status=4, events=[first])
    assert told(session) == [], "a new dossier is no change"
    second = {"status": 5, "at": DAY.format(9), "note": "thiếu ảnh"}
    put(status=5, events=[first, second])
    ((about, status),) = told(session)
    assert status == 5 and history(session)[about][1] == 5
    put(status=5, events=[first, second], agency="Sở Ví Dụ")
    put(status=5, events=[{"status": 2, "at": DAY.format(7)}, first, second])
    assert len(told(session)) == 1, "another field, or an older step, is no change of state"
    put(status=5, events=[first, second, {**second, "at": DAY.format(10), "note": "thiếu chữ ký"}])
    assert len(told(session)) == 2


def test_a_new_state_without_an_event_is_announced(put: Callable[..., str], session: Session, follow: None) -> None:
    put(status=4)
    put(status=9)
    put(status=9)
    put(status=9, agency="Sở Ví Dụ")
    ((about, status),) = told(session)
    assert status == 9 and about.startswith("status:9:")
    with clock.frozen("2026-11-22T10:00:00+07:00") as now:
        put(status=10, events=[{"status": 2, "at": DAY.format(7)}])
        (at,) = session.execute(select(DossierNotice.at).where(DossierNotice.status == 10)).scalars()
        assert at == now, "the step it brings is not the one to its state"


def test_what_was_told_of_an_event_is_not_told_again_of_its_record(
    put: Callable[..., str], report: Callable[..., Reported], session: Session, follow: None
) -> None:
    put(status=4)
    report(5, 9, note="thiếu ảnh")
    put(status=5, events=[{"status": 5, "at": DAY.format(9), "note": "thiếu ảnh thẻ"}])
    assert told(session) == [("e9", 5)]


def test_two_reports_of_one_minute_leave_the_later_state(session: Session, put: Callable[..., str]) -> None:
    code = put()
    for event_id, status in (("done", 9), ("before", 4)):
        events.add_event(session, code, {"status": status, "at": "2026-11-20T09:00:00+07:00", "event_id": event_id})
    view = lookup.view(session, code)
    assert view is not None and view.status == 9


@pytest.mark.parametrize(
    "at",
    [
        "2026-11-20T09:00:00.1234567+07:00",
        "2026-11-20T09:00:00.5+07:00",
        "2026-11-20T02:00:00.5Z",
        "2026-11-20T09:00:00+0700",
        "2026-11-20T09:00:00.123+0700",
        "2026-11-20T09:00:00",
    ],
)
def test_times_are_taken_as_other_languages_write_them(at: str) -> None:
    found = records.moment({"at": at}, "at")
    assert found is not None and found.replace(microsecond=0) == clock.parse("2026-11-20T09:00:00+07:00")
