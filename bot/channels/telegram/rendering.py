"""How a message of ours looks on Telegram: plain text in parts, pictures and files, buttons under the last text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from bot.channels.splitting import split, utf16
from bot.channels.telegram import limits
from bot.conversation.outbox.delivery import Refused
from bot.conversation.transcript import Line

SHORT_TITLE = 16  # letters of a button that leave room for another beside it on a small phone
CHOOSE = "Anh/chị chọn giúp em:"  # above buttons without a text
NOT_SHARING = "Không chia sẻ"  # the way past a request; comes back as a text
ASKS = {
    "contact": ("Chia sẻ số điện thoại của tôi", "Hoặc gõ số điện thoại"),
    "location": ("Gửi vị trí của tôi", "Hoặc gõ tên xã, phường"),
}
ASK_BELOW = {
    "contact": "Anh/chị bấm nút bên dưới để chia sẻ số điện thoại, hoặc gõ số giúp em.",
    "location": "Anh/chị bấm nút bên dưới để gửi vị trí, hoặc gõ tên xã, phường giúp em.",
}


@dataclass(frozen=True)
class Choice:
    """A button under a message."""

    title: str
    payload: str


@dataclass(frozen=True)
class Text:
    """A text; with buttons, or with the keyboard that asks for contact or location, or with neither."""

    text: str
    rows: tuple[tuple[Choice, ...], ...] = ()
    ask: str | None = None


@dataclass(frozen=True)
class Picture:
    """A picture of ours, with what it shows in words below it: for who does not see it, or if it does not load."""

    url: str
    caption: str


@dataclass(frozen=True)
class File:
    """A file of ours to keep."""

    url: str
    name: str
    caption: str


Part = Text | Picture | File


def render(line: Line) -> list[Part]:
    """Return the parts that a message becomes: what there is to see first, so that buttons end up lowest.

    Raises Refused for a button that Telegram would not take.
    """
    parts: list[Part] = []
    if image := line.custom.get("image"):
        parts.append(Picture(image["url"], _caption(image.get("alt") or "")))
    parts.extend(File(file["url"], _name(file["url"]), _caption(file["title"])) for file in _files(line))
    texts = split(line.text, limits.LONGEST_TEXT, utf16)
    rows = _rows([Choice(button["title"], button["payload"]) for button in line.buttons])
    ask = line.custom.get("request") if line.custom.get("request") in ASKS else None
    if not texts and rows:
        texts = [CHOOSE]
    if ask and (rows or not texts):
        # A message has one keyboard only: the request gets a message of its own.
        return [*parts, *_texts(texts, rows), Text(ASK_BELOW[ask], ask=ask)]
    return [*parts, *_texts(texts, rows, ask)]


def _texts(texts: list[str], rows: tuple[tuple[Choice, ...], ...], ask: str | None = None) -> list[Text]:
    return [*map(Text, texts[:-1]), *(Text(text, rows, ask) for text in texts[-1:])]


def _files(line: Line) -> list[dict[str, str]]:
    return list(line.custom.get("files") or [])


def _caption(text: str) -> str:
    return next(iter(split(text, limits.LONGEST_CAPTION, utf16)), "")


def _name(url: str) -> str:
    return PurePosixPath(urlsplit(url).path).name or "tep"


def _rows(choices: list[Choice]) -> tuple[tuple[Choice, ...], ...]:
    """Return buttons in rows: one a row, two where all are short."""
    if any(not 0 < len(choice.payload.encode()) <= limits.LONGEST_CALLBACK_BYTES for choice in choices):
        raise Refused("button")
    across = 2 if all(len(choice.title) <= SHORT_TITLE for choice in choices) else 1
    return tuple(tuple(choices[start : start + across]) for start in range(0, len(choices), across))
