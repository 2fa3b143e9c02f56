"""Zalo's webhook events as what they mean to us (facts §2.4, §2.5). Whatever comes, reading it raises nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.channels.zalo import contents
from bot.channels.zalo.contents import Content, mapping, moment, text_of, user_of
from bot.channels.zalo.limits import LONGEST_TRACKING_ID
from bot.conversation.incoming import Incoming

CHANNEL = "zalo"
LONGEST_ID = 128
_KEY = re.compile(rf"[\x21-\x7e]{{1,{LONGEST_TRACKING_ID}}}")


@dataclass(frozen=True)
class Said:
    """A citizen sent something."""

    incoming: Incoming


@dataclass(frozen=True)
class Blocked:
    """A citizen left the account, or came back."""

    sender: str
    blocked: bool


@dataclass(frozen=True)
class Withdrawn:
    """A citizen withdrew their consent at Zalo: their data must be erased."""

    sender: str


@dataclass(frozen=True)
class Delivered:
    """A ZBS notice arrived."""

    tracking_id: str
    at: datetime | None


@dataclass(frozen=True)
class HumanAnswered:
    """A person of ours answered a citizen in Zalo's own tool."""

    sender: str


Happening = Said | Blocked | Withdrawn | Delivered | HumanAnswered

# Known, and of no consequence here. Everything else is counted as unknown, so that no name of theirs becomes ours.
IGNORED = frozenset(
    """
    user_click_chatnow user_seen_message user_received_message user_reacted_message oa_reacted_message update_user_info
    add_user_to_tag remove_user_from_tag remove_tag anonymous_send_text anonymous_send_image anonymous_send_file
    anonymous_send_sticker user_reply_consent user_call_oa oa_call_user change_template_status change_oa_daily_quota
    change_template_quality change_oa_template_tags user_feedback user_click_response_button extension_purchased
    widget_interaction_accepted
    """.split()
)


def name_of(event: Mapping[str, Any]) -> str:
    """Return the event's name for counters: one of a closed list, "oa_send" or "unknown"."""
    name = event.get("event_name")
    if not isinstance(name, str):
        return "unknown"
    if name in _READERS or name in IGNORED:
        return name
    return "oa_send" if name.startswith("oa_send_") else "unknown"


def moment_of(event: Mapping[str, Any]) -> datetime | None:
    """Return when the event happened, by Zalo's clock."""
    return moment(event.get("timestamp"))


def read(event: Mapping[str, Any], oa_id: str) -> list[Happening]:
    """Return what an event means; nothing where it means nothing to us, or speaks of another account."""
    name = event.get("event_name")
    if not isinstance(name, str) or text_of(event.get("oa_id")) not in (None, oa_id):
        return []
    if name.startswith("oa_send_"):
        return _sent_by_the_account(event, oa_id)
    reader = _READERS.get(name)
    return reader(event, oa_id) if reader else []


def _sent_by_the_account(event: Mapping[str, Any], oa_id: str) -> list[Happening]:
    """Tell a person of ours, who has an `admin_id`, from the echo of what we sent. Never is it answered."""
    sender, to = event.get("sender"), user_of(event.get("recipient"))
    by_a_person = user_of(sender) == oa_id and text_of(mapping(sender).get("admin_id"))
    return [HumanAnswered(to)] if by_a_person and to else []


def _citizen(event: Mapping[str, Any], oa_id: str) -> str | None:
    """Return who wrote to us; None when it was the account, or somebody else was written to.

    The ids decide, not the event's name: sources disagree on the direction of some.
    """
    sender, to = user_of(event.get("sender")), user_of(event.get("recipient"))
    return sender if sender != oa_id and to in (None, oa_id) else None


def _message(read_content: Callable[[Mapping[str, Any]], list[Content]]) -> Reader:
    def reader(event: Mapping[str, Any], oa_id: str) -> list[Happening]:
        sender = _citizen(event, oa_id)
        if sender is None:
            return []
        found = read_content(event)
        return [Said(_incoming(event, sender, content, number)) for number, content in enumerate(found, 1)]

    return reader


def _incoming(event: Mapping[str, Any], sender: str, content: Content, number: int) -> Incoming:
    # One event may bring several attachments, and each is a message of its own.
    suffix = f"#{number}" if number > 1 else ""
    return Incoming(
        channel=CHANNEL,
        sender=sender,
        message_id=_message_id(event, sender) + suffix,
        text=content.text,
        kind=content.kind,
        sent_at=moment_of(event),
        media=content.media,
    )


def _message_id(event: Mapping[str, Any], sender: str) -> str:
    """Return what makes the event the same again: Zalo's id, else a hash of what does not change (facts §2.3)."""
    given = text_of(mapping(event.get("message")).get("msg_id"))
    if given and len(given) <= LONGEST_ID - len("#99") and given == given.strip():
        return given
    told = "|".join((str(event.get("event_name")), sender, str(event.get("timestamp")), given or ""))
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()


def _follow(event: Mapping[str, Any], oa_id: str) -> list[Happening]:
    sender = user_of(event.get("follower")) or _citizen(event, oa_id)
    if sender is None:
        return []
    start = _incoming(event, sender, Content("command", "start"), 1)
    return [Blocked(sender, False), Said(start)]


def _unfollow(event: Mapping[str, Any], oa_id: str) -> list[Happening]:
    sender = user_of(event.get("follower")) or _citizen(event, oa_id)
    return [Blocked(sender, True)] if sender else []


def _withdraw(event: Mapping[str, Any], oa_id: str) -> list[Happening]:
    sender = user_of({"id": event.get("user_id")}) or _citizen(event, oa_id)
    return [Blocked(sender, True), Withdrawn(sender)] if sender else []


def _received(event: Mapping[str, Any], _oa_id: str) -> list[Happening]:
    """Tell a ZBS receipt, which names our key, from the chat's, which does not."""
    message = mapping(event.get("message"))
    key = text_of(message.get("tracking_id"))
    if not key or not _KEY.fullmatch(key):
        return []
    return [Delivered(key, moment(message.get("delivery_time")) or moment_of(event))]


Reader = Callable[[Mapping[str, Any], str], list[Happening]]
_READERS: dict[str, Reader] = {
    **{f"user_send_{kind}": _message(reader) for kind, reader in contents.READERS.items()},
    "user_submit_info": _message(contents.submitted),
    "follow": _follow,
    "unfollow": _unfollow,
    "user_withdraw": _withdraw,
    "user_received_message": _received,
}
