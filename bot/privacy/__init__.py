"""Care with personal data: consent, masks, and the log of every look."""
