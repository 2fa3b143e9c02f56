"""After a warning the dialogue goes on: a guide, a form and our own one-time code; links are never given back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from talking import Chat, inbox_rows, kinds

from bot.conversation.turn import Turns
from bot.db.engine import Database
from bot.dossiers.proof import one_time_codes
from bot.phrases import phrase
from bot.places.contacts import contacts
from bot.settings import settings

CODE = "H36.12-261118-0042"
Begin = Callable[..., Chat]


def test_a_guide_goes_on_at_its_step(chat: Begin) -> None:
    citizen = chat()
    citizen.say("tạo tài khoản vneid mức 2")
    step = citizen.say("tiếp")[0].custom["step"]
    warned = citizen.say("mật khẩu vneid của tôi là Hoa@1990")
    assert kinds(warned)[0] == "guard"
    assert all(line.custom["step"] == step for line in warned[1:])
    assert citizen.say("tiếp")[0].custom["step"] == step + 1


@pytest.mark.parametrize("text", ["công an gọi hướng dẫn VNeID", "có người kêu cài app dịch vụ công giả"])
def test_a_scam_is_warned_of_inside_a_guide(chat: Begin, text: str) -> None:
    citizen = chat()
    citizen.say("tạo tài khoản vneid mức 2")
    first = citizen.say(text)[0]
    assert first.custom == {"kind": "guard", "reason": "scam"} and "Gặp nhân viên" in citizen.titles()


def test_a_form_asks_its_question_again(chat: Begin) -> None:
    citizen = chat()
    asked = citizen.say("hồ sơ của tôi tới đâu rồi")[0].custom
    for text in ("OTP 482913", "mk của em là abc123", "cccd 068090012345", "cvv 123"):
        first, second = citizen.say(text)
        assert (first.custom["kind"], second.custom) == ("guard", asked)
    assert kinds(citizen.say(CODE)) == ["dossier_proof"]


def test_a_dossier_code_beside_the_identity_number_is_taken(chat: Begin) -> None:
    citizen = chat()
    assert kinds(citizen.say(f"hồ sơ {CODE}, cccd 068090012345")) == ["guard", "dossier_proof"]


def test_nobody_who_did_nothing_is_asked_anything(chat: Begin) -> None:
    assert kinds(chat().say("cccd của tôi 068090012345")) == ["guard"]


@pytest.mark.parametrize(
    "words", ["{}", "mã tra cứu {}", "ma tra cuu la {}", "mã {}", "mã gửi về máy là {}", "dạ {} ạ"]
)
def test_our_own_code_proves_the_dossier(
    furnished: Database, turns: Turns, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.setattr(settings(), "sms_url", "http://127.0.0.1:9/send")
    citizen = Chat(furnished, turns)
    citizen.say(CODE)
    citizen.press("Nhắn mã về điện thoại trên hồ sơ")
    sent: list[str] = []
    one_time_codes.send_waiting(furnished, lambda _phone, text: sent.append(text))
    assert kinds(citizen.say(words.format(sent[0].partition(" la ")[2][:6]))) == ["dossier_status"]
    assert not any(sent[0].partition(" la ")[2][:6] in row.text for row in inbox_rows(furnished))


def test_a_photo_of_an_identity_card_in_the_middle_of_a_form(chat: Begin, furnished: Database) -> None:
    citizen = chat()
    citizen.say("hồ sơ của tôi tới đâu rồi")
    assert kinds(citizen.say("slip:identity_document")) == ["guard", "dossier_question"]
    assert inbox_rows(furnished)[-1].guard == "identity_document"


@pytest.mark.parametrize("link", ["https://vneid-gov.top/a", "http://abc.xyz/x?y=1", "www.trang-la.com", "bit.ly/3xYz"])
@pytest.mark.parametrize("words", ["12 Hùng Vương {}", "họ gửi link {} cho tôi", "{}", "giao kết quả tới {}"])
def test_a_link_is_not_said_again(chat: Begin, link: str, words: str) -> None:
    citizen = chat()
    citizen.say("giao kết quả tận nhà")
    said = citizen.say(words.format(link))
    assert said and not any(link in line.text for line in said)


def test_the_warnings_are_short_and_name_only_lines_we_hold() -> None:
    for kind in ("otp", "password", "card", "identity_number", "identity_number_pickup", "identity_document"):
        text = phrase(f"guard_{kind}")
        assert text.startswith("Dạ, ") and len(text.splitlines()) <= 3 and len(text) <= 260
    assert "{vneid}" in phrase("guard_otp") and contacts()["vneid"].phone not in phrase("guard_otp")
