"""The report on understanding: intents, entities, procedure search and speed, as tables and pictures."""
