"""Updates as Telegram sends them: the parts of them that are read here, checked before anything is done.

Not python-telegram-bot's own classes: theirs fail in many ways on a malformed update, and one that fails in
`get_updates` keeps all others back and is printed whole into the log.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, field

_ID = Annotated[int, Meta(ge=-(2**53), le=2**53)]  # "at most 52 significant bits"
_Count = Annotated[int, Meta(ge=0, le=2**53)]
_Moment = Annotated[int, Meta(ge=0, le=2**32)]  # seconds since 1970; 0 where a message is out of a bot's reach
_Name = Annotated[str, Meta(max_length=256)]


class User(Struct):
    """Somebody, or a bot."""

    id: _ID
    is_bot: bool = False
    first_name: str = ""
    last_name: str | None = None


class Chat(Struct):
    """Where something was said."""

    id: _ID
    type: str


class Sized(Struct):
    """A file that can be fetched: a size of a photo, a document, a voice message."""

    file_id: _Name
    file_size: _Count | None = None
    mime_type: _Name | None = None
    file_name: str | None = None
    duration: _Count | None = None


class Contact(Struct):
    """A card with a phone number; `user_id` where it is somebody who is on Telegram."""

    phone_number: _Name
    user_id: _ID | None = None


class Location(Struct):
    """A place on the globe, in degrees."""

    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]


class Message(Struct):
    """A message, whatever it holds."""

    message_id: _ID
    date: _Moment
    chat: Chat
    sender: User | None = field(name="from", default=None)
    edit_date: _Moment | None = None
    text: str | None = None
    caption: str | None = None
    photo: list[Sized] = []
    document: Sized | None = None
    voice: Sized | None = None
    contact: Contact | None = None
    location: Location | None = None


class Callback(Struct):
    """A pressed button; the message that it hangs on may be too old to be told."""

    id: _Name
    sender: User = field(name="from")
    data: str | None = None
    message: Message | None = None


class Member(Struct):
    """How the bot stands in a chat."""

    status: str


class MemberChange(Struct):
    """Somebody let the bot in or shut it out."""

    chat: Chat
    new_chat_member: Member


class Update(Struct):
    """One thing that happened; of a kind that is not read here, only the number is there."""

    update_id: Annotated[int, Meta(ge=0, le=2**53)]
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: Callback | None = None
    my_chat_member: MemberChange | None = None

    @property
    def date(self) -> int | None:
        """Return when it happened; nobody says when a button was pressed."""
        if self.edited_message is not None:
            return self.edited_message.edit_date
        return self.message.date if self.message is not None else None


def parse(raw: object) -> Update | None:
    """Return an update out of decoded JSON; None for one that does not have Telegram's form."""
    try:
        return msgspec.convert(raw, Update)
    except (msgspec.ValidationError, UnicodeEncodeError):  # JSON may name half a character
        return None


def content_of(raw: Any) -> frozenset[str]:
    """Return the names of the fields that the message of a parsed update has, those not read here among them."""
    return frozenset((raw.get("message") or raw.get("edited_message") or {}).keys())
