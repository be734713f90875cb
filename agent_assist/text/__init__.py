"""What of a text counts: HTML as words, mail without its quotes, and one form for texts that read the same."""
