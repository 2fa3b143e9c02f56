"""Messages as Zalo's parts: whatever we say, the fake's validators take it."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from fakes import zalo_checks
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.splitting import utf16
from bot.channels.zalo import parts
from bot.channels.zalo.limits import SPLIT_BELOW
from bot.channels.zalo.parts import ContactPart, FilePart, ListPart, PicturePart, TextPart, shorten
from bot.channels.zalo.rendering import plain, render
from bot.conversation.transcript import Line
from channels.zalo.conftest import MORNING, line

IMAGE = "https://mc.example/banner.png"


def check(rendered: list[Any], *, lists_allowed: bool = True) -> None:
    """Put every part through the validators of the fake."""
    for part in rendered:
        bodies = []
        if isinstance(part, TextPart):
            bodies = [parts.text_body("7", part)]
        elif isinstance(part, ListPart):
            bodies = [parts.list_body("7", part), parts.text_body("7", part.plain)]
        elif isinstance(part, ContactPart):
            bodies = [parts.contact_body("7", part)]
        elif isinstance(part, PicturePart):
            bodies = [parts.picture_body("7", "UP-1")]
        else:
            bodies = [parts.file_body("7", "UP-1")]
        instead = parts.link_instead(part) if isinstance(part, (PicturePart, FilePart)) else None
        bodies += [parts.text_body("7", instead)] if instead else []
        for body in bodies:
            assert zalo_checks.message(body["message"], lists_allowed=lists_allowed, known_ids={"UP-1"}) is None, body


def only_text(line: Line) -> TextPart:
    (part,) = render(line)
    assert isinstance(part, TextPart)
    return part


def texts(rendered: list[Any]) -> list[TextPart]:
    return [part for part in rendered if isinstance(part, TextPart)]


def test_a_short_text_is_one_part_with_its_buttons_hidden_payload() -> None:
    part = only_text(line("Dạ, anh/chị chọn:", 3))
    body = parts.text_body("7000000000000000001", part)
    assert body["recipient"] == {"user_id": "7000000000000000001"}
    payload = body["message"]["attachment"]["payload"]
    assert "template_type" not in payload
    assert payload["buttons"][0] == {"title": "Chọn 0", "type": "oa.query.hide", "payload": "btn:7.0"}
    check([part])


def test_a_long_text_ends_its_parts_at_sentences_and_buttons_come_last() -> None:
    text = "\n".join(f"Câu số {number} nói về giấy tờ cần nộp ở quầy." for number in range(200))
    rendered = texts(render(line(text, 2)))
    assert len(rendered) > 3 and all(part.text.endswith(".") for part in rendered)
    assert "\n".join(part.text for part in rendered) == text
    assert [len(part.choices) for part in rendered] == [0] * (len(rendered) - 1) + [2]
    assert all(utf16(part.text) <= SPLIT_BELOW for part in rendered)


@pytest.mark.parametrize("text", ["x" * 6100, "😀" * 3000, "Một câu không có chỗ dừng " * 250, "a\n" * 3000])
def test_a_text_without_ends_keeps_within_the_limit_all_the_same(text: str) -> None:
    rendered = render(line(text, 1))
    assert len(rendered) > 2
    check(rendered)


def test_the_same_line_gives_the_same_parts() -> None:
    shown = line("Dạ, một hai ba. " * 400, 5, image={"url": IMAGE, "alt": "Hình"})
    assert render(shown) == render(shown)


def test_more_than_five_buttons_are_numbered_in_the_text() -> None:
    part = only_text(line("Thủ tục nào ạ?", 7))
    assert len(part.choices) == 5 and part.text.splitlines()[1:] == [f"{n + 1}. Chọn {n}" for n in range(7)]


def test_marks_that_zalo_would_show_are_taken_off() -> None:
    assert plain("**Lệ phí**: `0 đồng`, xem [trang](https://a.vn/b_c)") == "Lệ phí: 0 đồng, xem trang: https://a.vn/b_c"
    for left in ("5 * 3 * 2 = 30", "https://a.vn/x__y__z?b=**", "a_b", "** một"):
        assert "\n" not in left and plain(left).replace("__", "") == left.replace("__", "")


def test_text_is_composed() -> None:
    part = only_text(line(unicodedata.normalize("NFD", "Giấy khai sinh")))
    assert part.text == unicodedata.normalize("NFC", part.text)


def test_a_picture_stands_before_the_text_and_files_after_it() -> None:
    files = [
        {"title": "Ảnh", "url": "https://mc.example/a.png", "media_type": "image/png"},
        {"title": "Bản in (PDF)", "url": "https://mc.example/b.pdf", "media_type": "application/pdf"},
    ]
    shown = line("Đây ạ: https://mc.example/b.pdf", 1, image={"url": IMAGE, "alt": "Màn hình"}, files=files)
    rendered = render(shown)
    assert [type(part).__name__ for part in rendered] == ["PicturePart", "TextPart", "PicturePart", "FilePart"]
    assert [part.linked for part in rendered if isinstance(part, (PicturePart, FilePart))] == [False, False, True]
    check(rendered)


def test_a_contact_request_needs_a_picture_of_ours() -> None:
    shown = line("Anh/chị cho em số điện thoại.", request="contact")
    assert not any(isinstance(part, ContactPart) for part in render(shown))
    rendered = render(shown, image_url=IMAGE)
    assert isinstance(rendered[-1], ContactPart) and len(rendered) == 2
    check(rendered)
    assert len(render(line("Anh/chị ở đâu?", request="location"), image_url=IMAGE)) == 1


def test_a_list_is_for_short_choices_and_only_where_it_is_wanted() -> None:
    shown = line("Thủ tục nào ạ?\nAnh/chị chọn một.", 3)
    assert isinstance(render(shown)[0], TextPart)
    (part,) = render(shown, use_list=True, image_url=IMAGE)
    assert isinstance(part, ListPart) and part.plain == render(shown)[0]
    check([part])
    assert isinstance(render(line("Một dòng", 3), use_list=True, image_url=IMAGE)[0], TextPart), "no subtitle"
    assert isinstance(render(line("Thủ tục?\nChọn", 5), use_list=True, image_url=IMAGE)[0], TextPart), "too many"


@pytest.mark.parametrize("length", [1, 2, 10, 50, 99, 100, 101, 500])
def test_shortened_text_keeps_within_its_length(length: int) -> None:
    for text in ("Đăng ký kết hôn có yếu tố nước ngoài " * 20, "x" * 600, "ngắn"):
        assert len(shorten(text, length)) <= length


TEXT = st.text(st.sampled_from("ăâđêôơưạ abc.,\n-*_`[]()\u0301😀"), max_size=4500)
BUTTONS = st.lists(st.text(st.sampled_from("Đăng ký *_`"), min_size=1, max_size=150).filter(str.strip), max_size=9)


@given(TEXT, BUTTONS, st.booleans(), st.booleans())
def test_whatever_is_said_the_validators_take_it(text: str, titles: list[str], use_list: bool, ask: bool) -> None:
    buttons = [{"title": title, "payload": f"btn:9.{number}"} for number, title in enumerate(titles)]
    custom: dict[str, Any] = {"kind": "info", "image": {"url": IMAGE, "alt": text}}
    custom |= {"request": "contact"} if ask else {}
    rendered = render(Line(9, "bot", MORNING, text, buttons, custom), use_list=use_list, image_url=IMAGE)
    check(rendered)
    offered = [choice.payload for part in rendered for choice in getattr(part, "choices", ())]
    assert offered == [button["payload"] for button in buttons[:5]]
