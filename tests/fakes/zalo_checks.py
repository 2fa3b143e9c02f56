"""What the fake Official Account takes: lengths, counts and types of a message (facts §1.3–1.5)."""

from __future__ import annotations

from typing import Any

Checked = tuple[int, str] | None  # error code and what is wrong; None when it is right

BUTTON_TYPES = ("oa.query.show", "oa.query.hide", "oa.open.url", "oa.open.phone", "oa.open.sms")


def units(text: str) -> int:
    """Return a length as the strictest reading of "characters": UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def message(body: Any, *, lists_allowed: bool, known_ids: set[str]) -> Checked:
    """Check the `message` of a call."""
    if not isinstance(body, dict) or not set(body) <= {"text", "attachment", "quote_message_id"}:
        return -201, "message is invalid!"
    text, attachment = body.get("text"), body.get("attachment")
    if text is None and attachment is None:
        return -201, "text is invalid!"
    if text is not None:
        if not isinstance(text, str) or not text.strip():
            return -201, "text is invalid!"
        if units(text) > 2000:
            return -210, "text is over limit"
    if attachment is None:
        return None
    return _attachment(attachment, text is not None, lists_allowed, known_ids)


def _attachment(attachment: Any, has_text: bool, lists_allowed: bool, known_ids: set[str]) -> Checked:
    if not isinstance(attachment, dict) or not isinstance(attachment.get("payload"), dict):
        return -201, "attachment is invalid!"
    payload = attachment["payload"]
    if attachment.get("type") == "file":
        if has_text or set(payload) != {"token"}:
            return -201, "attachment is invalid!"
        return None if payload["token"] in known_ids else (-100, "attachment is expired")
    if attachment.get("type") != "template":
        return -201, "attachment type is invalid!"
    kind = payload.get("template_type")
    if kind is None:
        return _buttons(payload.get("buttons")) if has_text else (-201, "text is invalid!")
    if kind == "media":
        return _media(payload.get("elements"), known_ids)
    if kind == "request_user_info":
        return _request_info(payload.get("elements"))
    if kind == "list":
        return _list(payload) if lists_allowed else (-233, "message type is not supported")
    return -233, "message type is not supported"


def _buttons(buttons: Any) -> Checked:
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 5:
        return -201, "buttons is invalid!"
    return next((wrong for wrong in map(_button, buttons) if wrong), None)


def _button(button: Any) -> Checked:
    if not isinstance(button, dict) or not _text(button.get("title"), 100):
        return -201, "title is invalid!"
    return _action(button.get("type"), button.get("payload"))


def _action(kind: Any, payload: Any) -> Checked:
    if kind in ("oa.query.show", "oa.query.hide"):
        right = _text(payload, 1000)
    elif kind == "oa.open.url":
        right = isinstance(payload, dict) and set(payload) == {"url"} and str(payload["url"]).startswith("https://")
    elif kind == "oa.open.phone":
        right = isinstance(payload, dict) and set(payload) == {"phone_code"} and _phone(payload["phone_code"])
    elif kind == "oa.open.sms":
        right = isinstance(payload, dict) and _text(payload.get("content"), 160) and _phone(payload.get("phone_code"))
    else:
        right = False
    return None if right else (-201, "payload is invalid!")


def _media(elements: Any, known_ids: set[str]) -> Checked:
    if not isinstance(elements, list) or len(elements) != 1 or elements[0].get("media_type") not in ("image", "gif"):
        return -201, "elements is invalid!"
    element = elements[0]
    if ("url" in element) == ("attachment_id" in element):
        return -201, "attachment_id is invalid!"
    if "attachment_id" in element and element["attachment_id"] not in known_ids:
        return -100, "attachment is expired"
    return None


def _request_info(elements: Any) -> Checked:
    if not isinstance(elements, list) or len(elements) != 1:
        return -201, "elements is invalid!"
    element = elements[0]
    right = _text(element.get("title"), 100) and _text(element.get("subtitle"), 500) and _image(element)
    return None if right else (-201, "elements is invalid!")


def _list(payload: dict[str, Any]) -> Checked:
    elements = payload.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= 5 or not _text(elements[0].get("subtitle"), 500):
        return -201, "elements is invalid!"
    for element in elements:
        if not _text(element.get("title"), 100) or not _image(element):
            return -201, "elements is invalid!"
        action = element.get("default_action")
        if action is not None:  # flat: `url` or `payload` beside `type`
            flat = {"url": action["url"]} if "url" in action else action.get("payload")
            wrong = _action(action.get("type"), flat)
            if wrong:
                return wrong
    return _buttons(payload["buttons"]) if "buttons" in payload else None


def _text(value: Any, longest: int) -> bool:
    return isinstance(value, str) and 0 < units(value) <= longest


def _image(element: dict[str, Any]) -> bool:
    return str(element.get("image_url", "")).startswith("https://")


def _phone(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("84") and value.isdecimal()
