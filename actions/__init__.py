"""What the rules run: thin translations between Rasa and the capabilities, one file a capability."""
