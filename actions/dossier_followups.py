"""Questions that go on about the dossier on the table, whatever the model takes them for.

"Bao nhiêu tiền", "lấy ở đâu" and "bao giờ có" ask about a procedure elsewhere; right after a dossier was shown they
ask about that one.
"""

from __future__ import annotations

from actions import dossier_reading as reading
from actions.dossier_finding import begin, for_the_owner
from actions.turn import Reply, Turn
from bot.dossiers import lookup, proof, questions
from bot.dossiers.answers import lateness, particular, requests
from bot.pickups import booking

# What these mean is never a question about a dossier.
_FIRM = frozenset(
    "emergency abuse suspect_scam book_delivery book_collection change_pickup cancel_pickup cancel goodbye "
    "request_my_data unsubscribe_dossier".split()
)
_A_PERSON = "talk_to_human"  # "nhắc cơ quan giúp tôi" is taken for it
# Words that only a dossier can be asked with; the others go on about whatever was talked of last.
_ONLY_DOSSIERS = frozenset(
    {questions.PRESS, questions.AGENCY, questions.REASON, questions.LATE, questions.SUPPLY_BY, questions.SUPPLY_WHERE}
)
_OTHER_TALK = ("procedure", "procedure_options", "unit_options", "guide", "pending")
_ABOUT_OTHERS = frozenset({"procedure", "commune", "booking_code", "address"})


def follow_up(turn: Turn) -> Reply | None:
    """Return the answer to a question about the proven dossier that the talk is about; None when it asks none."""
    code = reading.topic(turn)
    if code is None or turn.intent in _FIRM or reading.named_code(turn) not in (None, code):
        return None
    asked = questions.read(turn.text)
    if asked is None or not (_goes_on(turn, code) or asked in _ONLY_DOSSIERS) or turn.slots.get("pending"):
        return None
    if turn.intent == _A_PERSON and asked != questions.PRESS:
        return None
    if not proof.proved(turn.session, turn.asker, code):
        return None
    return _answer(turn, code, asked)


def _goes_on(turn: Turn, code: str) -> bool:
    """Return whether nothing else was talked of since the dossier was shown."""
    if any(turn.slots.get(name) for name in _OTHER_TALK):
        return False
    if any(entity["entity"] in _ABOUT_OTHERS for entity in turn.entities):
        return False
    booked = booking.of_conversation(turn.session, turn.conversation_id)
    return not any(pickup.dossier_code == code for pickup in booked)


def _answer(turn: Turn, code: str, asked: str) -> Reply | None:
    view = lookup.view(turn.session, code)
    if view is None or view.upstream_status:
        return None
    if asked == questions.PRESS:
        if lateness.is_open(view) and (view.late_working_days or lateness.passed(view)):
            said = requests.opened(turn.session, turn.conversation_id, requests.LATE, code, proven=True)
            return Reply([said], {"misunderstandings": 0})
        return _again(turn, code, "late")
    if asked in questions.PARTICULAR:
        if particular.answer(view, asked) is None:
            return None  # this state has no such answer: the words may ask something else
        return _again(turn, code, asked)
    return _again(turn, code, asked)


def _again(turn: Turn, code: str, question: str) -> Reply:
    return Reply([for_the_owner(turn, code, question)], {"misunderstandings": 0})


def without_code(turn: Turn) -> Reply | None:
    """Return what to say to a factor whose dossier is not known ("số cuối 4567 nha"): the code is asked for."""
    if turn.slots.get("pending") or not reading.factor_without_code(turn):
        return None
    reply = begin(turn, "status")
    reply.then = reply.then or "dossier_form"
    return reply
