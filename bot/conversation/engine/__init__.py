"""Rasa in this process: one call understands a message, runs the rules and actions, and gives the replies.

Nothing outside this package, `bot.nlu` and `actions` imports Rasa.
"""

import sys

# Rasa brings TensorFlow, and that asks for JAX: more than a second of every start, and nothing here uses either.
sys.modules.setdefault("jax", None)  # type: ignore[arg-type]

from bot.conversation.engine.engine import Engine, ModelError  # noqa: E402

__all__ = ["Engine", "ModelError"]
