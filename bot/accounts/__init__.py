"""Accounts: guides to the electronic identity account, and fixes for what goes wrong with it."""
