"""What a message says about a dossier: its code, the second factor, what is asked. Strict, for a wrong try counts."""

from __future__ import annotations

import re

from actions.turn import Turn
from bot.accounts import runs_codes
from bot.dossiers import codes, proof, questions
from bot.dossiers.answers import asking, requests
from bot.dossiers.codes import LookAlike
from bot.dossiers.proof import factors
from bot.dossiers.proof.factors import Strength
from bot.text import fold

REQUESTS = {"press": requests.LATE, "missing": requests.MISSING}
ASKED_BY_INTENT = {
    "check_dossier": "status",
    "ask_dossier_late": "late",
    "ask_dossier_supplement": "supplement",
}
# Intents under which a text may be the answer to what the form asks; under all others it is a new question.
ANSWERS = frozenset({"inform", "nlu_fallback", "out_of_scope", "correct_previous", "", *ASKED_BY_INTENT})
COMMANDS = frozenset({"cancel", "deny", "affirm", "help", "talk_to_human", "goodbye", "thank", "emergency"})
ANOTHER = ("ho so khac", "hs khac", "hso khac", "ma khac", "bo khac", "bo ho so khac")


_WHERE_NOW = re.compile(r"\b(?:toi|den) dau\b|\b(?:sao|the nao) roi\b")  # the whole card says the date, too
_TIMELINE = re.compile(r"\b(?:qua trinh|lich su|tien trinh|tung buoc|(?:may|nhung|cac) buoc)\b")


def gives_factor(turn: Turn) -> bool:
    """Return whether a message looks like the second factor of the dossier we talk about, bare or by its name.

    `action_inform` sends such a message on to the form, so that a late "1234" is not lost.
    """
    if topic(turn) is None or runs_codes.find(turn.text):
        return False
    return (factors.bare(turn.text) or factors.named(turn.text)) is not None


def factor_without_code(turn: Turn) -> bool:
    """Return whether somebody gives what proves a dossier, and has not said which one: "số cuối 4567 nha"."""
    found = factors.named(turn.text) if topic(turn) is None and named_code(turn) is None else None
    return found is not None and factors.strength(found) is not Strength.SURE


def asked(turn: Turn) -> str | None:
    """Return what a message asks about the dossier; None when it asks nothing of the kind."""
    if turn.entity("request") in REQUESTS:
        return turn.entity("request")
    asked = ASKED_BY_INTENT.get(turn.intent)
    if turn.entity("view"):
        return turn.entity("view")
    if asked == "status" and _TIMELINE.search(fold(turn.text)):
        return "timeline"
    if asked is None:
        return None
    narrow = particular(turn)
    return asked if narrow is None or (asked == "status" and _WHERE_NOW.search(fold(turn.text))) else narrow


def particular(turn: Turn) -> str | None:
    """Return the particular question that the words ask about a dossier: "bao giờ có", "sao bị từ chối"."""
    found = questions.read(turn.text)
    return found if found in questions.PARTICULAR else None


def is_no_code(turn: Turn) -> bool:
    """Return whether a bare number is meant as a dossier's code and is none: what it is has to be explained."""
    seen = codes.look_alike(turn.text)
    if seen in (LookAlike.PHONE, LookAlike.IDENTITY):
        return "ho so" in fold(turn.text)
    return seen in (LookAlike.PAYMENT, LookAlike.INCOMPLETE, LookAlike.BAD_DATE)


def only_one(turn: Turn) -> str | None:
    """Return the asker's own dossier when there is one only, so that nobody has to look for its code."""
    if turn.requested_slot is not None or look_alike(turn):
        return None
    own = proof.mine(turn.session, turn.asker)
    return own[0][0] if len(own) == 1 else None


def topic(turn: Turn) -> str | None:
    """Return the code of the dossier we talk about."""
    return codes.normalise(str(turn.slots.get("dossier_code") or ""))


def named_code(turn: Turn) -> str | None:
    """Return the dossier code that the message names."""
    entity = turn.entity("dossier_code")
    if entity and (code := codes.normalise(entity)):
        return code
    found = codes.find(turn.text)
    return found[0].code if found else None


def wants_another(turn: Turn) -> bool:
    """Return whether another dossier than the one talked about is meant."""
    if turn.entity("dossier_code") == asking.OTHER:
        return True
    text = fold(turn.text)
    return turn.intent in ANSWERS and any(phrase in text for phrase in ANOTHER)


def look_alike(turn: Turn) -> LookAlike | None:
    """Return what was given instead of a code, if the message is meant as an answer."""
    asked = turn.requested_slot in (None, "dossier_code")
    return codes.look_alike(turn.text) if asked and turn.intent in ANSWERS else None


def _shouts(turn: Turn) -> bool:
    """Return whether a lone word is in capitals, as slips print their secret, and is no command."""
    return turn.text.isupper() and turn.intent not in COMMANDS


def factor(turn: Turn, with_code: bool) -> str | None:
    """Return the second factor in the message, or None: strict, or a question would count as a wrong try."""
    if runs_codes.find(turn.text):
        return None  # a guide is to go on
    if found := factors.named(turn.text):
        return found
    asked = turn.requested_slot == "dossier_factor" or (turn.requested_slot is None and turn.intent == "inform")
    found = factors.bare(turn.text) if asked or with_code else None
    if found and (not factors.is_word(found) or _shouts(turn)):
        return found
    if with_code or (asked and turn.intent in ANSWERS):
        return factors.among_words(turn.text, with_code=with_code) or factors.mixed(turn.text)
    return None
