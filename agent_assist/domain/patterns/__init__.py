"""Exact rules: entities whose form decides what they are (numbers, dates, amounts, identifiers).

Pure text work; the token head finds the rest, `agent_assist.domain.entities` joins both.
"""

from agent_assist.domain.patterns.durations import Duration, find_durations
from agent_assist.domain.patterns.find import find_entities
from agent_assist.domain.patterns.numbers import NumberSpan, find_numbers, normalise_number, parse_number
from agent_assist.domain.patterns.percentages import Percentage, find_percentages

__all__ = [
    "Duration",
    "NumberSpan",
    "Percentage",
    "find_durations",
    "find_entities",
    "find_numbers",
    "find_percentages",
    "normalise_number",
    "parse_number",
]
