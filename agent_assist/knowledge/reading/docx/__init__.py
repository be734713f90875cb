"""Word documents as Markdown, by way of HTML, so that one renderer knows lists, tables and links."""

from agent_assist.knowledge.reading.docx.file import read_docx

__all__ = ["read_docx"]
