"""Optional cross-encoders of the user's: which folders are ones, which is in use, and running it."""
