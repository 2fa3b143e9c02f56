"""Hardships heard in what people write, with their look-alikes: a wrong condolence hurts as much as none."""

from __future__ import annotations

import pytest

from bot.conversation.guard.scam import is_scam
from bot.hardships import answers
from bot.hardships.grief import tells_of_death
from bot.hardships.reading import Danger, Hardship, danger, despairs, read, victim
from bot.phrases import phrase


@pytest.mark.parametrize(
    "text",
    [
        "em không muốn sống nữa",
        "con định tự sát",
        "toi chan song lam roi",
        "minh muon chet quach cho xong",
        "sống làm gì nữa đâu",
        "ba tôi đòi tự tử",
        "gio toi chi muon chet",
    ],
)
def test_despair_is_heard(text: str) -> None:
    assert despairs(text) and read(text) is Hardship.DESPAIR


@pytest.mark.parametrize(
    "text",
    [
        "chờ mệt muốn chết",
        "de em tu tu xem lai",
        "từ từ rồi tôi gửi",
        "không muốn sống ở xã này nữa, chuyển hộ khẩu sao",
        "em không muốn sống chung với chồng",
        "anh trai tự tử, xin giấy báo tử ở đâu",
        "nóng muốn chết luôn",
        "đời sống khó khăn xin trợ cấp",
    ],
)
def test_what_only_sounds_like_despair(text: str) -> None:
    assert not despairs(text)


@pytest.mark.parametrize(
    "text",
    [
        "vợ tôi vừa qua đời sáng nay",
        "bà nội em mất tối qua, giờ cần làm những gì",
        "chong minh chet roi, gio biet lam sao",
        "ck e mới mất, h lm j trước",
        "con trai tôi bị tai nạn chết, làm báo tử thế nào",
        "người nhà mới mất cần giấy tờ gì",
    ],
)
def test_a_death_in_the_family_is_heard(text: str) -> None:
    assert tells_of_death(text) and read(text) is Hardship.DEATH


@pytest.mark.parametrize(
    "text",
    [
        "con mất rồi",  # a child says that something is lost
        "em mất rồi chị ơi",
        "vợ tôi mất giấy khai sinh",
        "ba em mat the bao hiem",
        "chồng tôi mất, sang tên sổ đỏ cho tôi",
        "cha mất làm chế độ tuất",
        "chết rồi em quên mật khẩu",
        "mắt mẹ tôi kém",
        "có người chết ngoài đường",
    ],
)
def test_what_only_sounds_like_a_death(text: str) -> None:
    assert not tells_of_death(text) and read(text) is None


@pytest.mark.parametrize(
    ("text", "hardship"),
    [
        ("bị trộm lấy mất bóp có căn cước", Hardship.ROBBED),
        ("e bi giat tui xach mat giay to", Hardship.ROBBED),
        ("bị nó lừa chuyển hết 15 triệu", Hardship.MONEY),
        ("có đứa dùng cccd của em đi vay app", Hardship.IDENTITY),
        ("toi khong vay ma bi goi doi no", Hardship.IDENTITY),
    ],
)
def test_robbed_and_cheated(text: str, hardship: Hardship) -> None:
    assert read(text) is hardship


@pytest.mark.parametrize("text", ["mất căn cước làm lại sao", "tôi mất bóp hôm qua", "chuyển tiền lệ phí rồi"])
def test_a_loss_is_no_robbery_and_a_fee_no_cheat(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "hardship"),
    [
        ("em vừa đọc mã otp cho họ", Hardship.CODE),
        ("lo tay bam vao link la roi", Hardship.CODE),
        ("moi chuyen khoan cho nguoi ta 3 trieu", Hardship.MONEY),
        ("có người gọi xưng công an", None),
        ("tôi đã gửi mã hồ sơ rồi", None),
        ("em vừa nộp tiền lệ phí cho hồ sơ", None),
    ],
)
def test_who_has_lost_something_is_told_from_who_only_asks(text: str, hardship: Hardship | None) -> None:
    assert victim(text) is hardship


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("bếp nhà em đang cháy", Danger.FIRE),
        ("chay lon qua cuu voi", Danger.FIRE),
        ("có đứa nhỏ chết đuối", Danger.FIRE),
        ("má tôi khó thở", Danger.HURT),
        ("chay mau dau nhieu lam", Danger.HURT),
        ("tai nạn xe ngoài ngã ba", Danger.HURT),
        ("nó cầm dao dọa chém", Danger.CRIME),
        ("cứu với", None),
    ],
)
def test_the_line_that_helps_stands_first(text: str, kind: Danger | None) -> None:
    assert danger(text) is kind
    said = answers.emergency(kind)
    numbers = {None: "113", Danger.FIRE: "114", Danger.HURT: "115", Danger.CRIME: "113"}
    first = min((said.text.index(number), number) for number in ("113", "114", "115") if number in said.text)[1]
    assert first == numbers[kind] and said.custom() == {"kind": "guard", "reason": "emergency"}


def test_no_helpline_is_made_up() -> None:
    assert {word for word in phrase("hardship_despair").replace("(", " ").split() if word.isdigit()} == {"115"}


@pytest.mark.parametrize("what", [Hardship.MONEY, Hardship.CODE, Hardship.IDENTITY])
def test_a_victim_hears_what_to_do_first_and_something_else_the_second_time(what: Hardship) -> None:
    first, again = answers.cheated(what), answers.cheated(what, again=True)
    assert "113" in first.text and first.text.index("gọi") < 200 and "Cúp máy" not in first.text
    assert first.text != again.text and first.custom() == again.custom() == {"kind": "guard", "reason": "scam"}


def test_the_signs_of_a_scam_are_still_known() -> None:
    assert is_scam("Tôi lỡ chuyển khoản cho người lạ")
