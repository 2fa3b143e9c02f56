"""The Bot API's methods of the fake, each with the refusals that Telegram's own would give."""

from __future__ import annotations

import io
import json
import math
import re
import time
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PIL import Image, UnidentifiedImageError

if TYPE_CHECKING:
    from fakes.telegram import FakeTelegram

LONGEST_TEXT, LONGEST_CAPTION, LONGEST_CALLBACK_BYTES = 4_096, 1_024, 64
LARGEST_PHOTO, LARGEST_UPLOAD, LARGEST_DOWNLOAD = 10 << 20, 50 << 20, 20 << 20
CALLBACK_SECONDS = 60.0  # after which a button press can no longer be answered
MOST_BUTTONS = 100
BOT = {"id": 123456, "is_bot": True, "first_name": "Một Cửa", "username": "motcua_test_bot"}
Files = dict[str, tuple[str, bytes]]
Method = Callable[["FakeTelegram", dict[str, str], Files], Any]


class Refusal(Exception):
    """What Telegram says instead of a result."""

    def __init__(self, status: int, words: str, wait: int | None = None) -> None:
        super().__init__(words)
        self.status, self.words, self.wait = status, words, wait


def too_many(wait: int) -> Refusal:
    return Refusal(429, f"Too Many Requests: retry after {wait}", wait)


def _bad(words: str) -> Refusal:
    return Refusal(400, f"Bad Request: {words}")


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _to_whom(server: FakeTelegram, params: dict[str, str]) -> int:
    """Return the chat of a message that may be sent; else refuse."""
    left = server.hushed_until - server.now()
    if left > 0:
        server.violations.append("a message although silence was wanted")
        raise too_many(math.ceil(left))
    chat = params.get("chat_id", "")
    person = server.people.get(int(chat)) if re.fullmatch(r"-?\d+", chat) else None
    if person is None or not person.has_written:
        raise _bad("chat not found")
    if person.is_deleted:
        raise Refusal(403, "Forbidden: user is deactivated")
    if person.has_blocked:
        raise Refusal(403, "Forbidden: bot was blocked by the user")
    if early := server.flood.check(person.id, server.now()):
        server.violations.append(early[0])
        if server.flood.strict:
            raise too_many(early[1])
    return person.id


def _text(server: FakeTelegram, params: dict[str, str], name: str, longest: int) -> str:
    text = params.get(name, "").strip()
    if _utf16(text) > longest:
        raise _bad(f"{'message caption' if name == 'caption' else 'message'} is too long")
    if "parse_mode" in params:
        server.violations.append("parse_mode: what people write would be taken as markup")
    if text != unicodedata.normalize("NFC", text):
        server.violations.append("text not in NFC")
    return text


def _markup(params: dict[str, str]) -> dict[str, Any]:
    """Return the buttons and the keyboard of a message as `Shown` keeps them."""
    markup = json.loads(params.get("reply_markup") or "{}")
    if markup.get("remove_keyboard"):
        return {"keyboard": ()}
    if rows := markup.get("keyboard"):
        return {
            "keyboard": tuple(tuple(key if isinstance(key, dict) else {"text": key} for key in row) for row in rows)
        }
    rows = markup.get("inline_keyboard") or []
    buttons = [button for row in rows for button in row]
    if len(buttons) > MOST_BUTTONS:
        raise _bad("too many buttons")
    for button in buttons:
        if not button.get("text", "").strip():
            raise _bad("text buttons are unallowed in the inline keyboard")
        if not 1 <= len(button.get("callback_data", "").encode()) <= LONGEST_CALLBACK_BYTES:
            raise _bad("BUTTON_DATA_INVALID")
    return {"rows": tuple(tuple((button["text"], button["callback_data"]) for button in row) for row in rows)}


def _show(server: FakeTelegram, chat: int, kind: str, text: str, markup: dict[str, Any], **more: Any) -> dict[str, Any]:
    from fakes.telegram import Shown

    with server.lock:
        server.message_ids[chat] += 1
        number = server.message_ids[chat]
        server.shown.append(Shown(number, chat, kind, text, at=server.now(), **markup, **more))
    where = {"id": chat, "type": "private", "first_name": "An"}
    return {"message_id": number, "date": int(server.now()), "chat": where, "from": BOT}


def send_message(server: FakeTelegram, params: dict[str, str], _files: Files) -> Any:
    text = _text(server, params, "text", LONGEST_TEXT)
    if not text:
        raise _bad("message text is empty")
    markup = _markup(params)
    return {**_show(server, _to_whom(server, params), "text", text, markup), "text": text}


def send_photo(server: FakeTelegram, params: dict[str, str], files: Files) -> Any:
    name, body = _upload(params, files, "photo", LARGEST_PHOTO)
    try:
        width, height = Image.open(io.BytesIO(body)).size
    except (UnidentifiedImageError, OSError):
        raise _bad("IMAGE_PROCESS_FAILED") from None
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise _bad("PHOTO_INVALID_DIMENSIONS")
    caption, markup = _text(server, params, "caption", LONGEST_CAPTION), _markup(params)
    shown = _show(server, _to_whom(server, params), "photo", caption, markup, body=body, name=name)
    return {**shown, "photo": [{"file_id": "p", "file_unique_id": "u", "width": width, "height": height}]}


def send_document(server: FakeTelegram, params: dict[str, str], files: Files) -> Any:
    name, body = _upload(params, files, "document", LARGEST_UPLOAD)
    caption, markup = _text(server, params, "caption", LONGEST_CAPTION), _markup(params)
    shown = _show(server, _to_whom(server, params), "document", caption, markup, body=body, name=name)
    return {**shown, "document": {"file_id": "d", "file_unique_id": "u", "file_name": name}}


def _upload(params: dict[str, str], files: Files, field: str, largest: int) -> tuple[str, bytes]:
    given = params.get(field, field)
    found = files.get(given.removeprefix("attach://"))
    if found is None:
        raise _bad(f"there is no {field} in the request")
    if len(found[1]) > largest:
        raise Refusal(413, "Request Entity Too Large")
    return found


def get_updates(server: FakeTelegram, params: dict[str, str], _files: Files) -> Any:
    if server.webhook["url"]:
        raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first")
    offset = int(params["offset"]) if "offset" in params else None
    until = time.monotonic() + float(params.get("timeout", 0))
    with server.came:
        server.polls += 1
        mine = server.polls
        if kinds := json.loads(params.get("allowed_updates") or "[]"):
            server.webhook["allowed_updates"] = set(kinds)
        server.came.notify_all()
        while not (found := server.waiting(offset, int(params.get("limit", 100)))):
            left = until - time.monotonic()
            if left <= 0:
                return []
            server.came.wait(left)
            if server.polls != mine:
                raise Refusal(409, "Conflict: terminated by other getUpdates request")
        return found


def set_webhook(server: FakeTelegram, params: dict[str, str], _files: Files) -> Any:
    url, secret = params.get("url", ""), params.get("secret_token", "")
    if not url.startswith("https://" if not server.local else ("https://", "http://")):
        raise _bad("bad webhook: an HTTPS URL must be provided for webhook")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise _bad("secret token contains unallowed characters")
    kinds = set(json.loads(params.get("allowed_updates") or "[]"))
    with server.came:
        server.webhook = {"url": url, "secret_token": secret, "allowed_updates": kinds}
        if params.get("drop_pending_updates") == "true":
            server.pending.clear()
    return True


def delete_webhook(server: FakeTelegram, params: dict[str, str], _files: Files) -> Any:
    with server.lock:
        server.webhook = {"url": ""}
        if params.get("drop_pending_updates") == "true":
            server.pending.clear()
    return True


def get_webhook_info(server: FakeTelegram, _params: dict[str, str], _files: Files) -> Any:
    pending = len(server.pending)
    return {"url": server.webhook["url"], "has_custom_certificate": False, "pending_update_count": pending}


def answer_callback(server: FakeTelegram, params: dict[str, str], _files: Files) -> Any:
    pressed = server.callbacks.pop(params.get("callback_query_id", ""), None)
    if pressed is None or server.now() - pressed > CALLBACK_SECONDS:
        raise _bad("query is too old and response timeout expired or query ID is invalid")
    return True


def get_file(server: FakeTelegram, params: dict[str, str], _files: Files) -> Any:
    found = server.files.get(params.get("file_id", ""))
    if found is None:
        raise _bad("invalid file_id")
    path, body = found
    if len(body) > LARGEST_DOWNLOAD:
        raise _bad("file is too big")
    return {"file_id": params["file_id"], "file_unique_id": "u", "file_size": len(body), "file_path": path}


def _yes(_server: FakeTelegram, _params: dict[str, str], _files: Files) -> Any:
    return True


METHODS: dict[str, Method] = {
    "getMe": lambda _server, _params, _files: BOT,
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "answerCallbackQuery": answer_callback,
    "getFile": get_file,
    "setMyCommands": _yes,
    "sendChatAction": _yes,
}
