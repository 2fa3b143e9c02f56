"""What goes on about the dossier on the table, and what talks of something else by then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from actions import dossier_followups, dossier_reading
from actions.dossiers import ShowDossier, ValidateDossierForm
from actions.turn import Turn
from bot.dossiers import proof
from bot.tickets.tickets import listed

from .conftest import CODE, UNKNOWN

Put = Callable[..., str]
NewTurn = Callable[..., Turn]
LATE = {"due_at": "2026-11-12T16:30:00+07:00"}


@pytest.fixture
def asks(turn: NewTurn, session: Session) -> Callable[..., Any]:
    """Ask about the dossier that was just proved, outside of any form."""

    def _asks(text: str, intent: str = "out_of_scope", **slots: Any) -> Any:
        made = replace(turn(text, intent, **{"dossier_code": CODE, **slots}), active_loop=None, conversation_id=None)
        return dossier_followups.follow_up(made)

    return _asks


@pytest.mark.parametrize(
    ("text", "intent", "words"),
    [
        ("hết bao nhiêu tiền vậy", "ask_procedure_fee", "chưa ghi khoản nào"),
        ("chừng nào lấy được", "subscribe_dossier", "hẹn trả"),
        ("cơ quan nào đang giữ", "withdraw_dossier", "UBND xã A"),
        ("ra đâu nhận", "ask_procedure_place", "chưa có kết quả"),
        ("vợ em đi nhận được không", "ask_procedure_proxy", "giấy ủy quyền"),
    ],
)
def test_few_words_go_on_about_it(asks: Any, put: Put, session: Session, text: str, intent: str, words: str) -> None:
    proof.prove(session, "rest:c1", put(agency="UBND xã A"), "1234")
    reply = asks(text, intent)
    assert [message.kind for message in reply.messages] == ["dossier_status"]
    assert words in reply.messages[0].text


def test_a_late_one_is_pressed_for_whatever_the_model_says(asks: Any, put: Put, session: Session) -> None:
    proof.prove(session, "rest:c1", put(**LATE), "1234")
    (message,) = asks("nhắc cơ quan làm lẹ giùm em", "talk_to_human").messages
    assert message.kind == "handoff" and [ticket.topic for ticket in listed(session)] == ["dossier_late"]


def test_one_that_is_not_late_is_not_pressed_for(asks: Any, put: Put, session: Session) -> None:
    proof.prove(session, "rest:c1", put(), "1234")
    (message,) = asks("nhắc giùm với em", "subscribe_dossier").messages
    assert "chưa trễ" in message.text and listed(session) == []


@pytest.mark.parametrize(
    "slots",
    [
        {"procedure": "1.001193"},
        {"procedure_options": ["1.001193", "1.000894"]},
        {"guide": "vneid_level_2"},
        {"unit_options": ["25000"]},
        {"pending": "withdraw_dossier"},
        {"entities": [{"entity": "procedure", "value": "kết hôn"}]},
        {"dossier_code": None},
    ],
)
def test_other_talk_is_not_taken_for_it(asks: Any, put: Put, session: Session, slots: dict[str, Any]) -> None:
    proof.prove(session, "rest:c1", put(), "1234")
    assert asks("bao nhiêu tiền", "ask_procedure_fee", **slots) is None


def test_nothing_is_said_before_the_proof(asks: Any, put: Put) -> None:
    put(**LATE)
    for text in ("bao nhiêu tiền", "sao lâu vậy", "cơ quan nào giữ", "nhắc cơ quan giùm"):
        assert asks(text) is None and asks(text, dossier_code=UNKNOWN) is None


def test_a_dossier_once_shown_is_the_topic(turn: NewTurn, put: Put, session: Session) -> None:
    proof.prove(session, "rest:c1", put(), "1234")
    reply = ShowDossier().answer(turn(dossier_code=CODE, procedure="1.000894"))
    assert reply.slots["procedure"] is None and reply.slots["dossier_code"] == CODE


def test_a_factor_without_a_code_asks_for_the_code(turn: NewTurn) -> None:
    said = replace(turn("4 số cuối là 7531 nha", "ask_procedure"), active_loop=None)
    assert dossier_reading.factor_without_code(said)
    reply = dossier_followups.without_code(said)
    assert reply is not None and reply.then == "dossier_form" and "7531" not in str(reply.slots)
    for other in ("sdt em là 0912345678", "chào em", f"{CODE} số cuối 7531"):
        assert not dossier_reading.factor_without_code(replace(said, text=other))


@pytest.mark.parametrize("text", ["ba hai một không", "hai-một-ba-bốn"])
def test_dictated_digits_are_a_try_whatever_the_model_says(turn: NewTurn, put: Put, text: str) -> None:
    put(owner_phone="0900003210" if text.startswith("ba") else "0900002134")
    said = turn(text, "abuse", asked="dossier_factor", dossier_code=CODE)
    assert ValidateDossierForm().answer(said).slots["dossier_factor"] == "proved"


def test_who_is_locked_out_hears_what_was_asked(turn: NewTurn, put: Put) -> None:
    put()
    for _ in range(5):
        slots = ValidateDossierForm().answer(turn("0000", asked="dossier_factor", dossier_code=CODE)).slots
    assert "chưa khớp nhiều lần" in ShowDossier().answer(turn("0000", **slots)).messages[0].text
    said = set()
    for text, intent in (("thiếu giấy gì", "ask_dossier_supplement"), ("trễ chưa", "ask_dossier_late")):
        again = ValidateDossierForm().answer(turn(text, intent, dossier_code=CODE)).slots
        message = ShowDossier().answer(turn(text, intent, **again)).messages[0]
        assert message.kind == "dossier_locked" and "VNeID" in message.text
        said.add(message.text)
    assert len(said) == 2


def test_the_whole_number_by_its_name_opens_what_others_locked(turn: NewTurn, put: Put) -> None:
    put()
    for number in range(5):
        ValidateDossierForm().answer(turn("0000", asked="dossier_factor", dossier_code=CODE, asker=f"rest:{number}"))
    named = replace(turn("sdt 0900 001 234", dossier_code=CODE), active_loop=None)
    assert dossier_reading.gives_factor(named)
    slots = ValidateDossierForm().answer(turn("sdt 0900 001 234", dossier_code=CODE)).slots
    assert slots["dossier_factor"] == "proved"
