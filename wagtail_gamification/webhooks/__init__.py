"""Sending messages to other systems: signed, to public addresses only."""
