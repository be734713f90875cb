"""Heads over the frozen trunk: intents, scope, sentiment, urgency and entities from one pass."""
