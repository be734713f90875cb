"""The one place where entities of the rules and of the entity head are put together."""

from collections.abc import Sequence

from agent_assist.domain.understanding import Entity

# Forms with a check or a fixed shape; a date, quantity or amount may be a part of something larger (88号 of a street).
_EXACT = frozenset({"order_number", "tracking_number", "phone", "email"})
# How sure the head must be to swallow a rule's date, quantity or amount that lies inside its span.
_SURE = 0.6


def merge_entities(rules: Sequence[Entity], head: Sequence[Entity]) -> tuple[Entity, ...]:
    """Entities in order of place, the outer before the inner.

    An exact form stays whatever the head says. A softer rule entity gives way to a head entity that holds all of it and
    more ("建国路88号" over "8号"), where the head is sure. Head entities of different types may lie inside one another
    (a colour in a product); of two that cross, or of one type, the surer one stays.
    """
    kept = [one for one in rules if not _swallowed(one, head)]
    told: list[Entity] = []
    for one in sorted(head, key=lambda entity: -entity.score):
        if not any(_overlap(one, other) for other in kept) and all(may_stand(one, other) for other in told):
            told.append(one)
    return tuple(sorted([*kept, *told], key=place))


def may_stand(one: Entity, other: Entity) -> bool:
    """Whether two entities can both be: apart, or of different types with one inside the other."""
    if not _overlap(one, other):
        return True
    inside = one.start <= other.start and other.end <= one.end
    around = other.start <= one.start and one.end <= other.end
    return one.type != other.type and (inside or around)


def place(entity: Entity) -> tuple[int, int]:
    """Sorting key: by start, the longer first."""
    return entity.start, -entity.end


def innermost(entities: Sequence[Entity], at: int) -> Entity | None:
    """The shortest entity over the character `at`."""
    over = [entity for entity in entities if entity.start <= at < entity.end]
    return min(over, key=lambda entity: entity.end - entity.start, default=None)


def _overlap(one: Entity, other: Entity) -> bool:
    return one.start < other.end and other.start < one.end


def _swallowed(rule: Entity, head: Sequence[Entity]) -> bool:
    if rule.type in _EXACT:
        return False
    return any(
        one.start <= rule.start and rule.end <= one.end and len(one.text) > len(rule.text) and one.score >= _SURE
        for one in head
    )
