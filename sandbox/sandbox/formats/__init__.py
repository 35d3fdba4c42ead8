"""How dates look where Django's own choice isn't the school's."""
