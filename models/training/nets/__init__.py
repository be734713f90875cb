"""What learns: a trunk and the parts on it."""
