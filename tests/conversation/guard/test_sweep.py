"""Two hundred messages with secrets in them through the whole turn: afterwards none is found anywhere."""

from __future__ import annotations

import logging
import random
import re
from typing import Any

import pytest
from prometheus_client import generate_latest
from sqlalchemy import select
from talking import Chat, kinds

from bot.conversation.turn import Turns
from bot.db.engine import Database
from bot.tables import metadata

STYLES = {
    "careful": (
        "Mã OTP của tôi là {otp}", "Tôi nhận được mã xác nhận {otp}, giờ nhập vào đâu ạ?", "{otp} là mã OTP đó em",
        "Hồ sơ H36.12-261118-0042 của tôi, mã xác thực là {otp}", "Mật khẩu VNeID của tôi là {password}",
        "Tôi đổi mật khẩu thành {password} rồi mà vẫn không vào được", "Căn cước của tôi là {identity}",
        "Hồ sơ của {identity} tới đâu rồi?", "Tôi là Trần Văn Nam, CCCD {identity}, điện thoại 0912345678",
        "Mã nó gửi về là {otp}", "Passcode tôi đặt là {otp}",
    ),
    "no_tone_marks": (
        "ma otp cua toi la {otp}", "otp {otp}", "ma no gui ve may {otp}", "mat khau vneid {password}",
        "mat khau cua toi la {password}", "so cccd {identity}", "toi muon dat giao ho so, can cuoc {identity}",
        "cong an goi xin otp toi doc {otp} roi", "ma kich hoat la {otp} ma bao sai", "mat khau: {password}",
    ),
    "teencode": (
        "otp e nè {otp}", "otp:{otp} nha ad", "mk của e là {password}", "pass: {password}", "cccd e {identity} nha",
        "check hs giùm e {identity}", "e nhập otp {otp} k đc", "mk vneid là {password} mà k vô đc", "{identity}",
        "passcode e {otp}",
    ),
}  # fmt: skip
# Between the secrets people are in the middle of something.
BEFORE = (
    None, "xin chào", "hồ sơ của tôi tới đâu rồi", "H36.12-261118-0042", "giao kết quả tận nhà", "quên mật khẩu vneid",
    "tạo tài khoản vneid mức 2", "không nhận được OTP",
)  # fmt: skip
WORDS = ("hoa", "lan", "dalat", "tuan", "bichngoc", "langbiang")


def planted(random_: random.Random) -> dict[str, str]:
    """Return one secret of each kind, as people write them."""
    otp = f"{random_.randrange(10**6):06d}"
    written = random_.choice([otp, otp, " ".join((otp[:2], otp[2:4], otp[4:])), f"{otp[:3]} {otp[3:]}"])
    word = random_.choice(WORDS)
    number = random_.randrange(100, 99_999)
    password = random_.choice([f"{word}{number}", f"{word.title()}@{number}", f"{word}#{number}x"])
    identity = f"068{random_.randrange(4)}{random_.randrange(50, 100)}{random_.randrange(10**6):06d}"
    return {"otp": written, "password": password, "identity": identity}


@pytest.mark.parametrize("furnished_database", ["sqlite"], indirect=True)
def test_no_secret_is_found_anywhere(furnished: Database, turns: Turns, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    random_ = random.Random(7)
    secrets: list[str] = []
    chat = Chat(furnished, turns)
    for number in range(200):
        if number % 4 == 0:
            chat = Chat(furnished, turns)
            if opening := random_.choice(BEFORE):
                chat.say(opening)
        values = planted(random_)
        template = random_.choice(STYLES[list(STYLES)[number % 3]])
        replies = chat.say(template.format(**values))
        assert kinds(replies)[0] == "guard", template.format(**values)
        secrets += [value for name, value in values.items() if f"{{{name}}}" in template]
    assert len(secrets) >= 200
    everything = "\n".join([*stored(furnished), caplog.text, generate_latest().decode()])
    found = [secret for secret in secrets if re.search(rf"(?<!\w){re.escape(secret)}(?!\w)", everything)]
    assert found == []


def stored(database: Database) -> list[str]:
    """Return every row of every table as text."""
    rows: list[str] = []
    with database.reading() as session:
        for table in metadata.sorted_tables:
            found: Any = session.execute(select(table)).all()
            rows += [" | ".join(map(str, row)) for row in found]
    return rows
