"""People in danger, in grief, robbed or cheated: answered before anything else, whatever the model takes it for."""

from __future__ import annotations

import re

from actions.account_hearing import harmless
from actions.turn import LISTEN, Reply, Turn
from bot.general_questions.answers import say_answer
from bot.general_questions.questions import questions
from bot.hardships import answers
from bot.hardships.reading import Hardship, danger, read, victim
from bot.key_phrases import plain
from bot.messages import Message
from bot.procedures import answers as procedures
from bot.procedures.wording import aspect_of

PENDING = "hardship:"  # `pending` right after a cheat was told of: "giờ làm sao" goes on with it
DEATH_TOPIC = "death_and_extracts"
UNDERSTOOD = {"misunderstandings": 0}
_DONE_BY_SOMEBODY = frozenset((Hardship.ROBBED, Hardship.MONEY, Hardship.CODE, Hardship.IDENTITY))
_WHAT_NOW = re.compile(
    r"\b(?:lam (?:sao|gi)|tinh sao|lam the nao|sao (?:day|bay gio|gio)|phai (?:sao|lam)|(?:giup|cuu) (?:toi|em|con)"
    r"|mat het)\b"
)
_CARD = re.compile(r"\b(?:can cuoc|chung minh nhan dan)\b")
_NAMES_IT = re.compile(r"\b(?:khai tu|bao tu)\b")


def hardship(turn: Turn) -> Reply | None:
    """Return the answer to a hardship told of, or asked on about; None when the message tells of none."""
    found = read(turn.text)
    if found in _DONE_BY_SOMEBODY and harmless(turn):
        return None  # "SIM này chồng tôi đứng tên mua giùm" is no cheat
    if found is Hardship.DESPAIR:
        return _stay(turn, answers.despair())
    if found is Hardship.DEATH and not turn.active_loop and not _asks_about_paper(turn):
        return _death()
    if found is Hardship.ROBBED and not turn.active_loop:
        return _robbed(turn)
    if found is None and turn.intent == "suspect_scam":
        found = victim(turn.text)
    before = str(turn.slots.get("pending") or "").removeprefix(PENDING) if _just_told(turn) else ""
    if found is None and before and len(turn.text.split()) <= 8 and _WHAT_NOW.search(plain(turn.text)):
        found = Hardship(before)
    if found in (Hardship.MONEY, Hardship.CODE, Hardship.IDENTITY):
        said = answers.cheated(found, again=found.value == before)
        return Reply([said], {"pending": f"{PENDING}{found.value}", **UNDERSTOOD} if not turn.active_loop else {})
    return None


def in_danger(turn: Turn) -> Reply:
    """Return whom to call; whoever is in danger is not asked for a street name next."""
    return _stay(turn, answers.emergency(danger(turn.text)))


def _stay(turn: Turn, said: Message) -> Reply:
    return Reply([said], dict(UNDERSTOOD), then=LISTEN if turn.active_loop else None)


def _just_told(turn: Turn) -> bool:
    return str(turn.slots.get("pending") or "").startswith(PENDING)


def _asks_about_paper(turn: Turn) -> bool:
    """Return whether the death certificate itself is asked about: its record answers that, with its own sympathy."""
    return turn.intent.startswith("ask_procedure") and bool(_NAMES_IT.search(plain(turn.text)))


def _death() -> Reply:
    first = say_answer(questions()[DEATH_TOPIC])
    topic = {"procedure": answers.DEATH_CERTIFICATE, "procedure_options": None, **UNDERSTOOD}
    return Reply([answers.condolence(first)], topic)


def _robbed(turn: Turn) -> Reply:
    card = bool(_CARD.search(plain(turn.text)))
    reply = Reply([answers.robbed(card=card)], dict(UNDERSTOOD))
    if not card:
        return reply
    aspect = aspect_of(turn.intent) if turn.intent.startswith("ask_procedure") else "overview"
    again = procedures.explain(turn.session, answers.LOST_CARD, aspect)
    if again is None:
        return reply
    topic = {"procedure": answers.LOST_CARD, "aspect": aspect, "procedure_options": None}
    return Reply([*reply.messages, again], {**topic, **UNDERSTOOD})
