"""PDF files as Markdown, from their text layer: lines, what repeats on every page, paragraphs, headings, tables."""

from agent_assist.knowledge.reading.pdf.file import read_pdf

__all__ = ["read_pdf"]
