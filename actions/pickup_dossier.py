"""The dossier of a delivery: its code, and the factor that proves it; the factor itself is kept nowhere."""

from __future__ import annotations

from actions.pickup_heard import Heard
from actions.pickup_message import UNCLEAR, WRONG_FACTOR, Message
from actions.turn import Turn
from bot.dossiers import codes, proof
from bot.dossiers.answers import asking
from bot.dossiers.proof import Result, factors
from bot.pickups.form import choices, corrections, draft, questions, reading, services, talk
from bot.text import fold

_DOSSIER_INTENTS = frozenset({"inform", "check_dossier", "book_delivery", "correct_previous"}) | UNCLEAR


def take_dossier(message: Message, heard: Heard) -> None:
    """Read code and factor and try them."""
    turn = message.turn
    if message.fields.get("service") == "collect" or message.leaves:
        return
    if turn.entity("dossier_code") == asking.OTHER:
        heard.fields["dossier"] = None
        heard.slots["dossier_code"] = None
        return
    may_name = message.gives or turn.intent in _DOSSIER_INTENTS or message.asked == "dossier" or message.asked is None
    named = _named_code(turn) if may_name or message.mended is not None else None
    candidate = named or (turn.slots.get("dossier_code") if message.asked == "dossier" else None)
    if candidate is None:
        if message.asked == "dossier" and message.fields.get("service") == "both" and _has_none(message):
            heard.fields["dossier"] = draft.NO_DOSSIER
            heard.messages.append(questions.collect_first())
        elif message.asked == "dossier" and look_alike(turn):
            heard.fields["dossier"] = None  # an answer, only not a code: the question says what it is
        return
    if named and named != message.fields.get("dossier"):
        heard.fields["dossier"] = None
        heard.slots["dossier_code"] = named
    if proof.proved(turn.session, turn.asker, candidate):
        heard.fields["dossier"] = candidate
        return
    factor = _factor(message, with_code=named is not None)
    if factor is not None:
        _prove(turn, candidate, factor, heard)


def look_alike(turn: Turn) -> codes.LookAlike | None:
    """Return what was sent in place of a dossier's code; a phone is nothing wrong in a booking."""
    seen = codes.look_alike(turn.text) if turn.intent in _DOSSIER_INTENTS else None
    return None if seen is codes.LookAlike.PHONE else seen


def _has_none(message: Message) -> bool:
    return services.has_no_dossier(message.text) or message.turn.intent == "deny" or choices.nobody(message.text)


def _prove(turn: Turn, code: str, factor: str, heard: Heard) -> None:
    outcome = proof.prove(turn.session, turn.asker, code, factor)
    heard.fields["dossier"] = code if outcome.result is Result.PROVED else None
    if outcome.result is Result.WRONG:
        heard.slots["pending"] = WRONG_FACTOR
    elif outcome.lock:
        heard.messages.append(asking.locked(outcome.lock))
        heard.stop = True


def _factor(message: Message, *, with_code: bool) -> str | None:
    """Return the second factor, strictly: a question must not count as a wrong try."""
    text, asked = message.text, message.asked == "dossier"
    if not asked:
        text = reading.without_phones(text)  # here a whole number is the one to call, not a proof
    asks = talk.is_question(text)
    if found := factors.named(text):
        if not factors.is_word(found):
            return found
        if not asks:  # "sao phải cho mã bí mật vậy?" gives none; "mã bí mật bác đọc nhé: L2D4" one further on
            return factors.mixed(text) or found
    if not with_code and not asked:
        return None
    found = factors.bare(text)
    if found and (not factors.is_word(found) or message.turn.intent in ("inform", "nlu_fallback")):
        return found
    if asked and (found := factors.mixed(text)):
        return found  # "trên phiếu có chữ L2D4, phải cái đó không em?"
    if asks:
        return None
    if asked and corrections.mends(text):
        text = corrections.without_praise(corrections.correction(text) or text)  # "gõ lộn, 1357 mới đúng"
        if found := factors.bare(text):
            return found
    return factors.among_words(text, with_code=with_code)


def _named_code(turn: Turn) -> str | None:
    found = codes.find(corrections.without_denied(turn.text)) or codes.find(turn.text)
    if len(found) > 1 and (corrections.mends(turn.text) or "khong phai" in fold(turn.text)):
        return found[-1].code  # "H36…, à không phải, của chị là H36…"
    entity = turn.entity("dossier_code")
    if entity and (code := codes.normalise(entity)):
        return code
    return found[0].code if found else None
