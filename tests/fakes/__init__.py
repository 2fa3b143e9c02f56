"""Outside systems as real servers on this machine, for the tests."""
