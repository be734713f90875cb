"""One article: its text, its versions, the replies that cite it."""
