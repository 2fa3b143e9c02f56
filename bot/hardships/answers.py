"""What is said to somebody in a hardship: one warm word, what to do first, nothing that frightens or lectures."""

from __future__ import annotations

from msgspec import structs

from bot.hardships.reading import Danger, Hardship
from bot.messages import Message, button, say
from bot.phrases import phrase
from bot.places.contacts import contacts
from bot.text import capital

HUMAN = button("Gặp nhân viên", "talk_to_human")
DEATH_CERTIFICATE, LOST_CARD = "1.000656", "1.014064"  # Đăng ký khai tử, Cấp lại thẻ căn cước
_CHEATED = (Hardship.MONEY, Hardship.CODE, Hardship.IDENTITY)


def despair() -> Message:
    """Stay with somebody who speaks of ending a life; 115 is the only line we know for it (facts §8)."""
    return say("guard", phrase("hardship_despair"), HUMAN, reason="emergency")


def robbed(*, card: bool) -> Message:
    """Say whom to tell of a robbery; how the papers are got again follows where the card is one of them."""
    again = () if card else (button("Làm lại căn cước", "ask_procedure", procedure=LOST_CARD),)
    return say("guard", phrase("hardship_robbed"), *again, HUMAN, reason="emergency")


def cheated(what: Hardship, *, again: bool = False) -> Message:
    """Say what to do at once after a cheat has got something; `again`: they have been told just before."""
    assert what in _CHEATED, "the other hardships have answers of their own"
    name = f"hardship_{what.value}"
    if again:
        name = "hardship_again_identity" if what is Hardship.IDENTITY else "hardship_again"
    return say("guard", phrase(name).format(vneid=contacts()["vneid"].say()), HUMAN, reason="scam")


def condolence(first: Message) -> Message:
    """Return the answer `first` about what is to be done after a death, behind a word of sympathy."""
    text = first.text.removeprefix("Dạ, ")
    return structs.replace(first, text=f"{phrase('hardship_condolence')}\n{capital(text)}")


def emergency(danger: Danger | None) -> Message:
    """Say whom to call, the line that helps with this danger first."""
    name = f"danger_{danger.value}" if danger else "emergency"
    return say("guard", phrase(name), reason="emergency")
