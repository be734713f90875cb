"""Tickets, orders and products out of files: streamed, cleaned, each bad row with its reason. No database here."""

from agent_assist.files.rows import RejectedRow
from agent_assist.intake.arriving import ArrivingFile
from agent_assist.intake.parsed import ParsedTicket
from agent_assist.intake.shop import read_orders, read_products
from agent_assist.intake.tickets import read_tickets

__all__ = ["ArrivingFile", "ParsedTicket", "RejectedRow", "read_orders", "read_products", "read_tickets"]
