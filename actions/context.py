"""What was talked of last: for one question back out of it, where a message alone says too little."""

from __future__ import annotations

from dataclasses import dataclass

from actions import guiding
from actions.turn import Turn
from bot.accounts.guides import guides
from bot.citing import shortened
from bot.dossiers import proof
from bot.messages import Button, button
from bot.pickups import booking
from bot.procedures.choices import LONGEST_NAME
from bot.procedures.known import find
from bot.procedures.wording import ASPECT_TITLES, intent_of

ELSE = button("Hỏi thủ tục khác", "help", topic="procedure")
_ASPECTS = ("documents", "fee", "place")


@dataclass(frozen=True)
class Context:
    """Something under way: how it is called in a question, and what one may want of it."""

    called: str
    buttons: tuple[Button, ...]


def of(turn: Turn) -> Context | None:
    """Return what the talk is about: a guide, a procedure, a proven dossier, a booking; None when there is nothing.

    A dossier is named to those alone who have proved it.
    """
    return _guide(turn) or _procedure(turn) or _dossier(turn) or _booking(turn)


def _guide(turn: Turn) -> Context | None:
    found = guiding.under_way(turn)
    if found is None:
        return None
    at = found[0]
    buttons = (button("Xem lại bước này", "repeat"), button("Tiếp", "next_step"))
    return Context(f"bước {at.number} của hướng dẫn {guides()[at.goal].title}", buttons)


def _procedure(turn: Turn) -> Context | None:
    code = str(turn.slots.get("procedure") or "")
    known = find(turn.session, code)
    if known is None:
        return None
    buttons = [button(ASPECT_TITLES[name], intent_of(name), procedure=code) for name in _ASPECTS if known.has(name)]
    return Context(f"thủ tục {shortened(known.procedure.name, LONGEST_NAME)}", tuple(buttons))


def _dossier(turn: Turn) -> Context | None:
    code = str(turn.slots.get("dossier_code") or "")
    if not code or not proof.proved(turn.session, turn.asker, code):
        return None
    return Context(f"hồ sơ {code}", (button("Hồ sơ tới đâu", "check_dossier", dossier_code=code),))


def _booking(turn: Turn) -> Context | None:
    mine = booking.of_conversation(turn.session, turn.conversation_id)
    if not mine:
        return None
    number = str(mine[0].booking)
    return Context(f"lịch bưu điện {number}", (button("Xem lịch hẹn", "track_pickup", booking_code=number),))
