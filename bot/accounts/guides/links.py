"""Where a guide stands on the web: the addresses that go into messages and QR codes."""

from __future__ import annotations

from bot.accounts.guides.model import Guide, Step
from bot.settings import settings

CODE = "ma"  # the parameter that holds a resume code


def path(goal: str) -> str:
    """Return the path of a guide's page on this server."""
    return f"/huong-dan/{goal}"


def counter(goal: str) -> str:
    """Return the path of the page on which a guide is ticked off at a counter."""
    return f"{path(goal)}/tai-quay"


def page(goal: str, number: int | None = None, code: str | None = None) -> str:
    """Return the address of a guide's page, at one of its steps if named; with a resume code it shows that, too."""
    asked = f"?{CODE}={code}" if code else ""
    return settings().public_url.rstrip("/") + path(goal) + asked + (f"#buoc-{number}" if number else "")


def pdf(goal: str) -> str:
    """Return the address of a guide in print."""
    return f"{settings().public_url.rstrip('/')}{path(goal)}.pdf"


def picture(guide: Guide, step: Step, form: str = "png") -> str:
    """Return the address of a step's sketch; a changed guide has another one, so that no old sketch is shown."""
    return f"{settings().public_url.rstrip('/')}{path(guide.goal)}/{step.id}.{form}?v={guide.version}"
