"""Explaining, asking back and being answered, without Rasa: what an action makes of a turn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from actions.picking import named_case, ordinal, picked, unsure
from actions.precedence import EXPLAIN, preempt
from actions.procedures import ExplainProcedure
from actions.turn import Reply, Turn
from bot import clock
from bot.db.engine import Database

BIRTH, MARRIAGE, CARD, WELL = "1.001193", "1.000894", "1.014062", "1.001662"
WELL_CASES = [f"{WELL}:household", f"{WELL}:use", f"{WELL}:mine"]


@pytest.fixture(scope="module")
def loaded(catalogue_database: Database) -> Iterator[Session]:
    """The shipped catalogue."""
    with catalogue_database.unit_of_work() as session, clock.frozen("2026-11-27T09:00:00+07:00"):
        yield session


def turn(session: Session, text: str, intent: str = "inform", slots: dict[str, Any] | None = None, **more: Any) -> Turn:
    entities = [
        {"entity": name, "value": value, **({"extractor": "button"} if text.startswith("/") else {})}
        for name, value in more.pop("entities", {}).items()
    ]
    return Turn(
        session=session, asker="rest:c1", conversation_id=None, channel="rest", text=text, intent=intent,
        entities=entities, slots=slots or {}, requested_slot=None, active_loop=more.get("active_loop"),
    )  # fmt: skip


def explained(said: Turn) -> Reply:
    return ExplainProcedure().answer(said)


def the_cases(session: Session) -> list[str]:
    """Return the choices that the question about the well offers, as the slot remembers them."""
    asked = explained(turn(session, "/", "ask_procedure_documents", entities={"procedure": WELL}))
    assert asked.messages[0].kind == "procedure_choices"
    options: list[str] = asked.slots["procedure_options"]
    assert all(option.startswith(f"{WELL}:") for option in options)
    return options


def test_a_vague_need_is_asked_back_and_picked_by_number_ordinal_and_name(loaded: Session) -> None:
    asked = explained(turn(loaded, "làm giấy tờ cho con", "ask_procedure_documents"))
    options = asked.slots["procedure_options"]
    assert asked.messages[0].kind == "procedure_choices" and 2 <= len(options) <= 5
    assert asked.slots["asked_back"] == 1
    slots = {"procedure_options": options, "aspect": "documents"}
    second = turn(loaded, "cái thứ 2", slots=slots, entities={"ordinal": "2"})
    assert picked(second) == options[1]
    assert picked(turn(loaded, "cái cuối", slots=slots, entities={"ordinal": "last"})) == options[-1]
    assert picked(turn(loaded, "thẻ bảo hiểm y tế", slots={"procedure_options": [BIRTH, "1.001939"]})) == "1.001939"
    assert picked(turn(loaded, "thẻ căn cước", slots={"procedure_options": [BIRTH, CARD]})) == CARD
    answered = explained(turn(loaded, "cái thứ 2", "ask_procedure", slots, entities={"ordinal": "2"}))
    assert answered.slots["procedure"] == options[1] and answered.slots["aspect"] == "documents"


def test_an_ordinal_outside_of_the_choices_picks_nothing(loaded: Session) -> None:
    assert ordinal(turn(loaded, "cái thứ 9", entities={"ordinal": "9"}), [BIRTH, CARD]) is None
    assert ordinal(turn(loaded, "2", entities={"ordinal": "2"}), []) is None


def test_two_questions_back_then_a_person(loaded: Session) -> None:
    slots: dict[str, Any] = {}
    kinds = []
    for _ in range(3):
        reply = explained(turn(loaded, "giấy tờ nhà đất", "ask_procedure_documents", dict(slots)))
        slots.update(reply.slots)
        kinds.append(reply.messages[0].kind)
    assert kinds == ["procedure_choices", "procedure_choices", "handoff"]


def test_another_need_is_a_first_question_again(loaded: Session) -> None:
    first = explained(
        turn(
            loaded, "giấy tờ nhà đất", "ask_procedure_documents", {"asked_back": 2, "procedure_options": [BIRTH, CARD]}
        )
    )
    assert first.messages[0].kind == "procedure_choices" and first.slots["asked_back"] == 1


def test_whoever_cannot_tell_gets_a_person_or_every_case(loaded: Session) -> None:
    lost = explained(turn(loaded, "em cũng ko biết cái nào nữa", "help", {"procedure_options": [BIRTH, CARD]}))
    assert lost.messages[0].kind == "handoff"
    slots = {"procedure_options": the_cases(loaded), "aspect": "documents"}
    every = explained(turn(loaded, "chưa rõ em ơi", "repeat", slots))
    assert every.messages[0].kind == "procedure" and "tùy trường hợp" in every.messages[0].text


@pytest.mark.parametrize(
    ("text", "is_unsure"),
    [
        ("em không biết nữa", True),
        ("chưa rõ", True),
        ("ko biet cai nao", True),
        ("không biết làm sao", False),
        ("chưa biết nộp ở đâu", False),
        ("giấy tờ nhà đất", False),
    ],
)
def test_not_knowing(loaded: Session, text: str, is_unsure: bool) -> None:
    assert unsure(turn(loaded, text)) is is_unsure


def test_own_words_answer_the_question_whatever_their_intent(loaded: Session) -> None:
    slots = {"procedure_options": the_cases(loaded), "aspect": "documents"}
    said = turn(loaded, "tuoi ray ca phe", "out_of_scope", slots)
    assert named_case(said, slots["procedure_options"]) is not None
    handed_on = preempt(said)
    assert handed_on is not None and handed_on.then == EXPLAIN
    answered = explained(said)
    assert answered.messages[0].kind == "procedure" and answered.messages[0].fields["aspect"] == "documents"
    assert answered.slots["procedure_case"].startswith(f"{WELL}:")


@pytest.mark.parametrize(
    ("text", "intent", "more"),
    [
        ("gặp nhân viên, tưới rẫy", "talk_to_human", {}),
        ("thôi", "cancel", {}),
        ("tưới rẫy", "inform", {"active_loop": "pickup_form"}),
        ("hồ sơ của tôi tới đâu rồi", "check_dossier", {}),
        ("/ask_office", "ask_office", {}),
    ],
)
def test_what_means_itself_is_left_alone(loaded: Session, text: str, intent: str, more: dict[str, Any]) -> None:
    slots = {"procedure_options": the_cases(loaded), "aspect": "documents"}
    assert preempt(turn(loaded, text, intent, slots, **more)) is None


def test_a_chosen_case_holds_for_the_next_question(loaded: Session) -> None:
    case = the_cases(loaded)[0]
    slots = {"procedure": WELL, "procedure_case": case, "aspect": "documents"}
    reply = explained(turn(loaded, "giấy tờ gồm gì", "ask_procedure_documents", slots))
    assert reply.messages[0].kind == "procedure" and reply.messages[0].fields["case"] == case.partition(":")[2]


def test_a_case_of_another_procedure_does_not_hold(loaded: Session) -> None:
    slots = {"procedure": WELL, "procedure_case": f"{BIRTH}:late", "aspect": "documents"}
    reply = explained(turn(loaded, "giấy tờ gồm gì", "ask_procedure_documents", slots))
    assert reply.messages[0].kind == "procedure_choices"


def test_a_list_to_keep_is_given_for_the_topic(loaded: Session) -> None:
    said = turn(loaded, "gửi chị file danh sách giấy tờ vs", "file_online", {"procedure": MARRIAGE})
    handed_on = preempt(said)
    assert handed_on is not None and handed_on.then == EXPLAIN
    message = explained(said).messages[0]
    assert message.fields["code"] == MARRIAGE and f"/thu-tuc/{MARRIAGE}/giay-to.pdf" in message.text


def test_a_question_whose_words_fit_the_topic_goes_on_about_it(loaded: Session) -> None:
    slots = {"procedure": "1.013225", "aspect": "documents"}
    reply = explained(
        turn(
            loaded,
            "bao nhiêu ngày thì có giấy phép",
            "ask_procedure_duration",
            slots,
            entities={"procedure": "giấy phép"},
        )
    )
    assert reply.messages[0].fields.get("code") == "1.013225"


def test_an_unknown_code_is_asked_about_and_not_invented(loaded: Session) -> None:
    reply = explained(turn(loaded, "/", "ask_procedure", entities={"procedure": "9.999999"}))
    assert reply.messages[0].kind == "procedure_choices"
