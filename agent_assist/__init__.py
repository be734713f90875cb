"""Agent Assist without its window: tickets in, grounded suggestions out, every decision logged."""

__version__ = "0.1.0"
