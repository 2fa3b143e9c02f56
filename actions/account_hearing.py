"""Which problem with an account a message tells of: by its words (`bot.accounts.problems`), and by what was learned.

Rules know what things are called, the model knows how people tell of them. Where the model is sure it decides,
for it is right more often; where it hesitates, the words do. But it has learned little of what else people ask a
one-stop centre: where nothing speaks of an account ("sang tên", "làm mất mấy ngày"), it is not listened to.
"""

from __future__ import annotations

from actions.turn import Turn
from bot.accounts import problem_matching, problems
from bot.accounts.problems import Problem

LIKELY = 0.25  # of the model: enough where a problem is reported
SURE = 0.45  # enough where the message speaks of an account
SURER = 0.85  # enough where nothing does, in a message of some length whose intent is not clear
SURE_WORDS = 4.0  # two telling words that agree
LIKELY_WORDS = 3.0  # enough while a problem is talked about
CERTAIN = 0.95  # enough to overrule the words of a swindle or a robbery
CLEAR = 0.85  # of an intent
SHORTEST = 6  # words; fewer tell nothing new where nothing speaks of an account
_ELSEWHERE_TOO = frozenset(("card_expired", "wrong_data"))  # procedures, where no account is spoken of
_HARM = frozenset(("stolen", "lending", "payment_not_shown"))
_REPORTED = frozenset(("report_account_problem", "report_payment_problem"))


def told(turn: Turn) -> Problem | None:
    """Return the problem that a message surely tells of, whatever its intent is taken for; None when in doubt."""
    return _learned(turn, _enough(turn)) or problems.told(turn.text)


def likely(turn: Turn) -> Problem | None:
    """Return the problem that a message tells of which no intent fits; None when nothing speaks for one."""
    return told(turn) or problems.likely(turn.text)


def recognised(turn: Turn, named: str = "") -> Problem | None:
    """Return the problem of a message that reports one; `named` is what an entity calls it."""
    return _learned(turn, LIKELY) or problems.recognise(named, turn.text)


def another(turn: Turn) -> Problem | None:
    """Return the problem that a message tells of while one is talked about already; None when it goes on with that."""
    if problems.surely(turn.text) >= LIKELY_WORDS:
        return _learned(turn, LIKELY) or problems.recognise(turn.text)
    return _learned(turn, SURE) if len(turn.text.split()) >= SHORTEST and _about_account(turn) else None


def surely(turn: Turn) -> bool:
    """Return whether a message surely tells of some problem."""
    return problems.surely(turn.text) >= SURE_WORDS or _learned(turn, _enough(turn)) is not None


def harmless(turn: Turn) -> bool:
    """Return whether a message surely reports a problem that nobody was harmed by: no cheat, no loss."""
    name, chance = turn.problem
    return turn.intent in _REPORTED and chance >= CERTAIN and name not in _HARM


def _enough(turn: Turn) -> float:
    """Return how sure the model must be of this message."""
    if turn.slots.get("dossier_code") and any(char.isdecimal() for char in turn.text):
        return float("inf")  # "mã gửi về máy là …" brings the second factor of a dossier
    if turn.intent in _REPORTED:
        return LIKELY
    if _about_account(turn):
        return SURE
    answers = turn.slots.get("procedure_options") or turn.slots.get("pending")  # what was just asked
    long = len(turn.text.split()) >= SHORTEST
    return SURER if long and not answers and turn.confidence < CLEAR else float("inf")


def _about_account(turn: Turn) -> bool:
    return problem_matching.read(turn.text).about_account


def _learned(turn: Turn, least: float) -> Problem | None:
    name, chance = turn.problem
    if chance < least or (name in _ELSEWHERE_TOO and not _about_account(turn)):
        return None
    return problems.problems().get(name)
