"""The citizen's chat page."""
