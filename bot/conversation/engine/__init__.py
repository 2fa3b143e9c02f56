"""Rasa in this process: one call understands a message, runs the rules and actions, and gives the replies.

Nothing outside this package, `bot.nlu` and `actions` imports Rasa.
"""

from bot.conversation.engine import without_tensorflow

without_tensorflow.leave_out()

from bot.conversation.engine.engine import Engine, ModelError  # noqa: E402

__all__ = ["Engine", "ModelError"]
