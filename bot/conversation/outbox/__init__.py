"""The way out: replies and notices wait in the outbox; one sender a channel delivers them, each to a named end."""
