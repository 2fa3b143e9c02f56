"""Which aspect of a procedure a message asks about: its papers, its fee, or what differs in a case that it tells."""

from __future__ import annotations

import re

from actions.linking import CASE
from actions.picking import said_case
from actions.turn import Turn
from bot.normalise import normal_text
from bot.procedures import pointed
from bot.procedures.known import find
from bot.procedures.wording import aspect_of

# Intents whose messages ask for no aspect of their own: what was asked before is meant.
OF_NONE = frozenset({"inform", "ask_procedure", "nlu_fallback", "out_of_scope", "bot_challenge", "correct_previous"})
_AT_LARGE = ("overview", "steps")  # "khai sinh quá hạn thì làm sao" asks for all that differs
_TOLD_FIRST = ("documents", "fee", "duration", "place", "eligibility", "steps", "online")
_AND_THAT = re.compile(
    r"(?:(?:da|a|u|vay|the|vay con|the con)[ ,]+)*con\b.{3,60}(?:thi sao|sao|the nao)\W*(?:em|a|nhi)?\W*$"
)


def asked(turn: Turn) -> str:
    """Return what is asked; "còn kết hôn thì sao" asks the same as before about another one."""
    before = turn.slots.get("aspect")
    if not turn.intent.startswith("ask_procedure"):
        return str(before or "overview")  # handed over: an answer to what was asked
    if before and turn.intent in ("ask_procedure", "ask_procedure_steps") and _AND_THAT.match(normal_text(turn.text)):
        return str(before)
    return "result" if pointed.asks_validity(turn.text) else aspect_of(turn.intent)


def told(turn: Turn, code: str, aspect: str) -> str:
    """Return what is asked of a procedure just named; "khai sinh trễ hạn" names a case and asks what differs in it."""
    known = find(turn.session, code)
    case = said_case(turn, known) if known else None
    if known is None or case is None or (turn.intent.startswith("ask_procedure") and aspect not in _AT_LARGE):
        return aspect
    usual = case.partition(CASE)[2] == known.usual_case or known.usual_case is None
    return aspect if usual and turn.intent.startswith("ask_procedure") else of_case(turn, code, aspect)


def of_case(turn: Turn, choice: str, aspect: str) -> str:
    """Return the aspect that a case said out of turn is about: the last one, or the first in which the cases differ."""
    known = find(turn.session, choice.partition(CASE)[0])
    if known is None or known.open_cases(aspect):
        return aspect
    return next((name for name in _TOLD_FIRST if known.open_cases(name)), aspect)


def before_choice(turn: Turn, asked: str, *, about_cases: bool) -> str:
    """Return what was asked before the choice; words that pick a case say nothing about the aspect."""
    before = turn.slots.get("aspect")
    return str(before) if before and (about_cases or asked == "overview") else asked
