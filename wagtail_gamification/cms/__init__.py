"""What editors see: the screens of the Gamification menu."""
