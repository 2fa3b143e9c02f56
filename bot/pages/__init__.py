"""Pages that stand by themselves on the web: what a QR code or a link leads to."""
