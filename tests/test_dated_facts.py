"""Facts with days: cut into periods, shared sentences, and everything that an editor may get wrong."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dated_facts import Clauses, Fact, FactError, holding, read_facts

DEFAULTS = Fact(
    text="", as_of="2026-07", legal_basis=("1/2026/NĐ-CP",), checked_by="ai đó", checked_at=date(2026, 11, 27)
)
WAIVER = {"text": "được miễn", "valid_from": "2026-08-15", "valid_to": "2027-02-28", "legal_basis": ["117/2026/TT-BTC"]}
CLAUSES = Clauses(
    items={"waiver": [WAIVER]},
    facts={"anywhere": [{"text": "Dạ, ở đâu cũng được.", "items": ["gọi trước"], "valid_from": "2027-03-01"}]},
)


def items_on(facts: list[Fact], day: str) -> tuple[str, ...]:
    fact = holding(facts, date.fromisoformat(day))
    assert fact is not None
    return fact.items


def test_an_item_with_days_cuts_the_fact_into_periods_that_meet() -> None:
    facts = read_facts({"text": "Dạ, 50.000 đồng.", "items": ["một thẻ", WAIVER]}, DEFAULTS)
    assert [(fact.valid_from, fact.valid_to) for fact in facts] == [
        (None, date(2026, 8, 14)),
        (date(2026, 8, 15), date(2027, 2, 28)),
        (date(2027, 3, 1), None),
    ]
    assert items_on(facts, "2026-08-14") == ("một thẻ",)
    assert items_on(facts, "2026-08-15") == items_on(facts, "2027-02-28") == ("một thẻ", "được miễn")
    assert items_on(facts, "2027-03-01") == ("một thẻ",)
    assert facts[1].legal_basis == ("117/2026/TT-BTC", "1/2026/NĐ-CP")
    assert facts[0].legal_basis == ("1/2026/NĐ-CP",)


def test_a_shared_item_is_the_item_itself() -> None:
    own = read_facts({"text": "Dạ.", "items": [WAIVER]}, DEFAULTS)
    assert read_facts({"text": "Dạ.", "items": [{"use": "waiver"}]}, DEFAULTS, CLAUSES) == own


def test_a_shared_fact_takes_what_the_record_adds() -> None:
    facts = read_facts(
        [{"text": "Dạ, ở xã.", "valid_to": "2027-02-28"}, {"use": "anywhere", "items": ["mang căn cước"]}],
        DEFAULTS,
        CLAUSES,
    )
    assert facts[1].items == ("gọi trước", "mang căn cước")
    assert holding(facts, date(2027, 2, 28)) == facts[0] and holding(facts, date(2027, 3, 1)) == facts[1]


def test_what_a_fact_leaves_out_it_takes_from_the_record() -> None:
    (fact,) = read_facts({"text": " Dạ, có. "}, DEFAULTS)
    assert (fact.text, fact.as_of, fact.checked_by, fact.status) == ("Dạ, có.", "2026-07", "ai đó", "partial")
    (own,) = read_facts({"text": "Dạ.", "source": "nơi khác", "review_by": "2027-01-01"}, DEFAULTS)
    assert own.source == "nơi khác" and own.review_by == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"text": ""}, "thiếu text"),
        ({"items": ["a"]}, "thiếu text"),
        ({"text": "Dạ.", "price": 5}, "không có mục price"),
        ({"text": "Dạ.", "status": "sure"}, "status 'sure'"),
        ({"text": "Dạ.", "valid_from": "31/12/2026"}, "không phải ngày"),
        ({"text": "Dạ.", "valid_from": "2027-01-02", "valid_to": "2027-01-01"}, "sau valid_to"),
        ({"text": "Dạ.", "items": [{"Lưu ý": "mang theo"}]}, "đặt trong nháy"),
        ({"text": "Dạ.", "items": [5]}, "phải là một câu"),
        ({"text": "Dạ.", "items": [{"use": "nowhere"}]}, "không có câu chung tên 'nowhere'"),
        ({"use": "nowhere"}, "không có câu chung tên 'nowhere'"),
        ({"text": "Dạ.", "source": {"title": "x"}}, "source phải là chữ"),
        ("Dạ.", "một nhóm có text"),
        ([], "chưa có nội dung"),
        ([{"text": "Dạ."}, {"text": "Dạ, khác."}], "hai dữ kiện cùng có hiệu lực"),
        ([{"text": "a", "valid_to": "2027-02-28"}, {"text": "b", "valid_from": "2027-02-28"}], "hai dữ kiện cùng"),
    ],
)
def test_what_does_not_fit_is_said_with_what_to_do(raw: object, said: str) -> None:
    with pytest.raises(FactError, match=said):
        read_facts(raw, DEFAULTS, CLAUSES)


def test_cases_hold_beside_each_other() -> None:
    facts = read_facts([{"text": "Dạ, a.", "case": "one"}, {"text": "Dạ, b.", "case": "two"}], DEFAULTS)
    assert [fact.case for fact in facts] == ["one", "two"]


days = st.dates(date(2025, 1, 1), date(2028, 12, 31))


@given(st.lists(st.tuples(days, days).map(sorted), max_size=4), days)
def test_every_day_has_just_the_items_that_hold_on_it(spans: list[list[date]], day: date) -> None:
    items = [
        {"text": f"mục {n}", "valid_from": first.isoformat(), "valid_to": last.isoformat()}
        for n, (first, last) in enumerate(spans)
    ]
    facts = read_facts({"text": "Dạ.", "items": ["luôn có", *items]}, DEFAULTS)
    held = [fact for fact in facts if fact.holds_on(day)]
    assert len(held) == 1
    assert set(held[0].items) == {"luôn có"} | {f"mục {n}" for n, (a, b) in enumerate(spans) if a <= day <= b}
    for one, other in pairwise(facts):
        assert one.valid_to is not None and other.valid_from == one.valid_to + timedelta(days=1)
