"""Half an hour of silence ends a session; what the citizen was doing is offered again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from talking import Chat, kinds

from bot import clock
from bot.conversation.models import TrackerState
from bot.db.engine import Database

NewChat = Callable[..., Chat]
NAME = "Lê Thị Ngọc Bích"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Move the frozen clock forward by minutes."""

    def _later(minutes: int) -> None:
        monkeypatch.setattr(clock, "_frozen", clock.now() + timedelta(minutes=minutes))

    return _later


@pytest.fixture
def cut_off(chat: NewChat, later: Callable[[int], None]) -> Chat:
    """A citizen who comes back after half an hour, in the middle of a booking."""
    citizen = chat()
    citizen.say("đặt bưu điện tới nhà lấy hồ sơ đăng ký khai sinh")
    assert citizen.last[-1].custom == {"kind": "pickup_question", "slot": "recipient_name"}
    citizen.say(NAME)
    assert citizen.last[-1].custom == {"kind": "pickup_question", "slot": "phone"}
    later(31)
    citizen.say("xin chào")
    return citizen


def slots(database: Database) -> str:
    with database.reading() as session:
        found: str = session.execute(select(TrackerState.events)).scalar_one()
        return found


def test_a_shorter_silence_changes_nothing(chat: NewChat, later: Callable[[int], None]) -> None:
    citizen = chat()
    citizen.say("đặt bưu điện tới nhà lấy hồ sơ đăng ký khai sinh")
    later(29)
    assert citizen.say(NAME)[-1].custom == {"kind": "pickup_question", "slot": "phone"}


def test_the_new_session_knows_nothing_and_offers_the_task(cut_off: Chat, furnished: Database) -> None:
    assert kinds(cut_off.last) == ["smalltalk", "info"]
    assert cut_off.last[-1].custom == {"kind": "info", "topic": "resume"}
    assert cut_off.titles()[-2:] == ["Làm tiếp", "Thôi, bỏ qua"]
    assert NAME not in slots(furnished)
    with furnished.reading() as session:
        state = session.execute(select(TrackerState)).scalar_one()
        assert state.session_started_at == clock.now()
        assert state.paused["loop"] == "pickup_form"


def test_it_is_offered_once(cut_off: Chat) -> None:
    assert "resume" not in [line.custom.get("topic") for line in cut_off.say("lệ phí khai sinh")]


@pytest.mark.parametrize("how", ["làm tiếp", "button", "ừ"])
def test_going_on_asks_the_next_question_with_what_was_said_kept(cut_off: Chat, furnished: Database, how: str) -> None:
    lines = cut_off.press("Làm tiếp") if how == "button" else cut_off.say(how)
    assert lines[-1].custom == {"kind": "pickup_question", "slot": "phone"}
    assert NAME in slots(furnished)
    assert cut_off.say("0912345678")[-1].custom == {"kind": "pickup_question", "slot": "commune"}


@pytest.mark.parametrize("how", ["thôi", "button", "thôi bỏ đi"])
@pytest.mark.parametrize("afterwards", ["ừ", "làm tiếp"])
def test_a_task_that_was_dropped_stays_dropped(cut_off: Chat, how: str, afterwards: str) -> None:
    if how == "button":
        cut_off.press("Thôi, bỏ qua")
    else:
        cut_off.say(how)
    assert set(kinds(cut_off.last)) <= {"smalltalk", "cancelled"}
    assert "pickup_question" not in kinds(cut_off.say(afterwards))


def test_a_task_that_was_taken_up_is_not_taken_up_again(cut_off: Chat) -> None:
    cut_off.press("Làm tiếp")
    cut_off.say("không đặt nữa")
    assert kinds(cut_off.last) == ["cancelled"]
    assert "pickup_question" not in kinds(cut_off.say("ừ"))


def test_a_proof_ends_with_its_session(chat: NewChat, later: Callable[[int], None]) -> None:
    citizen = chat()
    citizen.say("hồ sơ H36.12-261118-0042 tới đâu rồi")
    assert kinds(citizen.last) == ["dossier_proof"]
    assert "dossier_status" in kinds(citizen.say("2345"))
    later(31)
    citizen.say("hồ sơ H36.12-261118-0042 tới đâu rồi")
    assert kinds(citizen.last)[0] == "dossier_proof"


def test_a_dossier_question_that_was_cut_off_asks_for_the_proof_again(
    chat: NewChat, later: Callable[[int], None]
) -> None:
    citizen = chat()
    citizen.say("hồ sơ H36.12-261118-0042 tới đâu rồi")
    later(31)
    citizen.say("xin chào")
    assert citizen.last[-1].custom == {"kind": "info", "topic": "resume"}
    assert kinds(citizen.press("Làm tiếp"))[-1] == "dossier_proof"
    assert "dossier_status" in kinds(citizen.say("2345"))


def test_silence_outside_of_any_task_offers_nothing(chat: NewChat, later: Callable[[int], None]) -> None:
    citizen = chat()
    citizen.say("lệ phí khai sinh")
    later(60)
    assert "resume" not in [line.custom.get("topic") for line in citizen.say("xin chào")]


@pytest.mark.parametrize("words", ["không đặt nữa", "thôi không đặt nữa", "thoi khong dat nua", "thôi"])
def test_a_booking_is_stopped_by_its_citizens_words(chat: NewChat, words: str) -> None:
    citizen = chat()
    citizen.say("đặt bưu điện tới nhà lấy hồ sơ đăng ký khai sinh")
    assert citizen.say(NAME)[-1].custom == {"kind": "pickup_question", "slot": "phone"}
    assert kinds(citizen.say(words)) == ["cancelled"]
