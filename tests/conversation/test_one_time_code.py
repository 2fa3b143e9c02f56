"""A one-time code from the chat to the phone and back: asked for by button, sent by the worker, typed in."""

from __future__ import annotations

import pytest
from talking import Chat, kinds, plain

from bot.conversation.turn import Turns
from bot.db.engine import Database
from bot.dossiers.proof import one_time_codes
from bot.settings import settings

CODE, UNKNOWN = "H36.12-261118-0042", "H36.12-261118-9998"
SEND = "Nhắn mã về điện thoại trên hồ sơ"


@pytest.fixture(autouse=True)
def _gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "sms_url", "http://127.0.0.1:9/send")


def test_it_proves_the_dossier(furnished: Database, turns: Turns) -> None:
    chat = Chat(furnished, turns)
    chat.say(f"hồ sơ {CODE} tới đâu rồi")
    assert kinds(chat.press(SEND)) == ["dossier_proof"]
    sent: list[tuple[str, str]] = []
    one_time_codes.send_waiting(furnished, lambda phone, text: sent.append((phone, text)))
    assert [phone for phone, _ in sent] == ["0900002345"]
    digits = sent[0][1].partition(" la ")[2][:6]
    assert kinds(chat.say(f"mã tra cứu {digits}")) == ["dossier_status"]


def test_the_bare_digits_will_do(furnished: Database, turns: Turns) -> None:
    chat = Chat(furnished, turns)
    chat.say(CODE)
    chat.press(SEND)
    sent: list[str] = []
    one_time_codes.send_waiting(furnished, lambda _phone, text: sent.append(text))
    assert kinds(chat.say(sent[0].partition(" la ")[2][:6])) == ["dossier_status"]


def test_an_unknown_dossier_hears_the_same_and_no_phone_rings(furnished: Database, turns: Turns) -> None:
    told = []
    for code in (CODE, UNKNOWN):
        chat = Chat(furnished, turns)
        chat.say(code)
        told.append([plain(chat.press(SEND)), plain(chat.say("000000"))])
    assert str(told[0]).replace(CODE, "X") == str(told[1]).replace(UNKNOWN, "X")
    sent: list[str] = []
    one_time_codes.send_waiting(furnished, lambda phone, _text: sent.append(phone))
    assert len(sent) == 1


def test_the_button_is_there_only_with_a_gateway(
    furnished: Database, turns: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = Chat(furnished, turns)
    chat.say(CODE)
    assert SEND in chat.titles()
    monkeypatch.setattr(settings(), "sms_url", None)
    other = Chat(furnished, turns)
    other.say(CODE)
    assert SEND not in other.titles()
