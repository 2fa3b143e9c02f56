"""What a message becomes at Zalo, part by part, and how each part looks in a call (facts §1.3–1.5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bot.channels.zalo.limits import LONGEST_SUBTITLE, LONGEST_TITLE


@dataclass(frozen=True)
class Choice:
    """A button; pressing it sends `payload` back as if it had been typed, unseen in the chat."""

    title: str
    payload: str


@dataclass(frozen=True)
class TextPart:
    """A text, with at most five buttons."""

    text: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class ListPart:
    """A text and its choices as a list; `plain` is the same as text and buttons, for accounts that may not."""

    title: str
    subtitle: str
    image_url: str
    choices: tuple[Choice, ...]
    plain: TextPart


@dataclass(frozen=True)
class PicturePart:
    """A picture of ours; `linked`: its address stands in the text already."""

    url: str
    alt: str
    linked: bool = False


@dataclass(frozen=True)
class FilePart:
    """A file of ours."""

    url: str
    title: str
    media_type: str
    linked: bool = False


@dataclass(frozen=True)
class ContactPart:
    """A request to share name and phone; what comes back is typed by hand, so it proves nothing."""

    title: str
    subtitle: str
    image_url: str


Part = TextPart | ListPart | PicturePart | FilePart | ContactPart


def text_body(to: str, part: TextPart) -> dict[str, Any]:
    """Return the call that sends a text. The payload of text with buttons has no `template_type`."""
    message: dict[str, Any] = {"text": part.text}
    if part.choices:
        buttons = [_button(choice) for choice in part.choices]
        message["attachment"] = {"type": "template", "payload": {"buttons": buttons}}
    return _to(to, message)


def list_body(to: str, part: ListPart) -> dict[str, Any]:
    """Return the call that sends a list: a head, then one element for each choice."""
    head = {"title": part.title, "subtitle": part.subtitle, "image_url": part.image_url}
    elements = [
        {
            "title": choice.title,
            "image_url": part.image_url,
            # Flat, unlike a button.
            "default_action": {"type": "oa.query.hide", "payload": choice.payload},
        }
        for choice in part.choices
    ]
    return _to(to, _template("list", [head, *elements]))


def picture_body(to: str, attachment_id: str) -> dict[str, Any]:
    """Return the call that sends an uploaded picture."""
    return _to(to, _template("media", [{"media_type": "image", "attachment_id": attachment_id}]))


def file_body(to: str, token: str) -> dict[str, Any]:
    """Return the call that sends an uploaded file; no text may stand beside it."""
    return _to(to, {"attachment": {"type": "file", "payload": {"token": token}}})


def contact_body(to: str, part: ContactPart) -> dict[str, Any]:
    """Return the call that asks for contact data; it takes exactly one element."""
    element = {"title": part.title, "subtitle": part.subtitle, "image_url": part.image_url}
    return _to(to, _template("request_user_info", [element]))


def link_instead(part: PicturePart | FilePart) -> TextPart | None:
    """Return the text that stands for a picture or file that cannot be sent; None where its link was shown already."""
    if part.linked:
        return None
    label = part.alt if isinstance(part, PicturePart) else part.title
    return TextPart(f"{shorten(label, LONGEST_SUBTITLE)}\n{part.url}".strip())


def as_list(part: TextPart, image_url: str) -> ListPart | None:
    """Return a text with choices as a list; None where it would not fit."""
    first, _, rest = part.text.partition("\n")
    if len(first) > LONGEST_TITLE or not 0 < len(rest) <= LONGEST_SUBTITLE:
        return None
    return ListPart(first, rest, image_url, part.choices, replace(part))


def shorten(text: str, longest: int) -> str:
    """Return `text` in at most `longest` characters; cut at a word where there is one."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    at_word = cut.rsplit(" ", 1)[0]
    return f"{(at_word if len(at_word) > longest // 2 else cut).rstrip(' ,;:.')}…"


def _button(choice: Choice) -> dict[str, Any]:
    return {"title": choice.title, "type": "oa.query.hide", "payload": choice.payload}


def _template(kind: str, elements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"attachment": {"type": "template", "payload": {"template_type": kind, "elements": elements}}}


def _to(user_id: str, message: dict[str, Any]) -> dict[str, Any]:
    return {"recipient": {"user_id": user_id}, "message": message}
