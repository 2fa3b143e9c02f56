"""Who may see a dossier: second factors, what was proved, and the locks against guessing."""

from bot.dossiers.proof.tries import MAX_FAILURES, Outcome, Result, forget_asker, locked, prove, proved, sweep

__all__ = ["MAX_FAILURES", "Outcome", "Result", "forget_asker", "locked", "prove", "proved", "sweep"]
