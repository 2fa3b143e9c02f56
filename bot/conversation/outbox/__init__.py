"""The way out: replies and notices wait in the outbox, one sender a channel delivers them in order, each to a named end."""
