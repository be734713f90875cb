"""The one place where entities of the rules and of the token head are put together."""

from collections.abc import Sequence

from agent_assist.domain.understanding import Entity

# Forms with a check or a fixed shape; a date, quantity or amount may be a part of something larger (88号 of a street).
_EXACT = frozenset({"order_number", "tracking_number", "phone", "email"})
# How sure the head must be to swallow a rule's date, quantity or amount that lies inside its span.
_SURE = 0.6


def merge_entities(rules: Sequence[Entity], head: Sequence[Entity]) -> tuple[Entity, ...]:
    """Entities in order of place without overlaps.

    An exact form stays whatever the head says. A softer rule entity gives way to a head entity that holds all of it and
    more ("建国路88号" over "8号"), where the head is sure. Of two head entities the surer one stays.
    """
    kept = [one for one in rules if not _swallowed(one, head)]
    for one in sorted(head, key=lambda entity: -entity.score):
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return tuple(sorted(kept, key=lambda entity: entity.start))


def _swallowed(rule: Entity, head: Sequence[Entity]) -> bool:
    if rule.type in _EXACT:
        return False
    return any(
        one.start <= rule.start and rule.end <= one.end and len(one.text) > len(rule.text) and one.score >= _SURE
        for one in head
    )
