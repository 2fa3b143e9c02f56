"""Complaints, ideas and praise: the content is asked for first, kept in the citizen's words, and may grow."""

from __future__ import annotations

from actions.dossier_reading import named_code
from actions.general_questions import general_answer
from actions.stopping import wants_to_stop
from actions.turn import Reply, Turn
from bot.messages import say
from bot.phrases import phrase
from bot.tickets import feedback
from bot.tickets.feedback import Kind

ASKED, MORE = "feedback:", "feedback_more:"  # `pending`: its content was asked for; it was kept and may grow
_UNDERSTOOD = {"misunderstandings": 0}
# These mean what they say, also right after "anh/chị góp ý điều gì ạ?".
_FIRM = frozenset("talk_to_human cancel deny emergency suspect_scam request_my_data greet goodbye help".split())
_GROWS = frozenset("send_feedback inform out_of_scope nlu_fallback abuse report_delivery_problem".split())


def begin(turn: Turn) -> Reply:
    """Return the answer to a message that is feedback: kept when it says something, else its content is asked for."""
    if feedback.is_question(turn.text) and (general := general_answer(turn)):
        return general
    kind = feedback.kind_of(turn.text)
    if feedback.says_something(turn.text):
        return _kept(turn, kind)
    if turn.active_loop:  # `pending` is the form's there
        return Reply([say("info", phrase("feedback_ask_in_form"), topic=feedback.TOPIC)], dict(_UNDERSTOOD))
    return Reply([feedback.ask(kind)], {"pending": f"{ASKED}{kind.value}", **_UNDERSTOOD})


def told(turn: Turn) -> Reply | None:
    """Return the answer to what follows the question for the content; None when it is something else."""
    pending = str(turn.slots.get("pending") or "")
    if turn.intent in _FIRM or wants_to_stop(turn.text):
        return None
    if pending.startswith(ASKED) and not _asks(turn):
        if not feedback.says_something(turn.text):
            return None
        asked = Kind(pending.removeprefix(ASKED))
        kind = feedback.kind_of(turn.text)
        return _kept(turn, asked if kind is Kind.IDEA else kind)
    if pending.startswith(MORE) and turn.intent in _GROWS and feedback.says_something(turn.text, feedback.MORE):
        said = feedback.add(turn.session, turn.conversation_id, turn.text)
        return Reply([said], {"pending": pending, **_UNDERSTOOD})
    return None


def _asks(turn: Turn) -> bool:
    """Return whether a message asks something else instead: a complaint may name a dossier, a question may be one."""
    asks = turn.intent.startswith(("ask_", "check_")) or turn.text.rstrip().endswith("?")
    bare_code = named_code(turn) is not None and len(turn.text.split()) <= 2
    return bare_code or (asks and feedback.is_question(turn.text)) or turn.intent == "check_dossier"


def _kept(turn: Turn, kind: Kind) -> Reply:
    said = feedback.record(turn.session, turn.conversation_id, turn.text, kind)
    return Reply([said], dict(_UNDERSTOOD) if turn.active_loop else {"pending": f"{MORE}{kind.value}", **_UNDERSTOOD})
