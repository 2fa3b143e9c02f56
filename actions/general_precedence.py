"""What comes before any intent for whoever is in a hardship, upset, telling a complaint, or asking on about a dossier.

The model knows these sentences by their words alone; what was said just before, and what surely has happened, it does
not see.
"""

from __future__ import annotations

import re

from actions import dossier_followups, guiding
from actions.general_feedback import told as feedback_told
from actions.general_hardships import hardship
from actions.general_questions import general_answer
from actions.turn import LISTEN, Reply, Turn
from bot.accounts import moves
from bot.general_questions import asides
from bot.hardships import moods
from bot.key_phrases import plain
from bot.messages import button, say
from bot.phrases import phrase

UNDERSTOOD = {"misunderstandings": 0}
# The actions that hear a citizen's message first; all others go on where one of these, or a form, has begun.
HEARERS = frozenset(
    f"action_{name}"
    for name in (
        "explain_procedure", "ask_dossier", "dossier_service", "pickup_service", "account_guide", "account_help",
        "place", "talk_to_human", "service", "guard", "small_talk", "yes_no", "inform", "fallback", "cancel",
        "start_pickup",
    )
)  # fmt: skip
_GUIDE, BOOKING = "action_account_guide", "validate_pickup_form"
_STEPS = ("next_step", "previous_step")
# "Khoan đã để tôi tìm giấy", "chờ xíu tui kiếm cái phiếu": nothing is wrong, only not yet.
_LOOKS_FOR = re.compile(
    r"\b(?:khoan|doi|cho (?:chut|ti|xiu|lat|cai)|(?:cho|de) (?:toi|em|tui|minh|con|chi|anh|bac|co|chu))\b.{0,14}"
    r"\b(?:tim|kiem|luc|lay (?:giay|may|dien thoai|cai|phieu)|mo (?:may|hop|tu))\b"
    r"(?! (?:hieu|thu tuc|ho so|giup|gium|cho|dum))"
)
_WAITS = re.compile(
    r"(?:(?:da|u|a|em|oi) )*"
    r"(?:khoan|(?:cho|doi)(?: (?:toi|em|minh|con|tui|chi|anh|bac))? (?:mot )?(?:ti|chut|xiu|lat|cai))"
    r"(?: (?:da|nha|nhe|a|em|xiu|di|ti|voi|cai|nghe|thoi|nua))*"
)
LONGEST_WAIT = 12  # words


def general_first(turn: Turn, action: str) -> Reply | None:
    """Return the answer; None when the intent's own action fits, or goes on with what a form has begun."""
    if not turn.text or turn.text.startswith("/"):
        return None
    if action == BOOKING and turn.requested_slot and _is_mood(turn):
        # No name and no address; a slot that is set lets the form ask again, and no other rule answers.
        return _upset_in_form().and_slots({name: turn.slots.get(name) for name in ("requested_slot", "pending")})
    if action not in HEARERS:
        return None
    reply = hardship(turn) or _found(turn, action)
    if reply is not None and reply.messages and not turn.active_loop:
        reply.then = reply.then or LISTEN  # a rule that opens a form after its action opens none now
    return reply


def _found(turn: Turn, action: str) -> Reply | None:
    if guiding.pressed(turn):
        return None
    if turn.active_loop:
        return _in_form(turn)
    return (
        feedback_told(turn)
        or _mood(turn)
        or _wait(turn)
        or _aside(turn)
        or dossier_followups.follow_up(turn)
        or dossier_followups.without_code(turn)
        or (_no_step(turn) if action == _GUIDE else None)
    )


def _in_form(turn: Turn) -> Reply | None:
    """Be kind to whoever is upset, and wait for whoever looks for a paper: the form's question stands."""
    return (_upset_in_form() if _is_mood(turn) else None) or _wait(turn) or _aside(turn)


def _is_mood(turn: Turn) -> bool:
    return moods.is_upset(turn.text) or moods.exclaims(turn.text)


def _upset_in_form() -> Reply:
    human = button("Gặp nhân viên", "talk_to_human")
    return Reply([say("smalltalk", phrase("upset_in_form"), human, topic="upset")], dict(UNDERSTOOD))


def _wait(turn: Turn) -> Reply | None:
    """Wait for whoever looks for a paper, in a form or just asked for a code; a guide has moves of its own for it."""
    said = plain(turn.text)
    if turn.slots.get("guide") or turn.slots.get("procedure_options") or len(said.split()) > LONGEST_WAIT:
        return None
    looks = (turn.active_loop or turn.slots.get("dossier_code")) and _LOOKS_FOR.search(said)
    if not (looks or _WAITS.fullmatch(said)):
        return None
    then = LISTEN if turn.active_loop else None
    return Reply([say("smalltalk", phrase("take_your_time"), topic="wait")], dict(UNDERSTOOD), then=then)


def _mood(turn: Turn) -> Reply | None:
    if turn.slots.get("pending") or not _is_mood(turn):
        return None
    human = button("Gặp nhân viên", "talk_to_human")
    said = phrase("upset" if moods.is_upset(turn.text) else "exclaimed")
    return Reply([say("smalltalk", said, human, topic="upset")], dict(UNDERSTOOD))


def _aside(turn: Turn) -> Reply | None:
    """Explain a word of ours ("bưu tá là ai"), or say that who holds an office is not in our records."""
    answer = asides.answer(turn.text)
    if answer is None and turn.intent == "bot_challenge":
        return general_answer(turn)  # "khiếu nại với ai" asks who, and not who we are
    return Reply([answer], dict(UNDERSTOOD)) if answer else None


def _no_step(turn: Turn) -> Reply | None:
    """Leave to the fallback what the model takes for a step of a guide, when none is open and no word says so."""
    if turn.intent not in _STEPS or turn.slots.get("guide") or turn.paused:
        return None
    if moves.read(turn.text) is not None or re.search(r"\b(?:buoc|tiep|huong dan|lui|quay lai)\b", plain(turn.text)):
        return None
    return Reply(then="action_fallback")
