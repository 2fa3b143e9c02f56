"""Whole bookings through the form, as Rasa calls it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from rasa_sdk.executor import ActionExecutor
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions import pickups
from bot.dossiers import proof
from bot.pickups import slots
from bot.pickups.form.draft import FIELDS
from bot.pickups.models import Pickup
from bot.privacy.models import Consent
from bot.procedures import catalogue
from bot.procedures.models import Procedure

from .conftest import BIRTH, CODE, DI_LINH, MARRIAGE, MONDAY, OFFICE
from .talk import ACTIONS, Talk


def kinds(sent: list[dict[str, Any]]) -> list[str]:
    return [message["custom"]["kind"] for message in sent]


def stored(session: Session) -> list[Pickup]:
    return list(session.execute(select(Pickup)).scalars())


@pytest.fixture
def talk(world: SimpleNamespace) -> Talk:
    """A conversation in a world where everything is there."""
    return Talk()


def up_to_the_date(talk: Talk, session: Session) -> None:
    """A delivery told up to the address; the date is asked for."""
    proof.prove(session, talk.sender, CODE, "1234")
    talk.slots["dossier_code"] = CODE
    talk.say("giao kết quả về nhà", "book_delivery")
    talk.say("Lê Thị Ngọc Bích", person="Lê Thị Ngọc Bích")
    talk.say("0912 345 678", phone="0912345678")
    talk.say("xã Di Linh", commune=DI_LINH)
    talk.say("12 Hùng Vương", address="12 Hùng Vương")


@pytest.fixture
def at_consent(talk: Talk, session: Session) -> Talk:
    """A delivery with every fact given; the consent is asked for."""
    up_to_the_date(talk, session)
    talk.say("mai", date="2026-11-23")
    talk.say("buổi sáng", time_window="morning")
    talk.press("Không, tự mình")
    talk.press("Khi bưu tá đến")
    assert talk.asked == "consent"
    return talk


def test_a_whole_delivery(talk: Talk, session: Session) -> None:
    sent = talk.say("giao kết quả về nhà giúp tôi", "book_delivery")
    assert (kinds(sent), sent[0]["custom"]["slot"]) == (["pickup_question"], "dossier")
    assert kinds(talk.say(CODE, dossier_code=CODE)) == ["dossier_proof"]
    assert talk.fact("dossier") is None
    assert talk.say("1234")[0]["custom"]["slot"] == "recipient_name"
    talk.say("Lê Thị Ngọc Bích", person="Lê Thị Ngọc Bích")
    talk.say("0912 345 678", phone="0912345678")
    talk.say("xã Di Linh", commune=DI_LINH)
    sent = talk.say("12 Hùng Vương", address="12 Hùng Vương")
    assert talk.titles == ["Thứ hai 23/11/2026", "Thứ tư 25/11/2026", "Thứ năm 26/11/2026"]
    talk.press("Thứ hai 23/11/2026")
    talk.press("Buổi chiều")
    talk.press("Không, tự mình")
    sent = talk.press("Khi bưu tá đến")
    assert kinds(sent) == ["pickup_summary", "pickup_question"]
    summary = sent[0]["custom"]
    assert summary["phone"] == "09xx***678"
    assert set(FIELDS) - {"consent"} <= set(summary)
    assert "0912345678" not in str(sent)
    assert talk.titles == ["Đồng ý", "Sửa lại", "Thôi"]
    sent = talk.press("Đồng ý")
    (pickup,) = stored(session)
    assert sent[0]["custom"] == {
        "kind": "pickup_booked",
        "booking": pickup.booking,
        "state": "requested",
        "date": "2026-11-23",
        "window": "afternoon",
        "fee": None,
    }
    assert (pickup.phone, pickup.address, pickup.unit_code) == ("0912345678", "12 Hùng Vương", DI_LINH)
    assert session.execute(select(Consent.purpose)).scalars().all() == ["pickup"]
    assert talk.facts() == {}


def test_a_whole_collection_typed_without_any_entity(talk: Talk, session: Session) -> None:
    talk.say("đến nhà lấy hồ sơ", "book_collection")
    assert talk.asked == "procedure"
    talk.say("đăng ký khai sinh", "ask_procedure")
    assert talk.fact("procedure") == BIRTH
    talk.say("tôi tên là trần văn thưởng ạ", "nlu_fallback")
    assert talk.fact("recipient_name") == "Trần Văn Thưởng"
    talk.say("sđt +84 912 345 678 nha", "nlu_fallback")
    talk.say("xa Di Linh", "ask_new_unit")
    talk.say("thôn 3, gần chợ", "out_of_scope")
    talk.say("25/11", "nlu_fallback")
    talk.say("chieu", "nlu_fallback")
    talk.say("không", "deny")
    talk.say("tra truoc", "out_of_scope")
    assert talk.asked == "consent"
    assert kinds(talk.say("đồng ý", "affirm")) == ["pickup_booked"]
    (pickup,) = stored(session)
    assert (pickup.service, pickup.procedure_code, pickup.phone) == ("collect", BIRTH, "0912345678")
    assert (str(pickup.slot.date), pickup.slot.window) == ("2026-11-25", "afternoon")
    assert (pickup.payment, pickup.address) == ("before", "thôn 3, gần chợ")


def test_several_facts_in_one_sentence(talk: Talk) -> None:
    talk.say(
        f"giao hs {CODE}, 4 số cuối 1234, về 45/2 Lê Lợi, xã Di Linh, sáng mai, gọi 0987654321",
        "book_delivery",
        dossier_code=CODE,
        address="45/2 Lê Lợi",
        commune=DI_LINH,
        date="2026-11-23",
        time_window="morning",
        phone="0987654321",
    )
    assert talk.asked == "recipient_name"
    known = {"service": "deliver", "dossier": CODE, "commune": DI_LINH, "address": "45/2 Lê Lợi"}
    assert talk.facts() == {**known, "phone": "0987654321", "date": "2026-11-23", "window": "morning"}


def test_code_and_factor_in_one_message_and_the_factor_is_kept_nowhere(talk: Talk) -> None:
    talk.say("giao kết quả", "book_delivery")
    talk.say(f"{CODE} 1234", dossier_code=CODE)
    assert talk.fact("dossier") == CODE
    assert "1234" not in [str(value) for value in talk.slots.values()]


def test_a_phone_to_call_is_no_try_at_the_proof(talk: Talk, session: Session) -> None:
    talk.say(f"giao {CODE} cho em, sdt 0987654321", "book_delivery", dossier_code=CODE, phone="0987654321")
    assert talk.asked == "dossier"
    for _ in range(proof.MAX_FAILURES - 1):
        proof.prove(session, talk.sender, CODE, "9999")
    assert proof.locked(session, talk.sender, CODE) is None


@pytest.mark.parametrize("code", [CODE, "H36.12-261102-7777"])
def test_a_wrong_factor_says_the_same_for_a_known_and_an_unknown_dossier(talk: Talk, code: str) -> None:
    talk.say("giao kết quả", "book_delivery")
    talk.say(code, dossier_code=code)
    assert kinds(talk.say("9999")) == ["dossier_not_found"]
    assert talk.asked == "dossier"
    assert kinds(talk.say("8888")) == ["dossier_not_found"]
    for wrong in ("7777", "6666"):
        talk.say(wrong)
    assert kinds(talk.say("5555")) == ["dossier_locked"]
    assert not talk.active
    assert talk.facts() == {}


def test_after_a_wrong_factor_the_right_one_works(talk: Talk) -> None:
    talk.say("giao kết quả", "book_delivery")
    talk.say(f"{CODE} 9999", dossier_code=CODE)
    talk.say("1234")
    assert talk.asked == "recipient_name"


def test_another_code_has_to_be_proved_again(at_consent: Talk) -> None:
    at_consent.say("à nhầm, mã là H36.12-261102-7777", "correct_previous", dossier_code="H36.12-261102-7777")
    assert (at_consent.asked, at_consent.fact("dossier")) == ("dossier", None)


def test_a_wrong_code_can_be_put_right_by_its_button(talk: Talk) -> None:
    talk.say("giao kết quả", "book_delivery")
    talk.say("H36.12-261102-7777", dossier_code="H36.12-261102-7777")
    sent = talk.press("Sửa mã hồ sơ")
    assert sent[0]["custom"] == {"kind": "pickup_question", "slot": "dossier"}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("lệ phí bao nhiêu vậy em?", "ask_procedure_fee"),
        ("cước giao bao nhiêu", "ask_postal_service"),
        ("cho gặp nhân viên", "talk_to_human"),
        ("thôi không đặt nữa", "cancel"),
        ("trung tâm ở đâu vậy", "ask_office"),
        ("là sao", "repeat"),
        ("hồ sơ tôi tới đâu rồi", "check_dossier"),
    ],
)
@pytest.mark.parametrize("asked", ["recipient_name", "phone", "commune", "address", "date", "window", "consent"])
def test_a_question_of_another_kind_is_not_swallowed(at_consent: Talk, asked: str, text: str, intent: str) -> None:
    if asked != "consent":
        at_consent.slots.update({f"pickup_{asked}": None, "requested_slot": f"pickup_{asked}"})
    before = at_consent.facts()
    assert at_consent.say(text, intent, procedure="khai sinh", commune=DI_LINH) == []
    assert at_consent.rejected
    assert (at_consent.facts(), at_consent.asked) == (before, asked)


@pytest.mark.parametrize(
    ("text", "intent", "entities", "fact", "value"),
    [
        ("à nhầm, số nhà 45", "correct_previous", {}, "address", "45 Hùng Vương"),
        ("à nhầm, số nhà 45", "inform", {"address": "số nhà 45"}, "address", "45 Hùng Vương"),
        ("sửa lại 7 Trần Phú", "correct_previous", {"address": "7 Trần Phú"}, "address", "7 Trần Phú"),
        ("đổi sang buổi chiều", "change_pickup", {"time_window": "afternoon"}, "window", "afternoon"),
        ("doi sang chieu", "nlu_fallback", {}, "window", "afternoon"),
        ("lộn, số đúng là 0987 000 112", "correct_previous", {"phone": "0987000112"}, "phone", "0987000112"),
        ("ngày 25/11 mới phải", "correct_previous", {"date": "2026-11-25"}, "date", "2026-11-25"),
        (
            "ghi tên Trần Thị Sương giúp em",
            "inform",
            {"person": "Trần Thị Sương"},
            "recipient_name",
            "Trần Thị Sương",
        ),
        ("ok nhưng chiều nha", "affirm", {"time_window": "chiều"}, "window", "afternoon"),
    ],
)
def test_a_fact_is_corrected_and_the_summary_shown_again(
    at_consent: Talk, text: str, intent: str, entities: dict[str, str], fact: str, value: str
) -> None:
    before = at_consent.facts()
    sent = at_consent.say(text, intent, **entities)
    assert kinds(sent) == ["pickup_summary", "pickup_question"]
    assert at_consent.facts() == {**before, fact: value}


def test_edit_button_lists_the_facts_and_asks_for_the_one_picked(at_consent: Talk) -> None:
    at_consent.press("Sửa lại")
    assert at_consent.titles[:2] == ["Họ tên", "Số điện thoại"]
    at_consent.press("Số điện thoại")
    assert at_consent.asked == "phone"
    assert kinds(at_consent.say("0987654321", phone="0987654321")) == ["pickup_summary", "pickup_question"]
    assert at_consent.titles == ["Đồng ý", "Sửa lại", "Thôi"]


def test_the_list_of_facts_is_not_mistaken_for_the_consent(at_consent: Talk, session: Session) -> None:
    at_consent.press("Sửa lại")
    at_consent.say("1", ordinal="1")
    assert at_consent.asked == "recipient_name"
    assert stored(session) == []


@pytest.mark.parametrize("said", ["chưa đúng", "không đúng rồi em", "sai rồi"])
def test_a_no_to_the_words_is_no_no_to_the_booking(at_consent: Talk, said: str) -> None:
    at_consent.say(said, "deny")
    assert at_consent.titles[0] == "Họ tên"
    at_consent.say("không, sửa lại số điện thoại", "deny")
    assert at_consent.asked == "phone"


def test_a_named_fact_is_asked_for_again(at_consent: Talk) -> None:
    at_consent.say("sai số điện thoại rồi", "correct_previous")
    assert at_consent.asked == "phone"


def test_a_bare_mistake_takes_the_last_fact_back(talk: Talk) -> None:
    talk.say("đến nhà lấy hồ sơ", "book_collection")
    talk.say("khai sinh", procedure="đăng ký khai sinh")
    talk.say("Lê Văn Tí", person="Lê Văn Tí")
    talk.say("à nhầm", "correct_previous")
    assert (talk.asked, talk.fact("recipient_name")) == ("recipient_name", None)


@pytest.mark.parametrize("said", ["Thôi", None])
def test_without_consent_nothing_is_booked_or_kept(at_consent: Talk, session: Session, said: str | None) -> None:
    sent = at_consent.press(said) if said else at_consent.say("không đồng ý", "deny")
    assert kinds(sent) == ["cancelled"]
    assert stored(session) == []
    assert session.execute(select(Consent)).first() is None
    assert at_consent.facts() == {}


def test_a_place_gone_in_between_costs_only_the_time(at_consent: Talk, session: Session) -> None:
    for _ in range(2):
        assert slots.take(session, OFFICE, MONDAY, "morning")
    sent = at_consent.press("Đồng ý")
    assert kinds(sent) == ["pickup_refused", "pickup_question"]
    assert sent[0]["custom"]["reason"] == "slot_full"
    assert sent[0]["custom"]["alternatives"][0] == {
        "what": "slot",
        "date": "2026-11-23",
        "window": "afternoon",
    }
    assert at_consent.active
    assert at_consent.asked == "date"
    assert at_consent.fact("address") == "12 Hùng Vương"
    at_consent.say("25/11 buổi sáng", date="2026-11-25", time_window="morning")
    assert at_consent.asked == "consent"
    assert kinds(at_consent.press("Đồng ý")) == ["pickup_booked"]


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-11-22", "23/11/2026"),
        ("2026-11-24", "23/11/2026"),
        ("2026-11-28", "23/11/2026"),
        ("2026-12-30", "hết chỗ"),
    ],
)
def test_a_day_that_cannot_be_had_is_refused_with_the_next_ones(at_consent: Talk, day: str, why: str) -> None:
    sent = at_consent.say("đổi ngày", "correct_previous", date=day)
    assert kinds(sent) == ["pickup_question", "pickup_question"]
    assert why in sent[0]["text"]
    assert at_consent.asked == "date"
    assert len(at_consent.titles) == 3


def test_only_one_half_day_left_is_offered_as_such(at_consent: Talk, session: Session) -> None:
    for _ in range(2):
        slots.take(session, OFFICE, MONDAY, "afternoon")
    at_consent.say("đổi sang chiều", "change_pickup", time_window="afternoon")
    assert at_consent.titles == ["Buổi sáng", "Chọn ngày khác"]
    at_consent.press("Chọn ngày khác")
    assert at_consent.asked == "date"


def test_a_wrong_phone_is_said_to_be_wrong(talk: Talk) -> None:
    talk.say("đến nhà lấy hồ sơ", "book_collection")
    talk.say("khai sinh", procedure="đăng ký khai sinh")
    talk.say("Lê Văn Tí", person="Lê Văn Tí")
    sent = talk.say("091234567")
    assert "10 chữ số" in sent[0]["text"]
    assert talk.asked == "phone"


def test_an_ambiguous_commune_is_asked_back(talk: Talk) -> None:
    talk.say("đến nhà lấy hồ sơ", "book_collection")
    talk.say("khai sinh", procedure="đăng ký khai sinh")
    talk.say("Lê Văn Tí", person="Lê Văn Tí")
    talk.say("0912345678", phone="0912345678")
    talk.say("Tân Hà", commune="Tân Hà")
    assert talk.titles == ["xã Tân Hà Lâm Hà", "xã Trà Tân", "xã Hàm Tân"]
    talk.say("cái thứ 2", ordinal="2")
    assert talk.fact("commune") == "23227"  # served by the nearest office, Di Linh
    assert talk.asked == "address"


def test_somebody_else_is_named_and_reminded_of_the_authorisation(at_consent: Talk) -> None:
    at_consent.press("Sửa lại")
    at_consent.press("Người làm thay")
    sent = at_consent.press("Có, nhờ người khác")
    assert "giấy ủy quyền" in sent[0]["text"]
    sent = at_consent.say("Trần Văn Bảy", person="Trần Văn Bảy")
    assert (at_consent.fact("proxy"), at_consent.fact("recipient_name")) == (
        "Trần Văn Bảy",
        "Lê Thị Ngọc Bích",
    )
    assert "Trần Văn Bảy" in sent[0]["text"]


def test_a_procedure_that_needs_the_person_is_refused(talk: Talk) -> None:
    talk.say("đến nhà lấy hồ sơ", "book_collection")
    sent = talk.say("đăng ký kết hôn", procedure="đăng ký kết hôn")
    assert kinds(sent) == ["pickup_refused"]
    assert sent[0]["custom"]["reason"] == "procedure_in_person"
    assert not talk.active
    assert talk.facts() == {}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"status": 1}, "dossier_not_received"),
        ({"status": 10}, "dossier_returned"),
        ({"procedure_code": MARRIAGE}, "procedure_in_person"),
    ],
)
def test_a_dossier_that_cannot_be_delivered_ends_the_form(
    talk: Talk, put_dossier: Callable[..., str], fields: dict[str, Any], reason: str
) -> None:
    put_dossier(**fields)
    sent = talk.say(f"giao {CODE} 4 số cuối 1234", "book_delivery", dossier_code=CODE)
    assert [message["custom"].get("reason") for message in sent] == [reason]
    assert not talk.active


@pytest.mark.parametrize(("collect", "unsure"), [("yes", False), ("ask", True)])
def test_what_nobody_has_confirmed_is_booked_with_a_warning(
    talk: Talk, session: Session, monkeypatch: pytest.MonkeyPatch, collect: str, unsure: bool
) -> None:
    monkeypatch.setattr(catalogue, "_held", WeakKeyDictionary())  # it keeps what the tables held a second ago
    session.execute(Procedure.__table__.update().where(Procedure.code == BIRTH).values(bcci_collect=collect))
    session.expire_all()
    talk.slots["procedure"] = BIRTH
    talk.say("tới lấy hồ sơ", "book_collection")
    for text in ("Lê Văn Tí", "0912345678", "xã Di Linh", "12 Hùng Vương", "25/11", "sáng"):
        talk.say(text)
    talk.say("không", "deny")
    talk.say("trả khi nhận")
    sent = talk.say("đồng ý", "affirm")
    assert kinds(sent) == ["pickup_booked"]
    assert ("chưa chắc" in sent[0]["text"]) is unsure


def test_the_topic_of_the_talk_is_taken_over(talk: Talk) -> None:
    talk.slots["procedure"] = BIRTH
    talk.say("tới nhà lấy giấy giúp em", "book_collection")
    assert (talk.fact("procedure"), talk.asked) == (BIRTH, "recipient_name")
    other = Talk("web:b")
    other.slots["procedure"] = MARRIAGE
    other.say("tới nhà lấy giấy giúp em", "book_collection")
    assert (other.fact("procedure"), other.asked) == (None, "procedure")


def test_every_action_of_the_form_is_registered_once() -> None:
    executor = ActionExecutor()
    executor.register_package(pickups)
    executor._register_all_actions()
    asking = {f"action_ask_pickup_form_pickup_{field}" for field in FIELDS}
    assert asking < set(ACTIONS)
    assert set(ACTIONS) <= set(executor.actions)


@pytest.mark.parametrize(
    ("text", "said"),
    [("ngày rằm tháng này", "ngày dương lịch"), ("tuần sau lúc nào cũng được", "một ngày cụ thể")],
)
def test_a_lunar_or_vague_day_is_asked_back_and_never_guessed(
    talk: Talk, session: Session, text: str, said: str
) -> None:
    up_to_the_date(talk, session)
    assert talk.asked == "date"
    sent = talk.say(text)
    assert said in sent[0]["text"]
    assert talk.asked == "date"
    assert talk.slots["pickup_date"] is None
