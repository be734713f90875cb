"""Which messages are worth reading again after a lesson."""

import numpy as np

from agent_assist.domain.tickets import Role
from agent_assist.engine.protocol import SeenMessage, Turn
from models.understanding.learning.learner import Learner
from models.understanding.learning.past import Past
from tests.helpers.toy_heads import HALF, make_toy


def test_only_messages_that_read_otherwise_are_named() -> None:
    toy = make_toy()
    learner, past = Learner(toy.heads, toy.replay), Past(toy.heads)
    index, *others = toy.of("order.status")
    seen = [
        SeenMessage(
            thread=[Turn(role=Role.CUSTOMER, text=toy.examples[i].text)],
            vector=toy.features[i, :HALF].astype("<f4").tobytes(),
        )
        for i in range(len(toy.examples))
    ]
    first = learner.learn([toy.taught(index, "refund.status")])
    past.keep("first", first)
    changed = np.flatnonzero(past.changed(seen, "shipped", first)).tolist()
    assert index in changed
    assert len(changed) < 0.2 * len(seen)
    assert not any(past.changed(seen, "first", first))
    second = learner.learn([toy.taught(others[0], "human.request")])
    assert past.changed([seen[others[0]]], "first", second) == [True]
    for version in range(9):
        past.keep(f"v{version}", second)
    assert past.changed([seen[others[0]]], "first", second) == [True]  # forgotten: compared with the shipped heads


def test_a_message_with_context_is_always_worth_it() -> None:
    toy = make_toy()
    heads = Learner(toy.heads, toy.replay).learn([toy.taught(0, "human.request")])
    thread = [Turn(role=Role.CUSTOMER, text="where is my parcel"), Turn(role=Role.CUSTOMER, text="the black one")]
    assert Past(toy.heads).changed([SeenMessage(thread=thread, vector=b"")], "", heads) == [True]
