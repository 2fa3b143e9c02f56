"""A citizen on the fake Telegram: writes, presses, shares, blocks. Each becomes an update as Telegram sends it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fakes.telegram import FakeTelegram, Shown


class Person:
    """Somebody with a private chat with the bot. What they do returns the update that it became."""

    def __init__(self, telegram: FakeTelegram, number: int, first_name: str) -> None:
        self.telegram, self.id, self.first_name = telegram, number, first_name
        self._presses = itertools.count(1)
        self.has_written = self.has_blocked = self.is_deleted = False

    @property
    def seen(self) -> list[Shown]:
        """Return what the bot showed them, in order."""
        return self.telegram.to(self.id)

    @property
    def who(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, "first_name": self.first_name, "language_code": "vi"}

    def sends(self, **content: Any) -> dict[str, Any]:
        """Send a message with this content."""
        self.has_written = True
        return self.telegram.bring({"message": self._message(**content)})

    def says(self, text: str, **more: Any) -> dict[str, Any]:
        command = text.split()[0] if text.startswith("/") else ""
        marked = [{"type": "bot_command", "offset": 0, "length": len(command)}] if command else []
        return self.sends(text=text, **({"entities": marked} if marked else {}), **more)

    def edits(self, message_id: int, text: str) -> dict[str, Any]:
        edited = {**self._message(text=text), "message_id": message_id, "edit_date": int(self.telegram.now())}
        return self.telegram.bring({"edited_message": edited})

    def presses(self, title: str) -> dict[str, Any]:
        """Press the newest button of this title."""
        for shown in reversed(self.seen):
            for button_title, payload in (choice for row in shown.rows for choice in row):
                if button_title == title:
                    return self.calls_back(payload, shown.id, shown.text)
        raise AssertionError(f"no button {title!r}")

    def calls_back(self, data: str, message_id: int = 1, text: str = "…") -> dict[str, Any]:
        number = f"cq{self.id}-{next(self._presses)}"
        self.telegram.callbacks[number] = self.telegram.now()
        on = {"message_id": message_id, "date": int(self.telegram.now()), "chat": self._chat(), "text": text}
        pressed = {"id": number, "from": self.who, "chat_instance": "ci", "data": data, "message": on}
        return self.telegram.bring({"callback_query": pressed})

    def shares_contact(self, phone: str, of: int | None = None) -> dict[str, Any]:
        """Share a card: one's own, or that of account `of` (0: of somebody who is not on Telegram)."""
        owner = {"user_id": self.id if of is None else of} if of != 0 else {}
        return self.sends(contact={"phone_number": phone, "first_name": "Ví Dụ", **owner})

    def shares_location(self, lat: float, lon: float) -> dict[str, Any]:
        return self.sends(location={"latitude": lat, "longitude": lon})

    def sends_photo(self, body: bytes, caption: str | None = None) -> dict[str, Any]:
        """Send a photo; Telegram keeps a small and a large copy of it."""
        sizes = [
            {"file_id": self._file(body[:100], "photos/file_{}.jpg"), "width": 90, "height": 90, "file_size": 100},
            {"file_id": self._file(body, "photos/file_{}.jpg"), "width": 800, "height": 800, "file_size": len(body)},
        ]
        for size in sizes:
            size["file_unique_id"] = f"u{size['file_id']}"
        return self.sends(photo=sizes, **({"caption": caption} if caption else {}))

    def sends_voice(self, body: bytes, seconds: int = 3) -> dict[str, Any]:
        file_id = self._file(body, "voice/file_{}.oga")
        voice = {"file_id": file_id, "file_unique_id": "v", "duration": seconds, "file_size": len(body)}
        return self.sends(voice={**voice, "mime_type": "audio/ogg"})

    def sends_file(self, name: str, kind: str, body: bytes) -> dict[str, Any]:
        file = {"file_id": self._file(body, "documents/file_{}"), "file_unique_id": "d", "file_size": len(body)}
        return self.sends(document={**file, "file_name": name, "mime_type": kind})

    def blocks(self) -> dict[str, Any]:
        self.has_blocked = True
        return self._stands("member", "kicked")

    def unblocks(self) -> dict[str, Any]:
        self.has_blocked = False
        return self._stands("kicked", "member")

    def _stands(self, before: str, after: str) -> dict[str, Any]:
        bot = {"id": 123456, "is_bot": True, "first_name": "Một Cửa"}
        change = {"chat": self._chat(), "from": self.who, "date": int(self.telegram.now())}
        members = {
            "old_chat_member": {"user": bot, "status": before},
            "new_chat_member": {"user": bot, "status": after},
        }
        return self.telegram.bring({"my_chat_member": {**change, **members}})

    def _message(self, **content: Any) -> dict[str, Any]:
        with self.telegram.lock:
            self.telegram.message_ids[self.id] += 1
            number = self.telegram.message_ids[self.id]
        frame = {"message_id": number, "date": int(self.telegram.now()), "chat": self._chat(), "from": self.who}
        return {**frame, **content}

    def _chat(self) -> dict[str, Any]:
        return {"id": self.id, "type": "private", "first_name": self.first_name}

    def _file(self, body: bytes, path: str) -> str:
        return self.telegram.open_file(body, path)
