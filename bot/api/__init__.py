"""What other programs call: tokens and the integration API."""
