"""Articles as they are stored: their rows, versions, drafts, vectors, and what they say of one another."""
