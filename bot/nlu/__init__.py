"""Components of the Rasa pipeline: Vietnamese as people type it."""
