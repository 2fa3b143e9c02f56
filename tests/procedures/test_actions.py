"""Explaining, asking back and being answered, without Rasa: what an action makes of a turn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from actions.picking import named_case, ordinal, picked, unsure
from actions.precedence import EXPLAIN, preempt
from actions.procedures import ExplainProcedure
from actions.service import Fallback
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


CARDS = ["1.014061", "1.014063", "1.014064", "1.014062"]


@pytest.mark.parametrize(("text", "code"), [("bé nhà em 7t", "1.014062"), ("cháu mười lăm tuổi", "1.014061")])
def test_an_age_picks_the_card_that_is_made_for_it(loaded: Session, text: str, code: str) -> None:
    slots = {"procedure_options": CARDS, "aspect": "documents"}
    assert picked(turn(loaded, text, slots=slots)) == code


@pytest.mark.parametrize("text", ["nộp bao nhiêu tiền", "đem theo gì", "lam o dau"])
def test_a_question_without_a_name_picks_none_of_the_choices(loaded: Session, text: str) -> None:
    slots = {"procedure_options": CARDS}
    assert picked(turn(loaded, text, "ask_procedure_documents", slots)) is None
    again = explained(turn(loaded, text, "ask_procedure_fee", slots))
    assert again.slots["procedure_options"] == CARDS and "mức lệ phí tùy thủ tục" in again.messages[0].text


def test_the_age_in_a_message_decides_at_once(loaded: Session) -> None:
    said = turn(loaded, "lam cccd cho be gai 8t", "ask_procedure_documents", entities={"procedure": "cccd"})
    assert explained(said).slots["procedure"] == "1.014062"


def test_another_age_leads_to_the_card_beside(loaded: Session) -> None:
    slots = {"procedure": "1.014062", "aspect": "fee"}
    said = turn(loaded, "vậy đứa lớn 17 tuổi", "inform", slots)
    handed_on = preempt(said)
    assert handed_on is not None and handed_on.then == EXPLAIN
    assert explained(said).slots["procedure"] == "1.014061"


def test_an_age_decides_the_case(loaded: Session) -> None:
    said = turn(loaded, "làm hộ chiếu cho nhóc 5 tuổi", "ask_procedure_documents", entities={"procedure": "hộ chiếu"})
    reply = explained(said)
    assert reply.messages[0].fields["code"] == "1.001456" and reply.messages[0].fields["case"] == "child"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("chị có thuộc đối tượng không", "ask_procedure_eligibility"),
        ("trình tự giải quyết sao em", "ask_procedure_steps"),
        ("cai nao khac cai nao", "ask_procedure"),
        ("vay ton kem khong", "ask_procedure_fee"),
    ],
)
def test_what_names_nothing_gets_one_question_and_no_list(loaded: Session, text: str, intent: str) -> None:
    (message,) = explained(turn(loaded, text, intent)).messages
    assert message.kind == "procedure_choices" and message.fields["options"] == []
    assert "thủ tục gì" in message.text


def test_the_question_is_about_what_was_talked_of(loaded: Session) -> None:
    slots = {"guide": "vneid_level_2", "guide_step": 2}
    assert explained(turn(loaded, "mat phi khong", "ask_procedure_fee", slots)).then == "action_account_help"
    stuck = Fallback().answer(turn(loaded, "hừm hừm", "nlu_fallback", slots))
    assert stuck.messages[0].kind == "fallback" and "bước 2 của hướng dẫn" in stuck.messages[0].text
    topic = Fallback().answer(turn(loaded, "hừm hừm", "nlu_fallback", {"procedure": BIRTH}))
    assert "Đăng ký khai sinh" in topic.messages[0].text
    assert [button.title for button in topic.messages[0].buttons][-1] == "Hỏi thủ tục khác"
    twice = Fallback().answer(turn(loaded, "hừm hừm", "nlu_fallback", {"procedure": BIRTH, "misunderstandings": 1}))
    assert "Gặp nhân viên" in [button.title for button in twice.messages[0].buttons]


@pytest.mark.parametrize(
    ("text", "intent", "entities", "code"),
    [
        ("con đẻ gần năm rồi, khai sinh quá hạn", "ask_dossier_late", {"procedure": "khai sinh"}, BIRTH),
        ("thẻ căn cước sắp hết hạn, đổi làm sao", "ask_account_requirements", {}, "1.014063"),
    ],
)
def test_a_question_about_a_procedure_taken_for_another_matter(
    loaded: Session, text: str, intent: str, entities: dict[str, str], code: str
) -> None:
    said = turn(loaded, text, intent, entities=entities)
    handed_on = preempt(said)
    assert handed_on is not None and handed_on.then == EXPLAIN
    assert explained(said).slots["procedure"] == code


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("hồ sơ khai sinh của tôi trễ hạn", "ask_dossier_late", {}),
        ("khai sinh trễ hạn", "ask_dossier_late", {"dossier_code": "H36.12-261105-0001"}),
        ("thẻ hết hạn có làm được VNeID không", "ask_account_requirements", {}),
        ("căn cước hết hạn phải đổi không", "ask_account_requirements", {"guide": "vneid_level_2"}),
    ],
)
def test_a_late_dossier_and_an_account_stay_what_they_are(
    loaded: Session, text: str, intent: str, slots: dict[str, Any]
) -> None:
    assert preempt(turn(loaded, text, intent, slots, entities={"procedure": "khai sinh"})) is None


def test_a_late_birth_is_told_what_differs(loaded: Session) -> None:
    said = turn(loaded, "lỡ trễ hạn rồi có sao không", "ask_dossier_late", {"procedure": BIRTH, "aspect": "overview"})
    assert preempt(said) is not None
    reply = explained(said)
    assert reply.messages[0].fields["aspect"] == "fee" and reply.messages[0].fields["case"] == "late"


def test_a_word_of_the_record_under_way_is_no_new_need(loaded: Session) -> None:
    slots = {"procedure": "1.013831", "aspect": "overview"}
    reply = explained(turn(loaded, "tiền thuế nhiêu", "ask_procedure_fee", slots))
    assert reply.messages[0].fields["code"] == "1.013831" and reply.messages[0].fields["aspect"] == "fee"
    assert explained(turn(loaded, "tiền thuế nhiêu", "ask_procedure_fee")).messages[0].kind == "procedure_choices"


def test_the_form_comes_with_where_to_find_it(loaded: Session) -> None:
    (message,) = explained(turn(loaded, "cho xin mẫu đơn", "ask_procedure_forms", {"procedure": MARRIAGE})).messages
    assert "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/" in message.text and "tờ in ở quầy" in message.text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("muốn báo tạm vắng mấy tháng", "1.003677"),
        ("lanh tro cap that nghiep", "1.001978"),
        ("làm lltp", "3.000333"),
        ("trợ cấp tuổi già cho bà", "1.014027"),
    ],
)
def test_what_people_ask_here_is_found(loaded: Session, text: str, code: str) -> None:
    assert explained(turn(loaded, text, "ask_procedure")).slots["procedure"] == code


def test_keeping_a_dog_is_no_adoption(loaded: Session) -> None:
    said = turn(loaded, "xin nuôi chó giữ nhà", "ask_procedure", entities={"procedure": "nuôi chó"})
    assert explained(said).messages[0].fields["topic"] == "pets"


def test_divorce_belongs_to_the_court_and_what_stands_beside_it_does_not(loaded: Session) -> None:
    said = turn(loaded, "ly dị cần giấy gì", "ask_procedure_documents", entities={"procedure": "ly dị"})
    assert "Tòa án" in explained(said).messages[0].text
    single = turn(loaded, "ly hôn xong xin giấy độc thân", "ask_procedure", entities={"procedure": "giấy độc thân"})
    assert explained(single).messages[0].fields["code"] == "1.004873"
    noted = turn(loaded, "ghi chú ly hôn nộp đâu", "ask_procedure_place", entities={"procedure": "ghi chú ly hôn"})
    assert explained(noted).slots["procedure"] == "2.000554"
