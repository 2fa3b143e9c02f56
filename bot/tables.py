"""Every table of the product in one place, for migrations and tests: importing this loads them all."""

from bot.accounts import models as accounts
from bot.api import models as api
from bot.channels.zalo import models as zalo
from bot.conversation import models as conversation
from bot.db.base import metadata
from bot.desk import models as desk
from bot.dossiers import models as dossiers
from bot.dossiers.intake import models as dossier_intake
from bot.dossiers.notices import models as dossier_notices
from bot.dossiers.proof import models as dossier_proof
from bot.learning import models as learning
from bot.linking import models as linking
from bot.pickups import models as pickups
from bot.places import models as places
from bot.practice import models as practice
from bot.privacy import models as privacy
from bot.procedures import models as procedures
from bot.staff import models as staff
from bot.tickets import models as tickets

__all__ = [
    "accounts",
    "api",
    "conversation",
    "desk",
    "dossier_intake",
    "dossier_notices",
    "dossier_proof",
    "dossiers",
    "learning",
    "linking",
    "metadata",
    "pickups",
    "places",
    "practice",
    "privacy",
    "procedures",
    "staff",
    "tickets",
    "zalo",
]
