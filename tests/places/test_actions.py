"""What people are told about places."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from actions.places import ActionPlace
from actions.turn import Reply, Turn
from bot.messages import Message
from bot.places import office_answers, offices, units
from bot.places.content import communes
from bot.places.gazetteer import best
from bot.places.models import Office
from bot.settings import CONTENT

Make = Callable[..., Turn]


def answer(turn: Turn) -> Reply:
    return ActionPlace().answer(turn)


def only(reply: Reply) -> Message:
    (message,) = reply.messages
    assert message.kind == "place"
    assert {"units", "offices"} <= message.fields.keys()
    assert "UBND huyện" not in message.text
    return message


def test_without_a_commune_the_provincial_centre_and_a_question(turn: Make) -> None:
    message = only(answer(turn("trung tâm ở đâu vậy", "ask_office")))
    assert "36 Trần Phú" in message.text and "chưa kiểm chứng" in message.text
    assert message.fields["units"] == []
    assert message.fields["offices"][0]["code"] == offices.PROVINCIAL_CENTRE
    assert "ở xã, phường nào" in message.text


def test_nobody_is_sent_far_away(turn: Make) -> None:
    message = only(answer(turn("trung tâm hành chính xã Di Linh ở đâu", "ask_office")))
    assert message.fields["units"] == [{"code": "25000", "name": "xã Di Linh"}]
    assert "em chưa có địa chỉ" in message.text and "hỏi UBND xã" in message.text
    assert message.fields["offices"] == [] and "km" not in message.text and "Trần Phú" not in message.text


@pytest.mark.parametrize("commune", [code for code in communes() if code != "24781"])
def test_an_office_that_is_offered_is_near(turn: Make, commune: str) -> None:
    message = only(answer(turn("/ask_office", "ask_office", commune=commune)))
    assert "em chưa có địa chỉ" in message.text
    assert all(office["distance_km"] <= office_answers.NEAR_KM for office in message.fields["offices"])


def test_a_near_office_is_offered_with_its_distance(turn: Make) -> None:
    message = only(answer(turn("phuong lang biang da lat nop giay o dau", "ask_office")))
    assert "gần nhất" in message.text and message.fields["offices"][0]["distance_km"] < office_answers.NEAR_KM


def test_who_asks_for_the_council_is_not_sent_to_ask_it(turn: Make) -> None:
    text = only(answer(turn("cho xin sdt uy ban xa Bảo Lâm 1", "ask_office"))).text
    assert "số điện thoại của UBND xã Bảo Lâm 1" in text and "hỏi UBND" not in text
    assert "chưa kiểm chứng" in text, "the line that may know is told as unconfirmed"


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("xa gung re gio thuoc xa nao", "Dạ, xã Gung Ré, huyện Di Linh nay thuộc xã Di Linh"),
        ("THI TRAN LIEN NGHIA gio la gi", "Dạ, thị trấn Liên Nghĩa, huyện Đức Trọng nay thuộc xã Đức Trọng"),
        ("xã Lộc Ngãi giờ là xã gì", "Dạ, xã Lộc Ngãi nay thuộc"),
        ("binh thanh cu gio la xa nao", "Dạ, tên “Bình Thạnh” ứng với"),
        ("huyen don duong chia lam may xa", "Dạ, từ 01/07/2025 không còn cấp huyện; huyện Đơn Dương trước đây"),
    ],
)
def test_a_name_is_spelled_right_however_it_was_typed(turn: Make, text: str, beginning: str) -> None:
    assert only(answer(turn(text, "ask_new_unit"))).text.startswith(beginning)


def test_a_question_about_no_place_is_answered_as_what_it_is(turn: Make) -> None:
    (message,) = answer(turn("không xài smartphone thì nộp làm sao", "ask_office")).messages
    assert message.kind == "info" and message.fields["topic"] == "no_smartphone"


def test_a_verified_office_is_shown_with_its_date_and_no_doubt(turn: Make, places: Session) -> None:
    row = {
        "code": "HCC-DL",
        "name": "Trung tâm xã Di Linh",
        "unit_code": "25000",
        "address": "số 1 đường Thử",
        "phone": "0263 111",
        "hours": "7:00–11:30",
        "verified_at": "2026-11-20",
    }
    importer = offices.OfficeImporter()
    places.add(Office(**importer.check(row)))
    places.flush()
    text = only(answer(turn("xa di linh may gio mo cua", "ask_office"))).text
    assert "số 1 đường Thử" in text and "20/11/2026" in text
    assert "chưa kiểm chứng" not in text


def test_ambiguous_names_are_asked_back_with_buttons(turn: Make) -> None:
    reply = answer(turn("địa chỉ phường 1", "ask_office"))
    message = only(reply)
    assert reply.slots["unit_options"] == ["24823", "24781"]
    assert [
        json.loads(button.meaning.partition("{")[1] + button.meaning.partition("{")[2]) for button in message.buttons
    ] == [
        {"commune": "24823"},
        {"commune": "24781"},
    ]
    assert all(button.meaning.startswith("/ask_office{") for button in message.buttons)


def test_a_pressed_button_answers(turn: Make) -> None:
    pressed = turn('/ask_office{"commune": "24781"}', "ask_office", commune="24781")
    assert only(answer(pressed)).fields["units"][0]["code"] == "24781"


@pytest.mark.parametrize(("ordinal", "code"), [("2", "23227"), ("last", "23236"), ("1", "24916")])
def test_an_ordinal_chooses(turn: Make, ordinal: str, code: str) -> None:
    slots = {"unit_options": ["24916", "23227", "23236"]}
    reply = answer(turn("cái đó", "inform", slots, ordinal=ordinal))
    assert only(reply).fields["units"][0]["code"] == code
    assert reply.slots["unit_options"] == [code], "the chosen commune is the topic now"


@pytest.mark.parametrize("ordinal", ["9", "0", "không"])
def test_an_ordinal_outside_the_choice_chooses_nothing(turn: Make, ordinal: str) -> None:
    reply = answer(turn("cái đó", "inform", {"unit_options": ["24916"]}, ordinal=ordinal))
    assert only(reply).fields["units"] == []


def test_old_name_to_new(turn: Make) -> None:
    message = only(answer(turn("phường 4 Đà Lạt giờ là phường gì", "ask_new_unit")))
    assert message.text.startswith("Dạ, phường 4 Đà Lạt nay thuộc phường Xuân Hương - Đà Lạt")
    assert "không phải đổi" in message.text


def test_old_names_of_one_commune_are_answered_together(turn: Make) -> None:
    message = only(answer(turn("Lộc Thắng với Lộc Ngãi thành xã gì", "ask_new_unit")))
    assert "Lộc Thắng" in message.text and "Lộc Ngãi" in message.text and "xã Bảo Lâm 1" in message.text


def test_a_former_district_is_explained(turn: Make) -> None:
    reply = answer(turn("huyện Lâm Hà chia ra mấy xã", "ask_new_unit"))
    assert "không còn cấp huyện" in only(reply).text
    assert len(reply.slots["unit_options"]) == 6


def test_a_split_commune_offers_a_person(turn: Make) -> None:
    message = only(answer(turn("xã Phong Phú giờ là gì", "ask_new_unit")))
    assert "tùy thôn" in message.text
    assert [button.title for button in message.buttons] == ["Xã Phan Rí Cửa", "Xã Tuy Phong", "Gặp nhân viên"]


@pytest.mark.parametrize(
    "text",
    [
        "sáp nhập xong có phải đổi căn cước hông",
        "co can lam lai so do vi doi ten xa khong",
        "giấy tờ ghi tên huyện cũ còn xài được ko",
        "bang lai ghi tinh Binh Thuan co phai doi khong",
        "Giấy khai sinh của con ghi xã Tà Nung, giờ sáp nhập thì có làm lại không?",
        "gpkd ghi phường Lộc Sơn phải sửa lại không",
        "bao giờ phải đổi giấy tờ theo tên xã mới",
    ],
)
def test_papers_with_old_names_stay_valid(turn: Make, text: str) -> None:
    (message,) = answer(turn(text, "ask_new_unit")).messages
    assert message.text.startswith("Dạ không phải đổi")
    # Of one commune it is an answer about that place, else a general one with its source.
    assert message.kind == ("place" if best(text) and len(best(text)[0].codes) == 1 else "info")
    assert message.kind == "place" or message.fields["topic"] == "after_merger_papers"


@pytest.mark.parametrize(
    "text", ["xã Tà Nung đổi tên thành gì", "đổi giúp tôi địa chỉ cũ sang mới", "bỏ cấp huyện rồi hả"]
)
def test_other_questions_are_not_about_papers(turn: Make, text: str) -> None:
    assert not only(answer(turn(text, "ask_new_unit"))).text.startswith("Dạ không phải đổi")


def test_the_merged_province(turn: Make) -> None:
    assert "124 xã, phường, đặc khu" in only(answer(turn("lam dong sap nhap voi tinh nao", "ask_new_unit"))).text


def test_police_and_post_are_told_apart(turn: Make, places: Session) -> None:
    police = only(answer(turn("công an phường Mũi Né ở đâu", "ask_office")))
    assert police.fields["offices"] == [] and "công an phường Mũi Né" in police.text
    offices.load_offices(places, CONTENT / "demo" / "offices.jsonl")
    post = only(answer(turn("bưu điện gần phường Mũi Né nhất", "ask_office")))
    assert post.fields["offices"][0]["code"] == "MAU-BD-PHANTHIET"
    assert "(mẫu)" in post.text


def test_an_empty_database_still_answers(session: Session, turn: Make) -> None:
    session.query(Office).delete()
    assert "ở xã, phường nào" in only(answer(turn("ở đâu", "ask_office"))).text
    assert "em chưa có địa chỉ" in only(answer(turn("xã Di Linh", "ask_office"))).text
    assert units.get(session, "25000") is not None


def test_a_wrong_entity_does_no_harm(turn: Make) -> None:
    message = only(answer(turn("ở chỗ kia", "ask_office", commune="chỗ kia")))
    assert message.fields["units"] == []
