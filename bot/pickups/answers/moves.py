"""What a citizen is told when a booking moves on, and on the evening before the visit.

A notice may be read over somebody's shoulder: it names the booking, its day and the next step, and no person, place,
dossier or money.
"""

from __future__ import annotations

from datetime import date

from bot import clock
from bot.clock import say_date
from bot.messages import Button, Message, button, say
from bot.pickups.answers.move_texts import DOES, OWN_NAMES, READY, STATE_NAMES, TEXTS
from bot.pickups.form.questions import WINDOW_NAMES
from bot.pickups.models import Pickup
from bot.pickups.states import STILL_OURS

_HALVES = {"morning": "sáng", "afternoon": "chiều"}


def state_name(pickup: Pickup) -> str:
    """Return where a booking stands, in half a sentence."""
    return OWN_NAMES.get(pickup.service, {}).get(pickup.state, STATE_NAMES[pickup.state])


def moved(pickup: Pickup, state: str) -> Message:
    """Tell that a booking has come to `state`: the news, what to have ready, what comes next."""
    texts = TEXTS[state].get(pickup.service) or TEXTS[state][""]
    if state in STILL_OURS and pickup.state not in STILL_OURS:
        texts = texts[:-1]  # what comes next has come already
    words = {
        "booking": pickup.booking,
        "visit": _visit(pickup),
        "does": DOES[pickup.service],
        "ready": _ready(pickup),
        "again": _again(pickup),
    }
    text = "Dạ, " + "\n".join(texts).format(**words)
    return say("pickup_status", text, *_buttons(pickup, state), booking=pickup.booking, state=state, notice="move")


def eve(pickup: Pickup, day: date) -> Message:
    """Remind of the visit on `day`: tomorrow, or today where the evening went by. What is not sure is not promised."""
    tomorrow, when = day > clock.today(), say_date(day)
    if pickup.state == "failed_1":
        near = "ngày mai" if tomorrow else "hôm nay"
        text = [f"Dạ, em nhắc: từ {near}, {when}, bưu tá có thể ghé lại {_does(pickup)}.", _ready(pickup)]
    else:
        near = f"{_HALVES[pickup.slot.window]} {'mai' if tomorrow else 'nay'}"
        comes = "có hẹn bưu tá đến" if pickup.state == "requested" else "bưu tá đến"
        text = [f"Dạ, em nhắc: {near}, {when}, {comes} {_does(pickup)}.", _ready(pickup)]
    if pickup.state == "requested":
        text.insert(1, "Bưu điện chưa xác nhận lịch này nên em chưa dám hứa chắc.")
    buttons = change_or_cancel(pickup) if pickup.state in STILL_OURS else (_person(),)
    facts = {"booking": pickup.booking, "state": pickup.state, "notice": "eve", "date": day.isoformat()}
    return say("pickup_status", "\n".join(text), *buttons, **facts)


def change_or_cancel(pickup: Pickup) -> tuple[Button, ...]:
    """Return what the citizen may still do to a booking."""
    return (
        button("Đổi lịch", "change_pickup", booking_code=pickup.booking),
        button("Hủy lịch", "cancel_pickup", booking_code=pickup.booking),
    )


def _does(pickup: Pickup) -> str:
    return f"{DOES[pickup.service]} theo lịch {pickup.booking}"


def _visit(pickup: Pickup) -> str:
    """Return what will happen when; beyond the province the post sends a letter, J+4 at most."""
    if pickup.slot is None:
        return f"{DOES[pickup.service]} ngoài tỉnh, tối đa khoảng 4 ngày làm việc từ ngày bưu điện nhận"
    return f"{WINDOW_NAMES[pickup.slot.window]} {say_date(pickup.slot.date)} bưu tá đến {DOES[pickup.service]}"


def _ready(pickup: Pickup) -> str:
    return READY["deliver" if pickup.service == "deliver" else "collect"]


def _again(pickup: Pickup) -> str:
    if pickup.next_visit_on is None:  # it has moved on since
        return "Bưu tá ghé lại sau hai ngày làm việc."
    return f"Bưu tá ghé lại từ {say_date(pickup.next_visit_on)}, sau hai ngày làm việc."


def _buttons(pickup: Pickup, state: str) -> list[Button]:
    """Return what can be done about it: what is still ours is changed here, later a person is asked."""
    if state in STILL_OURS and pickup.state in STILL_OURS:
        return list(change_or_cancel(pickup))
    report = button("Báo giao trục trặc", "report_delivery_problem", booking_code=pickup.booking)
    if state in ("delivered", "failed_1", "failed_2"):
        # A result must first be back at the agency; papers that were never fetched may be booked again at once.
        again = [_book_again(pickup)] if state == "failed_2" and pickup.service == "collect" else []
        return [*again, report, _person()]
    if state in ("returned", "cancelled", "rejected"):
        return [_book_again(pickup), _person()]
    return [_person()]


def _book_again(pickup: Pickup) -> Button:
    if pickup.service == "collect":
        return button("Đặt lại", "book_collection")
    return button("Đặt lại", "book_delivery", dossier_code=pickup.dossier_code)


def _person() -> Button:
    return button("Gặp nhân viên", "talk_to_human")
