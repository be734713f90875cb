"""The shop's knowledge: articles, their review, what is missing, where they come from, and a search to try."""
