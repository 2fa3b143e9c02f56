"""Whether offices work on a day, and what is near a shared location."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from actions.places import ActionPlace
from actions.turn import Turn
from bot import clock
from bot.places import location, opening
from bot.places.content import communes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("24/11 có làm việc không", "thứ ba 24/11/2026 là ngày nghỉ lễ, Ngày Văn hóa Việt Nam"),
        ("24/11 co lam viec ko", "Ngày làm việc kế tiếp: thứ tư 25/11/2026"),
        ("mai trung tâm có mở cửa không", "thứ ba 24/11/2026 là ngày nghỉ lễ"),
        ("thứ tư có làm việc không em", "thứ tư 25/11/2026 là ngày làm việc"),
        ("thu bay co lam ko", "thứ bảy và chủ nhật là ngày nghỉ"),
        ("cuối tuần có làm việc không", "Ngày làm việc gần nhất: thứ hai 23/11/2026"),
        ("ngày lễ có làm việc không", "Sắp tới: thứ ba 24/11/2026"),
        ("tết nghỉ tới hôm nào", "Tết Nguyên đán nghỉ thứ sáu 05/02/2027 đến thứ tư 10/02/2027"),
        ("tết dương lịch có nghỉ không", "Tết Dương lịch nghỉ thứ sáu 01/01/2027"),
        ("giỗ tổ nghỉ ngày nào", "Giỗ Tổ nghỉ thứ sáu 16/04/2027"),
        ("22/8 vừa rồi có làm việc không", "làm bù"),
    ],
)
def test_a_day_is_answered_from_the_calendar(text: str, said: str) -> None:
    with clock.frozen("2026-11-23T09:00:00+07:00"):
        message = opening.answer(text)
    assert message is not None and message.kind == "place"
    assert said in message.text, message.text


@pytest.mark.parametrize("text", ["tết nghỉ tới hôm nào", "30/4/2027 có làm việc không"])
def test_a_year_without_an_official_plan_is_said_to_be_estimated(text: str) -> None:
    with clock.frozen("2026-11-23T09:00:00+07:00"):
        message = opening.answer(text)
    assert message is not None and "ước tính" in message.text


@pytest.mark.parametrize("text", ["mấy giờ nghỉ trưa", "trung tâm ở đâu", "hôm nay", "địa chỉ xã Di Linh", ""])
def test_other_questions_are_no_question_about_a_day(text: str) -> None:
    with clock.frozen("2026-11-23T09:00:00+07:00"):
        assert opening.answer(text) is None


def test_a_shared_location_finds_the_nearest_commune(turn: Callable[..., Turn]) -> None:
    reply = ActionPlace().answer(turn("geo:11.94,108.44", "ask_office", location="geo:11.94,108.44"))
    (message,) = reply.messages
    assert message.fields["units"][0]["name"].endswith("Đà Lạt")
    assert "gần vị trí của anh/chị nhất" in message.text and "36 Trần Phú" in message.text


def test_a_location_outside_of_the_province_is_said(places: Session) -> None:
    message = location.near_answer(places, location.Point(21.03, 105.85))
    assert "ngoài tỉnh Lâm Đồng" in message.text and message.fields["units"] == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("geo:11.94042,108.45832", "geo:11.94,108.46"),
        ("GEO:11.9,108.4;u=35", "geo:11.90,108.40"),
        ("11.94042, 108.45832", "geo:11.94,108.46"),
        ("tôi ở 11.94042,108.45832 nè", "geo:11.94,108.46"),
    ],
)
def test_no_more_of_a_location_is_kept_than_is_needed(text: str, address: str) -> None:
    point = location.shared(text)
    assert point is not None and point.address == address


@pytest.mark.parametrize(
    "text", ["geo:95.00,108.4", "geo:x,y", "1.001193", "11.94", "geo:", "ngày 11.12, 108.000 đồng"]
)
def test_no_location(text: str) -> None:
    assert location.shared(text) is None


def test_every_commune_is_nearest_to_its_own_middle() -> None:
    for commune in communes().values():
        [(found, km)] = location.nearest(location.Point(commune.lat, commune.lon), 1)
        assert found == commune and km == 0


def test_the_calendar_knows_the_new_holiday() -> None:
    from bot import working_days

    assert working_days.day_off(date(2026, 11, 24)) == "Ngày Văn hóa Việt Nam (NQ 28/2026/QH16)"
    assert working_days.day_off(date(2026, 11, 25)) is None
