"""The screens of players: the list, one player's page, and what leads there."""
