"""What is masked before it is stored, in every style and disguise, and what never is."""

from __future__ import annotations

import re
import unicodedata

import pytest

from bot.conversation.guard import Before, Found, Screened, needs_before, screen
from bot.conversation.guard.numbers import luhn
from bot.text import clean

from .corpus import harmless, of_the_repository, secrets, unseen

SECRETS = secrets()
# The only sentences of the repository that hold something like a secret beside identity numbers: all are meant so.
MEANT = {"Mã OTP của em là 482913", "mat khau vneid Hoa@1990"}
MADE_UP = "tạo một tài khoản cán bộ tên test, mật khẩu 123456 cho mình nghịch"


@pytest.mark.parametrize(("kind", "style", "text", "stored"), SECRETS, ids=[row[2][:50] for row in SECRETS])
def test_the_secret_and_nothing_else_is_masked(kind: str, style: str, text: str, stored: str) -> None:
    assert screen(text) == Screened(stored, Found(kind))


def test_there_are_enough_of_each_style() -> None:
    assert len(SECRETS) >= 150
    assert {style for _, style, _, _ in SECRETS} == {"careful", "no_tone_marks", "teencode"}


@pytest.mark.parametrize("text", harmless())
def test_what_only_looks_like_a_secret_stays(text: str) -> None:
    assert screen(text) == Screened(text)


def test_at_most_one_in_a_hundred_slips_through() -> None:
    texts = [*unseen(), *(row[2] for row in SECRETS)]
    missed = [text for text in texts if screen(text).found is None]
    assert len(texts) >= 400 and len(missed) <= len(texts) // 100, missed


def wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if char.isdigit() and char.isascii() else char for char in text)


def keycaps(text: str) -> str:
    return "".join(f"{char}\ufe0f\u20e3" if char in "0123456789" else char for char in text)


def struck(text: str) -> str:
    return "".join(f"{char}\u0336" if char.isalnum() else char for char in text)


DISGUISES = {
    "zero width": lambda text: "\u200b".join(text),
    "joined by word joiners": lambda text: re.sub(r"(\d)", "\\1\u2060", text),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "full-width digits": wide,
    "key caps": keycaps,
    "struck through": struck,
    "capitals": str.upper,
    "mathematical digits": lambda text: re.sub(r"\d", lambda m: chr(0x1D7CE + int(m[0])), text),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_disguise_does_not_help(disguise: str) -> None:
    lost = []
    for kind, _, text, stored in SECRETS:
        disguised = clean(DISGUISES[disguise](text))
        found = screen(disguised)
        left = re.findall(r"\d", unicodedata.normalize("NFKC", found.text))
        if found.found is None or len(left) > len(re.findall(r"\d", stored)):
            lost.append((kind, disguised, found.text))
    assert lost == []


@pytest.mark.parametrize(
    ("text", "before", "found"),
    [
        ("482913", Before("em không nhận được OTP", "…", "account_problem"), Found.OTP),
        ("dạ 48 29 13 ạ", Before("chưa thấy mã xác nhận", "…", "account_problem"), Found.OTP),
        ("482913", Before("mã OTP •••••• đúng chưa", "…", "guard"), Found.OTP),
        ("482913", Before("tiếp", "Nhập mã OTP rồi đặt mật khẩu.", "account_guide"), Found.OTP),
        ("Hoa@1990", Before("mật khẩu vneid của em nè", "…", "info"), Found.PASSWORD),
        ("hoahong90", Before("mat khau cua toi la", "…", "info"), Found.PASSWORD),
        ("482913", Before("quên passcode", "…", "account_problem"), Found.OTP),
        ("482913", Before("H36.12-261118-0042", "…", "dossier_proof"), None),  # the code that we have sent
        ("482913", Before("chưa nhận được OTP", "…", "dossier_proof"), None),
        ("mã gửi về là 482913", Before("gửi mã đi", "…", "dossier_proof"), None),
        ("OTP 482913", Before("H36.12-261118-0042", "…", "dossier_proof"), Found.OTP),
        ("482913", Before("xin chào", "…", "smalltalk"), None),
        ("2345", Before("không nhận được OTP", "…", "account_problem"), None),
        ("0912345678", Before("không nhận được OTP", "…", "account_problem"), None),
        ("H36.12-261118-0042", Before("không nhận được OTP", "…", "account_problem"), None),
        ("iPhone15", Before("đổi máy mới nên mất mật khẩu", "…", "account_problem"), None),
        ("P6S2", Before("quên mật khẩu", "…", "account_problem"), None),
    ],
)
def test_a_bare_number_is_what_was_spoken_of(text: str, before: Before, found: Found | None) -> None:
    assert screen(text, before).found is found
    assert needs_before(text), "the door asks what was said before"


def test_most_messages_need_no_look_back() -> None:
    assert not any(needs_before(text) for text in ("làm khai sinh cần giấy gì?", "cảm ơn em", "phí bao nhiêu"))


def test_several_secrets_are_all_masked() -> None:
    found = screen("cccd 068090012345, mk vneid: hoa1990, otp 482913, thẻ 4111111111111111")
    assert not re.search(r"\d", found.text) and "hoa" not in found.text
    assert found.found is Found.OTP, "the most pressing one is warned about"


def test_a_masked_text_is_screened_no_further() -> None:
    for _, _, _, stored in SECRETS:
        assert screen(stored).text == stored


def test_no_sentence_of_the_repository_is_masked_without_a_reason() -> None:
    count, wrong = 0, []
    for file, _, text in of_the_repository():
        count += 1
        found = screen(text)
        if found.found is None or text in MEANT or text == MADE_UP:
            continue
        hidden = "".join(old for old, new in zip(text, found.text, strict=True) if new == "•" != old)
        if not (found.found is Found.IDENTITY_NUMBER and re.fullmatch(r"(?:\d{12})+", hidden)):
            wrong.append((file, text, found.text))
    assert wrong == []
    assert count > 40_000


def test_the_number_on_a_card_is_checked() -> None:
    assert luhn("4111111111111111") and not luhn("4111111111111112")
