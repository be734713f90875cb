"""Writing an article."""
