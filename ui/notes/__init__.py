"""Internal notes, written beside the reply and never sent."""
