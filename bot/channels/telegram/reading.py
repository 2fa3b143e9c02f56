"""What an update of Telegram means to us: a message of a citizen, a door shut or opened, or nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.channels.telegram import limits
from bot.channels.telegram.updates import Callback, Message, Sized, Update, User, content_of
from bot.clock import UTC
from bot.conversation.incoming import Incoming
from bot.dossiers.slip_photo import LARGEST_BYTES
from bot.places.location import Point
from bot.text import clean, fold

CHANNEL = "telegram"
COMMANDS = {"start": "start", "help": "help", "huy": "cancel", "nhanvien": "human"}
LARGEST_FETCHED = min(limits.LARGEST_DOWNLOAD, LARGEST_BYTES)
LONGEST_NAME = 100
_COMMAND = re.compile(r"/(\w{1,32})(?:@\w{1,64})?(?:\s+(.*))?", re.DOTALL)
_PICTURE_NAME = re.compile(r"\.(?:jpe?g|png|webp|heic|heif|bmp|gif|tiff?)$", re.IGNORECASE)
_FILES = frozenset({"document", "audio", "video", "video_note", "animation"})
# What Telegram itself says in a private chat: nobody waits for an answer to it.
_SERVICE = frozenset(
    "pinned_message message_auto_delete_timer_changed write_access_allowed connected_website users_shared chat_shared "
    "web_app_data successful_payment refunded_payment proximity_alert_triggered boost_added chat_background_set "
    "video_chat_scheduled video_chat_started video_chat_ended video_chat_participants_invited gift unique_gift "
    "giveaway_created giveaway_completed passport_data new_chat_title new_chat_photo delete_chat_photo".split()
)


@dataclass(frozen=True)
class Seen:
    """What an update was; `result` is the word under which it is counted."""

    result: str
    incoming: Incoming | None = None
    callback: str | None = None  # to be answered, or the citizen's button turns for ever
    blocked: tuple[str, bool] | None = None  # who, and whether they shut us out or let us in again


def read(update: Update, raw: Any, received_at: datetime) -> Seen:
    """Return what an update means; `raw` is the same one as Telegram sent it.

    `received_at` stands for the moment of a pressed button, which Telegram does not tell.
    """
    if update.callback_query is not None:
        return _pressed(update.callback_query, update.update_id, received_at)
    if update.my_chat_member is not None:
        change = update.my_chat_member
        status = change.new_chat_member.status
        if change.chat.type != "private" or status not in ("kicked", "member"):
            return Seen("ignored")
        return Seen("blocked" if status == "kicked" else "unblocked", blocked=(str(change.chat.id), status == "kicked"))
    message = update.edited_message or update.message
    if message is None:
        return Seen("unknown_update")
    if message.chat.type != "private":
        return Seen("group")
    if message.sender is None or message.sender.is_bot:
        return Seen("bot")
    fields = content_of(raw)
    if update.edited_message is not None:
        return _edited(update.edited_message, message.sender, update.update_id)
    if fields & _SERVICE:
        return Seen("service")
    what = _what(message, message.sender, fields)
    return Seen("message", _incoming(message, message.sender, update.update_id, what))


def _pressed(pressed: Callback, update_id: int, received_at: datetime) -> Seen:
    message = pressed.message
    if pressed.data is None or pressed.sender.is_bot or (message is not None and message.chat.type != "private"):
        return Seen("ignored", callback=pressed.id)
    incoming = Incoming(
        CHANNEL,
        str(pressed.sender.id),
        f"tg:cb:{pressed.id}",
        pressed.data,
        sent_at=received_at,
        order=update_id,
        name=_name(pressed.sender),
    )
    return Seen("button", incoming, pressed.id)


def _edited(message: Message, sender: User, update_id: int) -> Seen:
    """Return an edited text as a new message; a changed caption or a location that moves is not one."""
    if message.text is None:
        return Seen("ignored")
    return Seen("edited", _incoming(message, sender, update_id, _text(message.text), edited=True))


def _incoming(
    message: Message, sender: User, update_id: int, what: dict[str, Any], *, edited: bool = False
) -> Incoming:
    moment = (message.edit_date if edited else None) or message.date
    return Incoming(
        CHANNEL,
        str(sender.id),
        f"tg:{message.chat.id}:{message.message_id}" + (f":e{update_id}" if edited else ""),
        sent_at=datetime.fromtimestamp(moment, UTC),
        order=update_id,
        name=_name(sender),
        **what,
    )


def _what(message: Message, sender: User, fields: frozenset[str]) -> dict[str, Any]:
    """Return kind, text and media of what a message holds."""
    if message.text is not None:
        return _text(message.text)
    if message.contact is not None:
        # Telegram vouches only for a card of the sender's own account; anybody's card can be passed on.
        if message.contact.user_id != sender.id:
            return {"kind": "unknown"}
        return {"kind": "contact", "text": "+" + message.contact.phone_number.lstrip("+")}
    if message.location is not None:
        return {"text": Point(message.location.latitude, message.location.longitude).address}
    if message.photo:
        return {"kind": "photo", "text": message.caption or "", "media": _file(_largest(message.photo))}
    if message.document is not None and "animation" not in fields and _is_picture(message.document):
        return {"kind": "photo", "text": message.caption or "", "media": _file(message.document)}
    if message.voice is not None:
        return {"kind": "voice", "media": _file(message.voice)}
    if fields & _FILES:
        return {"kind": "file", "text": message.caption or ""}
    return {"kind": "sticker"} if "sticker" in fields else {"kind": "unknown"}


def _text(text: str) -> dict[str, Any]:
    """Return a text, or the command that it is.

    What follows `/start` (from a link t.me/…?start=…) or `/help` is what the person wants: it is taken as their text.
    So is "/huy lịch hẹn", which is more than a plain "stop"; whoever wants a person gets one, whatever else they say.
    """
    found = _COMMAND.fullmatch(clean(text))
    command = COMMANDS.get(fold(found[1])) if found else None
    if found is None or command is None:
        return {"text": text}
    argument = found[2]
    if not argument or command == "human":
        return {"kind": "command", "text": command}
    return {"text": f"hủy {argument}" if command == "cancel" else argument}


def _largest(sizes: list[Sized]) -> Sized:
    """Return the largest size of a photo that we may fetch (they come smallest first), else the smallest."""
    fitting = [size for size in sizes if (size.file_size or 0) <= LARGEST_FETCHED]
    return fitting[-1] if fitting else sizes[0]


def _file(file: Sized) -> dict[str, Any]:
    given = {"file_id": file.file_id, "size": file.file_size, "type": file.mime_type, "seconds": file.duration}
    return {name: value for name, value in given.items() if value is not None}


def _is_picture(document: Sized) -> bool:
    return (document.mime_type or "").startswith("image/") or bool(_PICTURE_NAME.search(document.file_name or ""))


def _name(user: User) -> str | None:
    return clean(f"{user.first_name} {user.last_name or ''}")[:LONGEST_NAME].strip() or None
