"""Booking conversations, written by people who had not seen what the model learned: which end in the right booking?

A conversation answers whatever the assistant asks, by the name of the question, so that the order is left to it.
Four sets of sixty. Each was played before it was looked at: 33, 65, 53 and 68 of a hundred ended rightly then (the
third 63 after the second had been mended). Since then the first three have been mended against, the fourth hardly: a
new set is the only fair measure.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from live_server import MONDAY_MORNING
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from talking import Chat

from bot import clock
from bot.conversation.engine import Engine
from bot.conversation.turn import Turns
from bot.db.engine import Database
from bot.pickups.models import ENDED, Pickup, PickupSlot
from bot.pickups.neighbours import procedure, unit_name
from bot.text import fold

FOLDER = Path(__file__).parent
LEAST_RIGHT = {"conversations": 0.97, "second": 0.93, "third": 0.8, "fourth": 0.7}  # as it stands; it may only rise
MOST_TURNS = 40


def load(name: str) -> list[dict[str, Any]]:
    talks: list[dict[str, Any]] = yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))
    return talks


class Script:
    """What a citizen has to say, and how often each answer was given."""

    def __init__(self, talk: dict[str, Any]) -> None:
        self._answers = {slot: _listed(said) for slot, said in talk["answers"].items()}
        self._given: dict[str, int] = {}
        self._interruptions = {row["at"]: _listed(row["say"]) for row in talk.get("interruptions") or []}
        self._corrections = {row["after"]: _listed(row["say"]) for row in talk.get("corrections") or []}

    def reply(self, asked: str) -> list[str]:
        """Return what is said to a question: an interruption the first time, else the answer and what follows it."""
        if asked in self._interruptions:
            return self._interruptions.pop(asked)
        answers = self._answers.get(asked)
        if not answers:
            return []
        number = self._given[asked] = self._given.get(asked, -1) + 1
        answer = answers[min(number, len(answers) - 1)]
        return [answer, *self._corrections.pop(asked, [])]


def _listed(said: Any) -> list[str]:
    return [str(each) for each in said] if isinstance(said, list) else [str(said)]


def play(chat: Chat, talk: dict[str, Any]) -> list[str]:
    """Play a conversation to its end; returns what was said, for the message of a failure."""
    script = Script(talk)
    waiting, protocol = _listed(talk["opening"]), []
    for _ in range(MOST_TURNS):
        if not waiting:
            waiting = script.reply(asked(chat))
            if not waiting:
                break
        said = waiting.pop(0)
        lines = chat.say(said)
        protocol += [f"> {said}", *(f"  [{line.custom['kind']}] {line.text}" for line in lines)]
    return protocol


def asked(chat: Chat) -> str:
    """Return which answer the last replies wait for."""
    kinds = [line.custom["kind"] for line in chat.last]
    if not kinds:
        return ""
    if kinds[-1] == "pickup_question":
        return str(chat.last[-1].custom["slot"])
    return "dossier" if kinds[-1] == "dossier_question" else str(kinds[-1])


def outcome(session: Session, conversation: str) -> dict[str, Any]:
    """Return what stands booked for a citizen, in the words of `expected`."""
    from bot.conversation.models import Conversation

    booked = list(
        session.execute(
            select(Pickup)
            .join(Conversation, Conversation.id == Pickup.conversation_id)
            .where(Conversation.sender == conversation, Pickup.state.not_in(ENDED))
        ).scalars()
    )
    if len(booked) != 1:
        return {"booked": bool(booked), "bookings": len(booked)}
    pickup = booked[0]
    wanted = procedure(session, pickup.procedure_code) if pickup.procedure_code else None
    return {
        "booked": True,
        "service": pickup.service,
        "dossier": pickup.dossier_code,
        "procedure": f"{wanted.code} {wanted.name}" if wanted else None,
        "recipient_name": pickup.recipient_name,
        "phone": pickup.phone,
        "commune": pickup.destination or unit_name(pickup.unit_code),
        "address_contains": pickup.address,
        "date": pickup.slot.date.isoformat() if pickup.slot else None,
        "window": pickup.slot.window if pickup.slot else None,
        "proxy": pickup.proxy_name,
        "payment": pickup.payment,
    }


def differences(expected: dict[str, Any], got: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return what is not as expected; names and places compare without marks, an address has the part that matters."""
    if not expected["booked"] or not got["booked"]:
        return {} if expected["booked"] == got["booked"] else {"booked": (expected["booked"], got)}
    found = {}
    for name, wanted in expected.items():
        if name not in got:
            continue
        have = got[name]
        same = have == wanted if wanted is None else fold(str(wanted)) == fold(str(have))
        if name in ("address_contains", "procedure") and wanted is not None:
            same = fold(str(wanted)) in fold(str(have))
        if not same:
            found[name] = (wanted, have)
    return found


@pytest.mark.parametrize("name", LEAST_RIGHT)
def test_there_are_sixty_in_three_voices(name: str) -> None:
    talks = load(name)
    styles = [talk["style"] for talk in talks]
    assert len({talk["id"] for talk in talks}) == 60
    assert {style: styles.count(style) for style in set(styles)} == {"careful": 20, "noisy": 20, "corrections": 20}
    assert 4 <= sum(not talk["expected"]["booked"] for talk in talks) <= 15


@pytest.mark.parametrize("name", LEAST_RIGHT)
@pytest.mark.parametrize("furnished_database", ["sqlite"], indirect=True)  # what is looked at is understanding
def test_nearly_all_end_in_the_right_booking(furnished: Database, engine: Engine, name: str) -> None:
    from bot.app import PULL_CHANNELS

    turns = Turns(furnished, engine, 30, PULL_CHANNELS)
    wrong: list[str] = []
    talks = load(name)
    for talk in talks:
        with clock.frozen(MONDAY_MORNING):
            chat = Chat(furnished, turns)
            protocol = play(chat, talk)
            with furnished.reading() as session:
                differs = differences(talk["expected"], outcome(session, chat.sender))
            with furnished.unit_of_work() as session:  # the next one finds every dossier and every place free
                session.execute(update(Pickup).values(state="cancelled"))
                session.execute(update(PickupSlot).values(taken=0))
        if differs:
            wrong.append("\n".join([f"{talk['id']} ({talk['style']}): {differs}", *protocol]))
    right = 1 - len(wrong) / len(talks)
    assert right >= LEAST_RIGHT[name], f"{right:.1%} right\n\n" + "\n\n".join(wrong)
