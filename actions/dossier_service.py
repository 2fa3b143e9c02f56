"""What is asked around dossiers: where the code stands, withdrawing, notices on and off."""

from __future__ import annotations

from actions.base import TurnAction
from actions.dossier_finding import ON_THE_TABLE, SUBSCRIBE, begin, follow
from actions.dossier_reading import named_code, particular, topic
from actions.stopping import wants_to_keep
from actions.turn import Reply, Turn
from bot.dossiers import codes, lookup, proof, slip_photo
from bot.dossiers.answers import asking, following, requests
from bot.dossiers.notices import subscriptions
from bot.dossiers.statuses import Clock, info
from bot.messages import Message

FORM = "dossier_form"


class DossierService(TurnAction):
    """Answers what is asked around dossiers."""

    action_name = "action_dossier_service"

    def answer(self, turn: Turn) -> Reply:
        """Answer by intent."""
        code = named_code(turn) or topic(turn)
        if turn.slots.get("pending") == "withdraw_dossier" and wants_to_keep(turn.text):
            return Reply([requests.kept()], {"pending": None})
        wishes = turn.intent in ("withdraw_dossier", "subscribe_dossier")
        if wishes and (asked := particular(turn)) and turn.active_loop is None:
            # "Khi nào xong", "ai đang giải quyết" ask something, and wish neither to withdraw nor to be told.
            reply = begin(turn, asked)
            reply.then = reply.then or FORM
            return reply
        if turn.intent == "withdraw_dossier":
            if code and (ended := _ended(turn, code)):
                return Reply([ended], {"dossier_code": code})
            said = requests.confirm_withdrawal(code)
            return Reply([said], {"pending": "withdraw_dossier", "dossier_code": code})
        if turn.intent == "subscribe_dossier":
            return _subscribe(turn, code)
        if turn.intent == "unsubscribe_dossier":
            return _unsubscribe(turn)
        if problem := turn.entity("slip"):
            return Reply([slip_photo.problem_answer(problem)])
        return Reply([asking.code_help(codes.look_alike(turn.text))])


def withdraw(turn: Turn) -> Reply:
    """Open the ticket of somebody who is sure: a person checks who they are and does it."""
    code = topic(turn)
    proven = code is not None and proof.proved(turn.session, turn.asker, code)
    said = requests.opened(turn.session, turn.conversation_id, requests.WITHDRAW, code, proven=proven)
    return Reply([said], {"pending": None})


def _ended(turn: Turn, code: str) -> Message | None:
    """Return that it is too late to withdraw, to somebody who may know that; None when it is not, or they may not."""
    view = lookup.view(turn.session, code) if proof.proved(turn.session, turn.asker, code) else None
    if view is None or info(view.status).clock not in (Clock.ENDED, Clock.STOPPED):
        return None
    return requests.too_late(code, info(view.status).meaning)


def _subscribe(turn: Turn, code: str | None) -> Reply:
    """Switch notices on; who has not proved the dossier is asked to first, for a notice says where it stands."""
    if code and proof.proved(turn.session, turn.asker, code):
        return Reply([follow(turn, code)], {"dossier_code": code, **ON_THE_TABLE})
    if turn.active_loop and turn.active_loop != FORM:
        return Reply([following.after_this()])
    slots = {"dossier_question": SUBSCRIBE, "dossier_code": code, "dossier_factor": None}
    return Reply(slots=slots, then=None if turn.active_loop else FORM)


def _unsubscribe(turn: Turn) -> Reply:
    """Switch notices off: of the dossier named, of the only one followed, or of the one chosen."""
    followed, named = subscriptions.followed_by(turn.session, turn.asker), named_code(turn)
    code = named or (followed[0] if len(followed) == 1 else topic(turn))
    if code and subscriptions.unsubscribe(turn.session, asker=turn.asker, code=code):
        return Reply([following.unsubscribed(code)])
    if followed and not named:
        return Reply([following.which_to_stop(followed)])
    return Reply([following.nothing_followed(named)])
