"""The form and the actions, turn by turn, as Rasa would call them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from actions import dossier_reading as reading
from actions import dossiers as actions
from actions.base import TurnAction
from actions.dossier_service import DossierService
from actions.turn import Reply, Turn
from bot.dossiers import proof
from bot.dossiers.answers import asking

from .conftest import CODE, PHONE, UNKNOWN

Put = Callable[..., str]
NewTurn = Callable[..., Turn]
FACTOR = "dossier_factor"


def validate(turn: Turn) -> dict[str, Any]:
    reply = actions.ValidateDossierForm().answer(turn)
    assert reply.messages == []
    return reply.slots


def show(turn: Turn) -> Reply:
    return actions.ShowDossier().answer(turn)


def kinds(reply: Reply) -> list[str]:
    return [message.kind for message in reply.messages]


def test_without_a_code_the_form_asks_for_it(turn: NewTurn) -> None:
    assert validate(turn("hồ sơ tôi tới đâu rồi", "check_dossier")) == {
        "dossier_question": "status",
        "dossier_code": None,
        FACTOR: None,
        "requested_slot": "dossier_code",
    }
    assert kinds(actions.AskDossierCode().answer(turn("tra hồ sơ", "check_dossier"))) == ["dossier_question"]


@pytest.mark.parametrize("code", [CODE, UNKNOWN])
def test_a_code_known_or_not_leads_to_the_same_question(turn: NewTurn, put: Put, code: str) -> None:
    put()
    slots = validate(turn(f"mã {code.lower()} ạ", asked="dossier_code"))
    assert (slots["dossier_code"], slots[FACTOR], slots["requested_slot"]) == (code, None, FACTOR)
    asked = actions.AskDossierFactor().answer(turn(dossier_code=code)).messages[0]
    assert asked.custom() == {"kind": "dossier_proof", "code": code}
    assert asked.text.replace(code, "") == asking.ask_proof("").text


@pytest.mark.parametrize(
    "text",
    [
        "1234",
        "Dạ 1234 ạ",
        "4 số cuối là 1234",
        "đuôi 1234 nha",
        "số điện thoại 0900001234",
        PHONE,
        "+84 900 001 234",
        "sdt của tôi 0900 001 234",
        "k7q2",
        "K7Q2",
        "mã bí mật K7q2",
        "mã bí mật trên giấy hẹn là k7q2",
        "hình như là 1234 đó em",
    ],
)
def test_factor_as_people_write_it(turn: NewTurn, put: Put, text: str) -> None:
    put()
    slots = validate(turn(text, asked=FACTOR, dossier_code=CODE, dossier_question="late"))
    assert (slots[FACTOR], slots["requested_slot"], slots["dossier_question"]) == ("proved", None, "late")
    assert "1234" not in str(slots)
    assert "7q2" not in str(slots).lower()


@pytest.mark.parametrize(
    "text",
    [
        "hs H36.12-261102-0001, 4 số cuối 1234",
        "H36.12-261102-0001 1234",
        "tra H36.12-261102-0001 - 1234 giùm",
        "H36.12-261102-0001 k7q2",
        "H36.12-261102-0001 trên giấy ghi K7q2 đó em",
        "h36122611020001 một hai ba bốn",
    ],
)
def test_code_and_factor_in_one_message(turn: NewTurn, put: Put, text: str) -> None:
    put()
    slots = validate(turn(text, "check_dossier"))
    assert (slots["dossier_code"], slots[FACTOR], slots["requested_slot"]) == (CODE, "proved", None)


def test_unknown_code_and_wrong_factor_are_answered_alike(turn: NewTurn, put: Put) -> None:
    put()
    said = []
    for code in (CODE, UNKNOWN):
        slots = validate(turn("0000", asked=FACTOR, dossier_code=code))
        assert (slots[FACTOR], slots["requested_slot"]) == ("wrong", FACTOR)
        said.append(actions.AskDossierFactor().answer(turn("0000", asked=FACTOR, **slots)))
    assert said[0].messages == said[1].messages
    assert kinds(said[0]) == ["dossier_not_found"]
    assert said[0].slots == {FACTOR: None}


@pytest.mark.parametrize("code", [CODE, UNKNOWN])
def test_the_fifth_wrong_try_ends_the_form_with_the_lock(turn: NewTurn, put: Put, code: str) -> None:
    put()
    for _ in range(5):
        slots = validate(turn("0000", asked=FACTOR, dossier_code=code))
    assert (slots[FACTOR], slots["requested_slot"]) == ("locked", None)
    reply = show(turn("0000", **slots))
    assert reply.messages[0].custom() == {"kind": "dossier_locked", "retry_after_s": 3600}
    again = validate(turn(f"{code} 1234", "check_dossier"))
    assert again["requested_slot"] is None
    assert kinds(show(turn("1234", **again))) == ["dossier_locked"]


def test_who_has_proved_is_not_asked_again(turn: NewTurn, put: Put, session: Session) -> None:
    proof.prove(session, "rest:c1", put(), "1234")
    slots = validate(turn("hồ sơ sao trễ vậy", "ask_dossier_late", dossier_code=CODE))
    assert (slots[FACTOR], slots["requested_slot"], slots["dossier_question"]) == ("proved", None, "late")
    reply = show(turn(**slots))
    assert kinds(reply) == ["dossier_status"]
    on_the_table = {"procedure": None, "procedure_options": None}  # what was talked of before is the topic no more
    assert reply.slots == {"dossier_code": CODE, FACTOR: None, "dossier_question": None, **on_the_table}


def test_the_slot_alone_proves_nothing(turn: NewTurn, put: Put) -> None:
    put()
    assert kinds(show(turn(dossier_code=CODE, dossier_factor="proved"))) == ["dossier_not_found"]
    assert kinds(show(turn(dossier_code=UNKNOWN, dossier_factor="proved"))) == ["dossier_not_found"]
    assert kinds(show(turn())) == ["dossier_question"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("lệ phí bao nhiêu", "ask_procedure_fee"),
        ("lệ phí năm 2026 là 8000 hả", "ask_procedure_fee"),
        ("nhân viên", "talk_to_human"),
        ("thôi không tra nữa", "cancel"),
        ("thoi", "cancel"),
        ("HELP", "help"),
        ("cảm ơn", "thank"),
        ("MC-1234567", "track_pickup"),
        ("ngày 24/11/2026 nghỉ không", "ask_office"),
        ("không nhớ", "inform"),
        ("tôi nộp năm 2026", "inform"),
    ],
)
def test_another_question_is_not_swallowed_as_a_factor(turn: NewTurn, put: Put, text: str, intent: str) -> None:
    put()
    assert validate(turn(text, intent, asked=FACTOR, dossier_code=CODE)) == {}


@pytest.mark.parametrize(
    ("text", "intent"),
    [("lệ phí bao nhiêu", "ask_procedure_fee"), ("thủ tục 1.004222 cần gì", "ask_procedure_documents")],
)
def test_another_question_is_not_swallowed_as_a_code(turn: NewTurn, text: str, intent: str) -> None:
    assert validate(turn(text, intent, asked="dossier_code")) == {}


def test_a_look_alike_is_explained(turn: NewTurn) -> None:
    given = turn("G22.99.3-241219795252", asked="dossier_code")
    assert validate(given)["requested_slot"] == "dossier_code"
    assert "mã thanh toán" in actions.AskDossierCode().answer(given).messages[0].text


def test_another_dossier_can_be_named_at_any_time(turn: NewTurn, put: Put) -> None:
    put()
    assert validate(turn(UNKNOWN, asked=FACTOR, dossier_code=CODE))["dossier_code"] == UNKNOWN
    button = [{"entity": "dossier_code", "value": "other"}]
    slots = validate(turn("/check_dossier", "check_dossier", asked=FACTOR, dossier_code=CODE, entities=button))
    assert (slots["dossier_code"], slots["requested_slot"]) == (None, "dossier_code")
    slots = validate(turn("còn hồ sơ khác nữa", "check_dossier", dossier_code=CODE))
    assert slots["requested_slot"] == "dossier_code"


def test_the_code_may_come_as_an_entity(turn: NewTurn) -> None:
    found = [{"entity": "dossier_code", "value": CODE}]
    assert validate(turn("/check_dossier", "check_dossier", entities=found))["dossier_code"] == CODE


def test_a_bare_factor_after_the_form_is_recognised(turn: NewTurn, put: Put) -> None:
    put()
    assert reading.gives_factor(turn("1234", dossier_code=CODE))
    assert not reading.gives_factor(turn("1234"))
    assert not reading.gives_factor(turn("cái thứ hai", dossier_code=CODE))
    assert validate(turn("1234", "inform", dossier_code=CODE))[FACTOR] == "proved"


@pytest.mark.parametrize(
    ("intent", "kind", "field"),
    [
        ("ask_dossier_code", "info", "dossier_code"),
        ("unsubscribe_dossier", "info", "notices"),
        ("withdraw_dossier", "confirm", "withdraw_dossier"),
    ],
)
def test_services_around_dossiers(turn: NewTurn, intent: str, kind: str, field: str) -> None:
    message = DossierService().answer(turn(f"hồ sơ {CODE}", intent)).messages[0]
    assert message.kind == kind
    assert field in message.fields.values()


@pytest.mark.parametrize(
    ("intent", "question"),
    [("check_dossier", "status"), ("ask_dossier_late", "late"), ("ask_dossier_supplement", "supplement")],
)
def test_the_question_is_remembered_for_the_end(turn: NewTurn, put: Put, intent: str, question: str) -> None:
    put()
    opened = actions.AskDossier().answer(turn("hồ sơ tôi sao rồi", intent)).slots
    assert opened["dossier_question"] == question
    slots = validate(turn(f"{CODE} 1234", "inform", asked="dossier_code", **opened))
    assert (slots["dossier_question"], slots["requested_slot"]) == (question, None)


def test_every_action_carries_the_name_of_the_domain() -> None:
    mine = [cls for cls in vars(actions).values() if isinstance(cls, type) and issubclass(cls, TurnAction)]
    assert {cls.action_name for cls in mine if cls is not TurnAction} == {
        "action_ask_dossier",
        "validate_dossier_form",
        "action_ask_dossier_form_dossier_code",
        "action_ask_dossier_form_dossier_factor",
        "action_show_dossier",
    }
