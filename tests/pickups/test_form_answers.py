"""The question that was asked rules: answers that the model takes for something else, and what is no answer."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session

from bot.dossiers import proof

from .conftest import CODE
from .talk import Talk
from .test_form import up_to_the_date


@pytest.fixture
def at_date(world: SimpleNamespace, session: Session) -> Talk:
    """A delivery told up to the address; the date is asked for."""
    talk = Talk()
    up_to_the_date(talk, session)
    return talk


@pytest.fixture
def at_consent(at_date: Talk) -> Talk:
    """A delivery with every fact given; the consent is asked for."""
    for text in ("23/11", "sáng", "không", "trả khi nhận"):
        at_date.say(text)
    assert at_date.asked == "consent"
    return at_date


@pytest.mark.parametrize(
    ("asked", "text", "intent", "value"),
    [
        ("payment", "bao giờ giao tới nơi thì chị trả", "request_my_data", "on_receipt"),
        ("payment", "họ mang lên đây tôi gửi tiền", "suspect_scam", "on_receipt"),
        ("payment", "quẹt mã QR trước đi", "previous_step", "before"),
        ("window", "chiều tôi rảnh tay", "track_pickup", "afternoon"),
        ("date", "thứ sáu ổn không em?", "ask_procedure_eligibility", None),
        ("date", "thứ năm được không em?", "ask_procedure_eligibility", "2026-11-26"),
        ("address", "nha so9 le lai", "report_payment_problem", "so9 le lai"),
        ("recipient_name", "Đàm Quang Trung", "report_account_problem", "Đàm Quang Trung"),
        ("proxy", "mình tui lo hết", "greet", "self"),
        ("proxy", "chị đứng tên chị ra đưa", "cancel_pickup", "self"),
        ("proxy", "hổng ai thế hết", "ask_procedure_proxy", "self"),
    ],
)
def test_a_sure_value_is_the_answer_whatever_the_intent(
    at_consent: Talk, asked: str, text: str, intent: str, value: str | None
) -> None:
    at_consent.slots.update({f"pickup_{asked}": None, "requested_slot": f"pickup_{asked}"})
    at_consent.say(text, intent)
    assert at_consent.fact(asked) == value


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("nhờ người khác thì cần đem gì", "ask_procedure_proxy"),
        ("mà trả kiểu nào", "ask_postal_service"),
        ("có bị trễ không ta", "out_of_scope"),
        ("nhà khóa cửa thì sao", "out_of_scope"),
    ],
)
@pytest.mark.parametrize("asked", ["recipient_name", "address", "proxy", "payment"])
def test_a_question_without_its_mark_is_no_answer(at_consent: Talk, asked: str, text: str, intent: str) -> None:
    at_consent.slots.update({f"pickup_{asked}": None, "requested_slot": f"pickup_{asked}"})
    before = at_consent.facts()
    at_consent.say(text, intent)
    assert (at_consent.facts(), at_consent.asked) == (before, asked)


@pytest.mark.parametrize("asked", ["phone", "address", "date", "consent"])
def test_whoever_asks_to_wait_is_waited_for(at_consent: Talk, asked: str) -> None:
    if asked != "consent":
        at_consent.slots.update({f"pickup_{asked}": None, "requested_slot": f"pickup_{asked}"})
    sent = at_consent.say("đợi anh xíu", "out_of_scope")
    assert "từ từ" in sent[0]["text"]
    assert at_consent.asked == asked


@pytest.mark.parametrize(
    ("text", "intent", "fact", "value"),
    [
        ("thôi tui tự ra nhận, khỏi nhờ ai", "cancel_pickup", "proxy", "self"),
        ("thôi trả trước luôn cho gọn", "cancel", "payment", "before"),
        ("bữa đó tôi bận, chị gái tôi là Lò Thị Ban nhận thay", "change_pickup", "proxy", "Lò Thị Ban"),
        ("Khoan, 25 mới được, dời qua ngày 26/11 nha", "change_pickup", "date", "2026-11-26"),
        ("ghi nhầm tên rồi, phải là Lê Thị Ngọc Bính", "nlu_fallback", "recipient_name", "Lê Thị Ngọc Bính"),
        ("số nhà 21 chứ không phải 12", "correct_previous", "address", "21 Hùng Vương"),
        ("nhầm, số cũ 0912345678 bỏ, gọi 0987111222", "inform", "phone", "0987111222"),
    ],
)
def test_what_was_said_is_put_right_at_a_later_question(
    at_consent: Talk, text: str, intent: str, fact: str, value: str
) -> None:
    before = at_consent.facts()
    at_consent.say(text, intent)
    assert at_consent.facts() == {**before, fact: value}
    assert at_consent.asked == "consent"


def test_a_date_a_name_and_a_street_out_of_turn_are_not_taken_out_of_an_address(at_date: Talk) -> None:
    at_date.slots.update({"pickup_address": None, "requested_slot": "pickup_address"})
    at_date.say("9 Huỳnh Thúc Kháng", person="Huỳnh Thúc Kháng")
    assert at_date.fact("recipient_name") == "Lê Thị Ngọc Bích"
    assert at_date.fact("address") == "9 Huỳnh Thúc Kháng"


def test_the_earliest_day_is_the_first_open_one(at_date: Talk) -> None:
    at_date.say("ngày nào sớm nhất thì lấy", "nlu_fallback")
    assert at_date.fact("date") == "2026-11-23"


def test_the_secret_of_the_slip_needs_no_word_before_it(
    world: SimpleNamespace, put_dossier: Callable[..., str]
) -> None:
    put_dossier(slip_secret="K7Q2")
    talk = Talk()
    talk.say("giao kết quả", "book_delivery")
    talk.say(CODE, dossier_code=CODE)
    talk.say("tờ giấy nó in là K7Q2 đó", "ask_dossier_code", commune="K7")
    assert talk.fact("dossier") == CODE
    assert talk.fact("commune") is None


@pytest.mark.parametrize("said", ["chưa có, hồ sơ sắp nộp", "có nộp đâu mà có mã"])
def test_papers_not_yet_filed_are_collected_first_and_need_no_code(world: SimpleNamespace, said: str) -> None:
    talk = Talk()
    talk.say("tới lấy giấy tờ rồi có kết quả thì mang về nhà", "book_collection")
    assert (talk.fact("service"), talk.asked) == ("both", "dossier")
    sent = talk.say(said, "ask_dossier_code")
    assert "lấy hồ sơ trước" in sent[0]["text"]
    assert (talk.fact("service"), talk.fact("dossier"), talk.asked) == ("both", "none", "procedure")


def test_another_province_in_the_address_ends_a_collection(world: SimpleNamespace) -> None:
    talk = Talk()
    talk.say("đến nhà lấy hồ sơ", "book_collection")
    talk.say("khai sinh", procedure="đăng ký khai sinh")
    for text in ("Lê Văn Tí", "0912345678", "xã Di Linh"):
        talk.say(text)
    sent = talk.say("ấp 4, xã Xuân Lộc, tỉnh Đồng Nai", address="ấp 4")
    assert sent[0]["custom"]["reason"] == "collection_outside"
    assert not talk.active


def test_a_second_answer_chooses_among_communes_of_one_name(world: SimpleNamespace) -> None:
    talk = Talk()
    talk.say("đến nhà lấy hồ sơ", "book_collection")
    talk.say("khai sinh", procedure="đăng ký khai sinh")
    for text in ("Lê Văn Tí", "0912345678"):
        talk.say(text)
    talk.say("Tân Hà", commune="Tân Hà")
    talk.say("bên Lâm Hà đó", "greet")
    assert talk.asked == "address"


def test_nothing_is_forgotten_when_the_model_hears_a_new_booking(at_consent: Talk) -> None:
    before = at_consent.facts()
    at_consent.slots["pickup_consent"] = None
    at_consent.say("giao giao gì đó", "book_delivery")
    assert at_consent.facts() == before


def test_papers_and_their_result_have_nothing_to_do_with_the_dossier_talked_of_before(world: SimpleNamespace) -> None:
    talk = Talk()
    proof.prove(world.session, talk.sender, CODE, "1234")
    talk.slots["dossier_code"] = CODE
    talk.say("nho buu dien toi nha lay giay to lam khai sinh roi co ket qua mang ve luon nha", "book_delivery")
    assert talk.fact("service") == "both" and talk.fact("dossier") is None
