"""A message of ours as Zalo's parts: plain text in NFC, five buttons, pictures and files by themselves."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from bot.channels.splitting import split, utf16
from bot.channels.zalo.limits import (
    LONGEST_PAYLOAD,
    LONGEST_TITLE,
    MOST_BUTTONS,
    MOST_LIST_ELEMENTS,
    SPLIT_BELOW,
)
from bot.channels.zalo.parts import (
    Choice,
    ContactPart,
    FilePart,
    Part,
    PicturePart,
    TextPart,
    as_list,
    shorten,
)
from bot.conversation.transcript import Line

PICTURES = frozenset({"image/png", "image/jpeg"})
_CHOOSE = "Anh/chị chọn giúp em:"
_CONTACT = ("Gửi số điện thoại", "Anh/chị bấm vào đây để gửi số điện thoại cho em.")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[([^\]\n]+)\]\((https?://[^)\s]+)\)")


def render(line: Line, *, use_list: bool = False, image_url: str | None = None) -> list[Part]:
    """Return the parts of a message: its picture, its text (buttons under the last of it), files, a contact request."""
    custom = line.custom
    texts: list[Part] = list(_texts(line))
    if use_list and image_url and len(texts) == 1 and 1 < len(line.buttons) < MOST_LIST_ELEMENTS:
        assert isinstance(texts[0], TextPart)
        texts = [as_list(texts[0], image_url) or texts[0]]
    parts = [*_picture(custom.get("image"), line.text), *texts, *_files(custom.get("files"), line.text)]
    if custom.get("request") == "contact" and image_url:
        parts.append(ContactPart(*_CONTACT, image_url))
    return parts


def plain(text: str) -> str:
    """Return `text` without the marks that Zalo would show as they are."""
    text = unicodedata.normalize("NFC", text)
    return _LINK.sub(r"\1: \2", _CODE.sub(r"\1", _STRONG.sub(r"\2", text)))


def _texts(line: Line) -> list[TextPart]:
    text, buttons = plain(line.text), line.buttons
    if len(buttons) > MOST_BUTTONS:
        numbered = (f"{number}. {plain(button['title'])}" for number, button in enumerate(buttons, 1))
        text = "\n".join([text or _CHOOSE, *numbered])
    texts = split(text, SPLIT_BELOW, utf16) or ([_CHOOSE] if buttons else [])
    choices = tuple(_choice(button) for button in buttons[:MOST_BUTTONS])
    return [TextPart(part, choices if number == len(texts) else ()) for number, part in enumerate(texts, 1)]


def _choice(button: Mapping[str, str]) -> Choice:
    payload = button["payload"]
    if len(payload) > LONGEST_PAYLOAD:
        raise ValueError("a button's payload is too long for Zalo")
    return Choice(shorten(plain(button["title"]), LONGEST_TITLE), payload)


def _picture(image: Any, text: str) -> list[Part]:
    if not image:
        return []
    return [PicturePart(image["url"], plain(image.get("alt") or ""), image["url"] in text)]


def _files(files: Any, text: str) -> list[Part]:
    return [_file(file, file["url"] in text) for file in files or ()]


def _file(file: Mapping[str, str], linked: bool) -> Part:
    title, media_type = plain(file.get("title") or "Tệp đính kèm"), file.get("media_type", "")
    if media_type in PICTURES:
        return PicturePart(file["url"], title, linked)
    return FilePart(file["url"], title, media_type, linked)
