"""A booking that stands, and the service itself: where it is, changing and cancelling it, what the postman costs."""

from __future__ import annotations

from actions.base import TurnAction
from actions.pickup_message import EDIT
from actions.pickup_slots import CANCEL, FORM, emptied, slots_of
from actions.stopping import wants_to_keep
from actions.turn import Reply, Turn
from bot.dossiers.answers import asking
from bot.dossiers.proof import Lock
from bot.messages import Message as Said
from bot.pickups import access, booking, complaints, eligibility, numbers
from bot.pickups.access import Denial, Visitor
from bot.pickups.answers import bookings, postal_info, refusals
from bot.pickups.answers import complaints as said_of
from bot.pickups.eligibility import Refusal
from bot.pickups.form import corrections, draft, reading
from bot.pickups.models import Pickup
from bot.pickups.states import STILL_OURS
from bot.text import words


class PickupService(TurnAction):
    """Everything about a booking that stands, and about the service itself."""

    action_name = "action_pickup_service"

    def answer(self, turn: Turn) -> Reply:
        """Answer by intent."""
        if turn.intent in ("affirm", "deny") or _answers_cancel(turn):
            return answer_cancel(turn)
        if turn.intent == "ask_postal_service":
            return Reply([postal_info.postal_service(turn.text)])
        if turn.intent == "report_delivery_problem" or _names_problem(turn):
            return report_problem(turn)
        postal = numbers.postal_code(turn.text)
        if postal and turn.intent == "track_pickup":
            return Reply([postal_info.postal_tracking(postal)])
        number = _named(turn)
        if not isinstance(number, str):
            return Reply([number])
        if turn.intent in ("cancel_pickup", "change_pickup") or mends_booking(turn):
            return change_or_cancel(turn, number)
        return Reply([_status(turn, number)])  # asked for, or only the number was given


def answer_cancel(turn: Turn) -> Reply:
    """Do what a yes or no to "really cancel?" means (`pending` names the booking)."""
    what, _, number = str(turn.slots.get("pending") or "").partition(":")
    pickup = booking.find(turn.session, number) if what == CANCEL else None
    if pickup is None:
        return Reply(slots={"pending": None})
    agreed = turn.intent == "affirm" or (turn.intent not in ("deny", "") and "huy" in words(turn.text))
    if not agreed or wants_to_keep(turn.text):
        return Reply([bookings.kept(number)], {"pending": None})
    refusal = booking.cancel(turn.session, pickup)
    said = refusals.pickup_refused(refusal) if refusal else bookings.pickup_cancelled(pickup)
    return Reply([said], {"pending": None})


def report_problem(turn: Turn) -> Reply:
    """Open a ticket about what went wrong; of several bookings and none named, ask which."""
    number, named = _number(turn), turn.entity("booking_code")
    found = [] if named == said_of.OTHER else complaints.about(turn.session, _visitor(turn), number)
    if len(found) > 1:
        # Inside a form `pending` is the form's; there the buttons alone say which.
        asked = {} if turn.active_loop else {"pending": said_of.TOPIC}
        return Reply([said_of.which(found)], asked)
    return Reply([said_of.answer(turn.session, turn.conversation_id, found[0] if found else None)])


def _names_problem(turn: Turn) -> bool:
    """Tell whether a bare number answers "which of them went wrong?"."""
    return turn.intent == "inform" and turn.slots.get("pending") == said_of.TOPIC and _number(turn) is not None


def mends_booking(turn: Turn) -> bool:
    """Tell whether a correction outside of any form means the one booking made in this talk."""
    if turn.intent != "correct_previous" and not (turn.intent == "inform" and corrections.correction(turn.text)):
        return False
    mine = booking.of_conversation(turn.session, turn.conversation_id)
    return len(mine) == 1 and mine[0].state in STILL_OURS


def _answers_cancel(turn: Turn) -> bool:
    """Tell whether a "hủy lịch" repeats the question "really cancel?" as its answer, and names no other booking."""
    _, _, number = str(turn.slots.get("pending") or "").partition(f"{CANCEL}:")
    named = numbers.find(turn.entity("booking_code") or turn.text)
    return turn.intent == CANCEL and bool(number) and (not named or named[0] == number)


def change_or_cancel(turn: Turn, number: str) -> Reply:
    """Open the form with the booking in it, or ask whether it should really be cancelled."""
    cancelling = turn.intent == "cancel_pickup"
    pickup = access.touch(turn.session, _visitor(turn), number, reading.phone(turn.text))
    if not isinstance(pickup, Pickup):
        return Reply([_denied(pickup, "hủy" if cancelling else "đổi")])
    if cancelling and pickup.state == "cancelled":
        return Reply([bookings.pickup_cancelled(pickup)])
    if pickup.state not in STILL_OURS:
        return Reply([refusals.pickup_refused(Refusal("too_late", [eligibility.STAFF]))])
    if cancelling:
        return Reply([bookings.confirm_cancel(pickup)], {"pending": f"{CANCEL}:{pickup.booking}"})
    # The form opens with everything as it is: it reads the new facts in this message, or asks what to mend.
    slots = {**emptied(), **slots_of(draft.of_pickup(turn.session, pickup)), "pickup_changing": pickup.booking}
    return Reply(slots={**slots, "pending": EDIT}, then=FORM)


def _named(turn: Turn) -> str | Said:
    """Return the number of the booking the message means, known or not, or what to say when it is not clear."""
    if written := _number(turn):
        return written
    if numbers.looks_mistyped(turn.text):
        return refusals.unknown_booking(mistyped=True)
    mine = booking.of_conversation(turn.session, turn.conversation_id)
    return str(mine[0].booking) if len(mine) == 1 else bookings.which_booking(mine, turn.intent)


def _number(turn: Turn) -> str | None:
    """Return the booking number that the message holds, whether it is anybody's or not."""
    written = numbers.find(turn.entity("booking_code") or "") or numbers.find(turn.text)
    return written[0] if written else None


def _status(turn: Turn, number: str) -> Said:
    """Say where a booking stands: all of it to its citizen, the state alone to whoever has the number."""
    visitor = _visitor(turn)
    found = access.look(turn.session, visitor, number)
    if not isinstance(found, Pickup):
        return _denied(found, "xem")
    return bookings.pickup_status(found, shows_all=access.shows_all(turn.session, found, visitor))


def _denied(why: Denial | Lock, wish: str) -> Said:
    if isinstance(why, Lock):
        return asking.locked(Lock(why.retry_after_s, passes=None))  # here no stronger factor passes
    if why is Denial.UNKNOWN:
        return refusals.unknown_booking(mistyped=False)
    if why is Denial.WRONG:
        return refusals.wrong_phone()
    return refusals.prove_dossier(wish) if why is Denial.ASK_DOSSIER else refusals.ask_phone(wish)


def _visitor(turn: Turn) -> Visitor:
    return Visitor(turn.asker, turn.conversation_id)
