"""The fake's webhook events, in the shapes of facts §2.5."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fakes.zalo import World

F = "https://f1.zdn.vn"
ATTACHMENTS: dict[str, dict[str, Any]] = {
    "user_send_image": {"type": "image", "payload": {"thumbnail": f"{F}/t.jpg", "url": f"{F}/p.jpg"}},
    "user_send_gif": {"type": "gif", "payload": {"thumbnail": f"{F}/t.gif", "url": f"{F}/p.gif"}},
    "user_send_file": {
        "type": "file",
        "payload": {"size": "18324", "name": "don.pdf", "checksum": "0" * 32, "type": "pdf", "url": f"{F}/don.pdf"},
    },
    "user_send_audio": {"type": "audio", "payload": {"url": f"{F}/a.amr"}},
    "user_send_video": {
        "type": "video",
        "payload": {"thumbnail": f"{F}/v.jpg", "description": "", "url": f"{F}/v.mp4"},
    },
    "user_send_sticker": {"type": "sticker", "payload": {"id": "20463", "url": f"{F}/s.png"}},
    "user_send_link": {
        "type": "link",
        "payload": {"thumbnail": f"{F}/l.jpg", "description": "Trang", "url": "https://example.org/trang"},
    },
    "user_send_business_card": {
        "type": "link",
        "payload": {"thumbnail": f"{F}/c.jpg", "description": '{"phone":"84900001234"}', "url": "https://zalo.me/x"},
    },
    "user_send_location": {
        "type": "location",
        "payload": {"coordinates": {"latitude": "11.9404", "longitude": "108.4583"}},
    },
}


class Events:
    """Makes events, with the fake's ids and clock."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._serial = itertools.count(1)

    def message(self, user: str, name: str, message: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Return the event of a citizen's message."""
        return {
            "app_id": self.world.app_id,
            "user_id_by_app": f"5{user[1:]}",
            "event_name": name,
            "sender": {"id": user},
            "recipient": {"id": self.world.oa_id},
            "message": {"msg_id": f"zu{next(self._serial):08d}", **message},
            "timestamp": self.world.now_ms,
            **more,
        }

    def media(self, user: str, name: str, text: str | None = None, /, **payload: Any) -> dict[str, Any]:
        """Return the event of a message with an attachment of its kind."""
        attachment = json.loads(json.dumps(ATTACHMENTS[name]))
        attachment["payload"].update(payload)
        return self.message(user, name, {"attachments": [attachment], **({"text": text} if text else {})})

    def follow(self, user: str, name: str = "follow") -> dict[str, Any]:
        """Return the event of somebody who follows, or no longer does: it has no sender."""
        who = {"oa_id": self.world.oa_id, "follower": {"id": user}, "user_id_by_app": f"5{user[1:]}"}
        more = {"source": "oa_profile", "app_id": self.world.app_id, "timestamp": self.world.now_ms}
        return {"event_name": name, **who, **more}

    def submit_info(self, user: str, info: Any, key: str = "info") -> dict[str, Any]:
        """Return the event of a contact form."""
        event = self.message(user, "user_submit_info", {})
        del event["message"]
        return {**event, key: info}

    def from_account(self, user: str, name: str, message: dict[str, Any], admin: str | None = None) -> dict[str, Any]:
        """Return an event whose sender is the account."""
        event = self.message(user, name, message)
        event["sender"], event["recipient"] = {"id": self.world.oa_id}, {"id": user}
        if admin:
            event["sender"]["admin_id"] = admin
        return event

    def receipt(self, notice: dict[str, Any]) -> dict[str, Any]:
        """Return the receipt of a ZBS notice: the recipient is a phone."""
        told = {key: notice[key] for key in ("msg_id", "tracking_id")} | {"delivery_time": self.world.now_ms}
        return self.from_account(notice["phone"], "user_received_message", told)
