"""Actions about accounts: the guide step by step, and everything that is answered at once."""

from __future__ import annotations

from actions import account_hearing, account_problems, guiding
from actions.base import TurnAction
from actions.general_questions import general_answer
from actions.guiding import CHECK, NO_GUIDE
from actions.turn import Reply, Turn
from bot.accounts import answers, guides, problem_answers, problems
from bot.key_phrases import plain, score
from bot.text import digits

TOPICS = {
    "ask_account_requirements": "account_requirements",
    "file_online": "file_online",
    "pay_online": "pay_online",
    "report_payment_problem": "payment_problem",
}
FOREIGN = ("nguoi nuoc ngoai", "the tam tru", "the thuong tru")
FOREIGN_GUIDE = "foreigner_account"
PAYMENT = "payment_not_shown"


class ActionAccountGuide(TurnAction):
    """Walks through a guide."""

    action_name = "action_account_guide"

    def answer(self, turn: Turn) -> Reply:
        """Start a guide, or go one step forth or back in the one under way."""
        if turn.intent == "create_account":
            return _start(turn)
        found = guiding.under_way(turn)
        if found is None and turn.paused:
            return Reply(then="action_resume_task")  # "làm tiếp đi": what silence cut off is meant
        if found is None:
            return guiding.take_up(turn) or Reply([answers.guide_offer()])
        at, run = found
        wanted = _wanted(turn, len(guides.guides()[at.goal].steps))
        if turn.intent == "previous_step":
            return guiding.back(turn, at, wanted)
        return guiding.forth(turn, at, run, wanted)


class ActionAccountHelp(TurnAction):
    """Answers problems with an account, and questions about accounts, filing and paying."""

    action_name = "action_account_help"

    def answer(self, turn: Turn) -> Reply:
        """Return the fix of a problem or the fixed answer of a topic; a guide under way stays open."""
        topic = TOPICS.get(turn.intent)
        if topic in ("file_online", "account_requirements") and (general := general_answer(turn, only="place")):
            return general  # "không có smartphone thì nộp sao": where to go instead
        if turn.intent.startswith("ask_procedure"):
            topic = "account_requirements"  # "có tốn tiền không" in the middle of a guide
        if topic is not None:
            return _topic(turn, topic)
        named = turn.entity("account_problem") or ""
        if named in problems.problems():
            return account_problems.pressed(turn, named)
        return account_problems.opened(turn, account_hearing.recognised(turn, named))


def _topic(turn: Turn, topic: str) -> Reply:
    message = answers.topic_answer(topic, turn.text)
    if topic == "account_requirements":
        return Reply([guiding.offering(message, CHECK)])
    told = problems.recognise(turn.text) if topic == "payment_problem" else None
    if told is None or told.id != PAYMENT:
        return Reply([message])
    return Reply([problem_answers.payment(message, told)], {"pending": f"{account_problems.FIX}{PAYMENT}:1:"})


def _start(turn: Turn) -> Reply:
    goal = turn.entity("goal")
    if goal in guides.guides():
        return guiding.show(turn, goal, guides.guides()[goal].find(turn.entity("step")) or 1)
    if score(plain(turn.text), FOREIGN) and FOREIGN_GUIDE not in guides.guides():
        return Reply([answers.foreigner()], dict(NO_GUIDE))
    guide, number = guides.start(turn.text, account=True)
    before = "" if number == 1 else f"Dạ, mình làm từ bước {number} nhé; cần xem bước trước thì bấm Quay lại."
    return guiding.show(turn, guide.goal, number, before)


def _wanted(turn: Turn, of: int) -> int | None:
    """Return the step somebody names: "về bước số 2"."""
    ordinal = turn.entity("ordinal")
    if ordinal == "last":
        return of
    number = int(digits(ordinal or "")[:2] or 0)
    return number if 1 <= number <= of else None
