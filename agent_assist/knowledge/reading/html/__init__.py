"""Web pages as Markdown: what the reader of the page would see, and nothing of what the page does."""

from agent_assist.knowledge.reading.html.page import Page, read_html, words_of_html

__all__ = ["Page", "read_html", "words_of_html"]
