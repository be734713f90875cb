"""Messages in the agent's language, beneath the original."""
