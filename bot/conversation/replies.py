"""What the turn itself says, outside of any capability: old buttons, a task cut off by silence."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy.orm import Session

from bot.conversation.taking import Taken
from bot.messages import Message, button, say
from bot.tickets import answers as tickets

# What stands in the transcript for something that is no text, and what we say to it.
UNREADABLE = {
    "photo": ("Ảnh", "Dạ, em chưa tải được ảnh. Anh/chị gửi lại, hoặc gõ mã hồ sơ giúp em ạ."),
    "voice": ("Tin thoại", "Dạ, em chưa nghe được tin thoại. Anh/chị gõ chữ giúp em, viết không dấu cũng được ạ."),
    "file": ("Tệp", "Dạ, em chưa đọc được tệp. Anh/chị chụp ảnh giấy hẹn, hoặc gõ điều cần hỏi giúp em ạ."),
    "sticker": ("Hình dán", "Dạ, em chỉ đọc được chữ. Anh/chị cần hỏi gì cứ gõ cho em ạ."),
    "unknown": ("Nội dung khác", "Dạ, loại tin này em chưa đọc được. Anh/chị gõ điều cần hỏi giúp em ạ."),
}
_TASKS = {"pickup_form": "đặt bưu điện đến nhà", "dossier_form": "tra hồ sơ"}
_GUIDE_TASK = "làm theo hướng dẫn tài khoản"


def old_button() -> Message:
    """Return that a button is of a message that is no more."""
    return say("fallback", "Dạ, nút này đã cũ rồi. Anh/chị gõ lại điều mình cần giúp em ạ.", attempt=1)


def not_text(taken: Taken) -> Message:
    """Return what we cannot do with a voice message, a file, a sticker; the transcript notes what came."""
    taken.text, answer = UNREADABLE[taken.kind]
    return say("fallback", answer, button("Gặp nhân viên", "talk_to_human"), attempt=1)


def paused_task(events: str) -> dict[str, Any] | None:
    """Return what the citizen was doing in a session that silence ended; None for nothing worth resuming."""
    loop: str | None = None
    slots: dict[str, Any] = {}
    for event in json.loads(events):
        if event["event"] == "active_loop":
            loop = event.get("name")
        elif event["event"] == "slot":
            slots[event["name"]] = event.get("value")
    kept = {name: value for name, value in slots.items() if value is not None and name != "requested_slot"}
    if loop in _TASKS:
        # A proof is bound to its session: it is asked again.
        kept.pop("dossier_factor", None)
        return {"loop": loop, "slots": kept}
    if kept.get("guide"):
        return {"loop": None, "slots": {name: kept[name] for name in ("guide", "guide_step") if name in kept}}
    return None


def offer_paused(paused: dict[str, Any]) -> Message:
    """Return the offer to go on with it."""
    task = _TASKS.get(paused["loop"], _GUIDE_TASK)
    return say(
        "info",
        f"Dạ, lúc trước anh/chị đang {task}, em còn giữ những gì đã khai. Anh/chị muốn làm tiếp không ạ?",
        button("Làm tiếp", "resume_task"),
        button("Thôi, bỏ qua", "cancel"),
        topic="resume",
    )


def gave_up(session: Session, conversation_id: int) -> Message:
    """Return the apology for a message that three tries could not answer; the staff get a ticket."""
    return tickets.handoff(session, conversation_id, "system")


def as_rasa(message: Message) -> dict[str, Any]:
    """Return a message of ours in the form that Rasa gives its own."""
    return {
        "text": message.text,
        "custom": message.custom(),
        "buttons": [{"title": b.title, "payload": b.meaning} for b in message.buttons],
    }
