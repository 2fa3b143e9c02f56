"""A person, feedback, one's own data; and the guard: danger, scams, abuse."""

from __future__ import annotations

from actions import general_feedback
from actions.base import TurnAction
from actions.general_hardships import UNDERSTOOD, in_danger
from actions.general_questions import general_answer
from actions.turn import Reply, Turn
from bot.messages import button, say
from bot.phrases import phrase
from bot.tickets import answers as tickets


class TalkToHuman(TurnAction):
    """A person, at once, whatever was going on."""

    action_name = "action_talk_to_human"

    def answer(self, turn: Turn) -> Reply:
        """Open the ticket and say its number."""
        return Reply([tickets.handoff(turn.session, turn.conversation_id, "talk_to_human")], dict(UNDERSTOOD))


class Service(TurnAction):
    """Feedback, and requests about one's own data: written down for a person."""

    action_name = "action_service"

    def answer(self, turn: Turn) -> Reply:
        """Open a ticket of the topic; of feedback the content is asked for first."""
        if turn.intent != "request_my_data":
            return general_feedback.begin(turn)
        # "không có điện thoại thông minh": the model is wrong here, nobody who asks for their data says that.
        if general := general_answer(turn):
            return general
        said = tickets.handoff(turn.session, turn.conversation_id, "data_request")
        return Reply([said], dict(UNDERSTOOD))


class Guard(TurnAction):
    """Danger, scams and abuse."""

    action_name = "action_guard"
    _reasons = {"suspect_scam": "scam", "abuse": "abuse"}

    def answer(self, turn: Turn) -> Reply:
        """Say the rule; a possible scam also offers a person."""
        if turn.intent == "emergency":
            return in_danger(turn)
        reason = self._reasons.get(turn.intent, "abuse")
        human = button("Gặp nhân viên", "talk_to_human")
        return Reply([say("guard", phrase(turn.intent), human, reason=reason)], dict(UNDERSTOOD))
