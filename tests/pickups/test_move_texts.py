"""What is told of each state: polite, short, for both directions, and nothing that leads to a person."""

from __future__ import annotations

import re
from datetime import date
from itertools import product

import pytest

from bot import clock
from bot.messages import LONGEST_TEXT, MOST_BUTTONS, Message
from bot.pickups.answers import moves
from bot.pickups.answers.move_texts import DOES, OWN_NAMES, STATE_NAMES, TEXTS
from bot.pickups.models import SERVICES, STATES, Pickup, PickupSlot
from bot.pickups.states import NOT_FOR, STILL_OURS

from .conftest import CODE, MONDAY

PRIVATE = {
    "recipient_name": "Lê Thị Ngọc Bích",
    "phone": "0912345678",
    "address": "12 Hùng Vương",
    "proxy_name": "Trần Văn Đỡ",
    "dossier_code": CODE,
    "tracking": "EB125966888VN",
    "post_order": "HCC-77",
}
CASES = [
    (service, state, outside)
    for service, state, outside in product(SERVICES, STATES, (False, True))
    if state not in NOT_FOR.get(service, frozenset()) and (service == "deliver" or not outside)
]


def pickup(service: str, state: str, *, outside: bool = False) -> Pickup:
    slot = None if outside else PickupSlot(office_code="BC", date=MONDAY, window="afternoon", capacity=1, taken=0)
    return Pickup(
        booking="MC-1234566",
        service=service,
        state=state,
        zone="outside" if outside else "province",
        destination="Thành phố Hồ Chí Minh" if outside else None,
        unit_code=None if outside else "25000",
        slot=slot,
        next_visit_on=date(2026, 11, 26) if state == "failed_1" else None,
        payment="on_receipt",
        fee=30_000,
        **PRIVATE,
    )


def check(message: Message) -> None:
    text = message.text
    assert text.startswith("Dạ, ")
    assert len(text.splitlines()) <= 5 and len(text) <= min(520, LONGEST_TEXT), text
    assert "MC-1234566" in text
    assert not re.search(r"[{}]|None|  ", text), text
    assert not re.search(r"\b(?:huyện|quận)\b", text.lower())
    assert not re.search(r"\d\s*(?:đ|đồng)\b", text), "no money in a notice"
    whole = text + str(message.custom()) + " ".join(button.title for button in message.buttons)
    for name, value in PRIVATE.items():
        assert value not in whole, name
    assert len(message.buttons) <= MOST_BUTTONS
    assert message.kind == "pickup_status"
    for quoted in re.findall(r"bấm “([^”]+)”", text):
        titles = [button.title for button in message.buttons]
        assert quoted in titles, f"the text names the button {quoted!r}, there are {titles}"


def test_every_state_and_service_has_its_words() -> None:
    assert set(TEXTS) == set(STATE_NAMES) == set(STATES)
    assert set(DOES) == set(SERVICES)
    assert all(set(names) <= set(STATES) for names in OWN_NAMES.values())


@pytest.mark.parametrize(("service", "state", "outside"), CASES)
def test_every_move_is_told_politely_and_keeps_secrets(service: str, state: str, outside: bool) -> None:
    message = moves.moved(pickup(service, state, outside=outside), state)
    check(message)
    assert message.fields == {"booking": "MC-1234566", "state": state, "notice": "move"}
    changeable = {"Đổi lịch", "Hủy lịch"} <= {button.title for button in message.buttons}
    assert changeable is (state in STILL_OURS)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("state", ["requested", "confirmed", "assigned", "failed_1"])
@pytest.mark.parametrize("now", ["2026-11-22T19:00:00+07:00", "2026-11-23T07:00:00+07:00"])
def test_every_reminder_is_polite_and_keeps_secrets(service: str, state: str, now: str) -> None:
    with clock.frozen(now):
        message = moves.eve(pickup(service, state), MONDAY)
    check(message)
    assert "thứ hai 23/11/2026" in message.text
    assert ("mai" in message.text) is now.startswith("2026-11-22")
    assert message.fields["notice"] == "eve"


def test_a_collection_counts_as_filed_when_both_have_signed() -> None:
    for service, state in (("collect", "picked_up"), ("collect", "delivered"), ("both", "delivered")):
        assert "cùng ký biên bản giao nhận" in moves.moved(pickup(service, state), state).text


def test_a_collection_in_vain_brings_nothing_back_to_the_agency() -> None:
    for state in ("failed_2", "returned"):
        assert "kết quả" not in moves.moved(pickup("collect", state), state).text
        assert "kết quả" in moves.moved(pickup("deliver", state), state).text
    assert "kết quả" not in moves.state_name(pickup("collect", "returned"))


def test_after_the_first_visit_in_vain_the_day_of_the_next_is_named() -> None:
    text = moves.moved(pickup("deliver", "failed_1"), "failed_1").text
    assert "từ thứ năm 26/11/2026" in text and "hai ngày làm việc" in text and "bên đó trả" in text
    moved_on = moves.moved(pickup("deliver", "out_for_delivery"), "failed_1").text
    assert "sau hai ngày làm việc" in moved_on


def test_what_has_moved_on_offers_no_change() -> None:
    message = moves.moved(pickup("deliver", "assigned"), "confirmed")
    check(message)
    assert [button.title for button in message.buttons] == ["Gặp nhân viên"]
