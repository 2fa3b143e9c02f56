"""What was said in one call, read back: its transcript, and the last answer with the buttons that go on from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.citing import source_line
from bot.conversation.models import InboxMessage, OutboxMessage
from bot.conversation.transcript import Line, of_reply
from bot.desk.calls import Going
from bot.messages import Button, Message, button

SHOWN = 60  # things said, of the newest
MOST_CHOICES = 9  # Alt+1 to Alt+9
HUMAN = button("", "talk_to_human").meaning  # the caller has a person on the line
_SOURCE = "Nguồn:"


@dataclass(frozen=True)
class Told:
    """One thing that the assistant said: its words and the line with source and date apart."""

    text: str
    source: str
    custom: dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """The answer to what the caller said last, and what may be pressed to go on."""

    inbox_id: int
    said: str
    told: list[Told]
    choices: list[dict[str, str]]

    @property
    def procedure(self) -> str | None:
        """Return the code of the procedure that it is about; None for another matter."""
        return next((str(t.custom["code"]) for t in self.told if t.custom.get("kind") == "procedure"), None)

    @property
    def text(self) -> str:
        """Return all of it, for the clipboard."""
        return "\n\n".join("\n".join(filter(None, (one.text, one.source))) for one in self.told)


def parted(text: str, custom: dict[str, Any]) -> Told:
    """Return a message with its line of source and date apart; one is made where the record has it and the text not."""
    lines = text.split("\n")
    sources = [line for line in lines if line.startswith(_SOURCE)]
    if not sources and custom.get("as_of") and custom.get("name"):
        sources = [source_line(str(custom["name"]), custom.get("legal_basis") or (), str(custom["as_of"]))]
    return Told("\n".join(line for line in lines if not line.startswith(_SOURCE)).strip(), " ".join(sources), custom)


def lines(session: Session, going: Going) -> list[Line]:
    """Return what was said in the call, in order, and nothing else of the conversation that it was linked with."""
    said = _said(session, going, SHOWN)
    replies = _replies(session, [row.id for row in said])
    shown = []
    for row in said:
        about = {"inbox_id": row.id, "outcome": row.outcome}
        shown.append(Line(row.seq, "citizen", row.received_at, row.text, [], about))
        shown += [of_reply(reply) for reply in replies if reply.inbox_id == row.id]
    return shown


def answer(session: Session, going: Going, inbox_id: int | None = None) -> Answer | None:
    """Return the last answer of the call, or the one to a message of it; None without one."""
    found = _said(session, going, 1, inbox_id)
    if not found:
        return None
    replies = _replies(session, [found[0].id])
    choices = [
        shown
        for reply in replies
        for shown, kept in zip(of_reply(reply).buttons, reply.buttons or [], strict=True)
        if kept["meaning"] != HUMAN
    ]
    told = [parted(reply.text, reply.custom) for reply in replies]
    return Answer(found[0].id, found[0].text, told, choices[:MOST_CHOICES])


def messages(session: Session, going: Going, inbox_id: int) -> list[Message]:
    """Return the answer to a message of the call as it can be said again on another channel."""
    return [_again(row) for row in _replies(session, [one.id for one in _said(session, going, 1, inbox_id)])]


def _again(row: OutboxMessage) -> Message:
    custom = dict(row.custom)
    buttons = tuple(Button(one["title"], one["meaning"]) for one in row.buttons or [])
    return Message(row.text, str(custom.pop("kind")), custom, buttons)


def _said(session: Session, going: Going, most: int, inbox_id: int | None = None) -> list[InboxMessage]:
    wanted = select(InboxMessage).where(InboxMessage.address_id == going.address_id, InboxMessage.seq.is_not(None))
    if inbox_id is not None:
        wanted = wanted.where(InboxMessage.id == inbox_id)
    return list(session.execute(wanted.order_by(InboxMessage.id.desc()).limit(most)).scalars())[::-1]


def _replies(session: Session, inbox_ids: list[int]) -> list[OutboxMessage]:
    wanted = select(OutboxMessage).where(OutboxMessage.inbox_id.in_(inbox_ids)).order_by(OutboxMessage.seq)
    return list(session.execute(wanted).scalars())
