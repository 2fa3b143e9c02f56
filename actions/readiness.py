"""The quick check in the conversation: whatever the model takes an answer for, right after a question it is one."""

from __future__ import annotations

import re

from actions import account_hearing, guiding
from actions.account_problems import left_open
from actions.stopping import wants_to_stop
from actions.turn import Reply, Turn
from bot.accounts import moves, problems, readiness, readiness_answers, readiness_reading
from bot.accounts.readiness import PENDING, Check, Choice
from bot.normalise import normal_text

__all__ = ["PENDING", "answered", "asked_again"]
_NO_FORM = (
    "greet", "thank", "help", "bot_challenge", "ask_procedure", "ask_office", "ask_new_unit", "ask_account",
    "ask_postal", "file_", "pay_",
)  # fmt: skip
# A message of these is no answer, unless its words are.
_QUESTIONS = ("ask_", "check_", "book_", "file_", "pay_", "track_", "report_", "subscribe", "change_", "cancel_")
_TALK = frozenset({"greet", "goodbye", "thank", "bot_challenge", "help", "cancel", *guiding.FIRST})
_PERSON = re.compile(r"\b(?:gap|nhan vien|nguoi that|can bo|tong dai|noi chuyen)\b")
_LONGEST_ANSWER = 8  # words of an answer that the model takes for a question


def answered(turn: Turn) -> Reply | None:
    """Begin the check, or go on with it; None when the message has nothing to do with it."""
    said = turn.entity("readiness")
    if said == "start" or _wanted(turn):
        return _begin(turn)
    check = readiness.read(str(turn.slots.get("pending") or ""))
    if said:
        return _pressed(said, check)
    if check is None or guiding.pressed(turn):
        return None
    return _typed(turn, check)


def _wanted(turn: Turn) -> bool:
    if guiding.pressed(turn) or not readiness_reading.wants_check(turn.text):
        return False
    return problems.told(turn.text) is None  # "quên passcode vneid, hỏi đổi được không" is no wish to be checked


def asked_again(turn: Turn) -> Reply | None:
    """Return the open question once more, after another question was answered; None when none is open."""
    check = readiness.read(left_open(turn))
    if check is None or turn.active_loop or not turn.intent.startswith(_NO_FORM):
        return None
    return _ask(Check(check.question, check.answers), "Dạ, mình kiểm tra tiếp nhé.")


def _begin(turn: Turn) -> Reply:
    check = readiness.begin()
    told = readiness_reading.volunteered(_question(check), turn.text, whole=False)
    if told and not guiding.pressed(turn):
        return _taken(check, *told)  # "kiểm tra xem tui làm được chưa, tui 68 tuổi"
    return _ask(check)


def _pressed(said: str, check: Check | None) -> Reply:
    """Take a pressed button; it carries the state it was shown in, so that an older one goes back to there."""
    choice_id, _, state = said.partition("@")
    if choice_id == "back":
        return _back(check or readiness.begin())
    shown = readiness.read(state)
    choice = _question(shown).choice(choice_id) if shown else None
    if shown is None or choice is None:
        return _ask(readiness.begin())
    return _taken(shown, choice)


def _typed(turn: Turn, check: Check) -> Reply | None:
    question = _question(check)
    if turn.intent in guiding.FIRST and not _mistaken(turn, question):
        return None
    if wants_to_stop(turn.text):
        return Reply([readiness_answers.stopped()], {"pending": None})
    move = moves.read(turn.text)
    if turn.intent == "previous_step" or (move is not None and move.kind == "back"):
        return _back(check)
    if turn.intent == "repeat" or (move is not None and move.kind == "repeat"):
        return _ask(check)
    asks = turn.intent.startswith(_QUESTIONS) and len(turn.text.split()) > _LONGEST_ANSWER
    choice = None if asks else readiness_reading.choice(question, turn.text, turn.entity("ordinal"))
    if choice is None or choice.id == question.assume:
        told = readiness_reading.volunteered(question, turn.text)
        if told:
            return _taken(check, *told)
    if choice is not None:
        return _taken(check, choice)
    unclear = turn.intent == "report_account_problem" and not account_hearing.surely(turn)
    if turn.intent in _TALK or (turn.intent.startswith(_QUESTIONS) and not unclear):
        return None
    missed = check.missed()
    return Reply([readiness_answers.ask(missed)], {"pending": missed.pending()})


def _mistaken(turn: Turn, question: readiness.Question) -> bool:
    """Return whether the model takes an answer for something grave: "cong dan" for abuse, "cho tui" for a person."""
    if turn.intent == "emergency" or _PERSON.search(normal_text(turn.text)):
        return False
    return readiness_reading.says(question, turn.text)


def _taken(check: Check, *choices: Choice) -> Reply:
    before = ""
    for choice in choices:
        before = f"Dạ. {choice.say}" if choice.say else ""
        check, result = check.take(choice)
        if result is not None:
            return Reply([readiness_answers.ending(check, result, before)], {"pending": None})
    return _ask(check, before)


def _back(check: Check) -> Reply:
    before = check.back()
    if before is None:
        return Reply([readiness_answers.first(check)], {"pending": readiness.begin().pending()})
    return _ask(before)


def _ask(check: Check, before: str = "") -> Reply:
    return Reply([readiness_answers.ask(check, before)], {"pending": check.pending()})


def _question(check: Check) -> readiness.Question:
    return readiness.questions().questions[check.question]
