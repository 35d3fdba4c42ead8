"""What visitors do on the site itself: claim badges with codes."""
