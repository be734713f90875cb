"""One correction is felt, a wrong one harms little, and what is forgotten leaves no trace."""

from dataclasses import replace

import numpy as np
import pytest

from models.errors import CannotLearnError
from models.understanding.heads import Heads, sigmoid
from models.understanding.learning.learner import Learner
from models.understanding.learning.lesson import Taught
from models.understanding.threads import context_share
from tests.helpers.toy_heads import INTENTS, Toy, make_toy


@pytest.fixture(scope="module")
def toy() -> Toy:
    return make_toy()


@pytest.fixture
def learner(toy: Toy) -> Learner:
    return Learner(toy.heads, toy.replay)


def equal(one: Heads, other: Heads) -> bool:
    return one.intents == other.intents and all(
        np.array_equal(getattr(head, part), getattr(other.sentence[name], part))
        for name, head in one.sentence.items()
        for part in ("dense", "lexical", "bias")
    )


def test_heads_read_most_of_the_unseen_right(toy: Toy) -> None:
    assert min(toy.accuracy(toy.heads, intent) for intent in INTENTS) > 0.8


def test_a_correction_is_read_as_told_and_forgotten_without_a_trace(toy: Toy, learner: Learner) -> None:
    index = toy.of("order.status")[0]
    heads = learner.learn([toy.taught(index, "refund.status")])
    assert toy.read(toy.heads, index)[0] == "order.status"
    assert toy.read(heads, index) == ("refund.status", True)
    assert len(learner) == 1
    assert equal(learner.learn([], ["t-unknown"]), heads)
    assert equal(learner.learn([], [f"t{index}"]), toy.heads)
    assert len(learner) == 0


def test_a_wrong_click_swings_no_intent(toy: Toy, learner: Learner) -> None:
    index = toy.of("order.status")[0]
    heads = learner.learn([toy.taught(index, "human.request")])
    for intent in INTENTS:
        assert toy.accuracy(heads, intent) >= toy.accuracy(toy.heads, intent) - 1.5 / len(toy.of(intent))


def test_several_intents_are_all_told(toy: Toy, learner: Learner) -> None:
    index = toy.of("return.request")[0]
    heads = learner.learn([toy.taught(index, "return.request", "invoice.request")])
    reading = heads.read(heads.score(toy.features[index : index + 1], [toy.examples[index].text]))
    assert {one.label for one in reading.intents} == {"return.request", "invoice.request"}


def test_scope_is_learned_both_ways(toy: Toy, learner: Learner) -> None:
    shop = next(index for index in toy.of("order.status") if toy.read(toy.heads, index)[1])
    foreign = next(index for index in toy.of("") if not toy.read(toy.heads, index)[1])
    heads = learner.learn([toy.taught(shop), toy.taught(foreign, "human.request")])
    assert not toy.read(heads, shop)[1]
    assert toy.read(heads, foreign) == ("human.request", True)
    others = [index for index in toy.of("order.status") if index != shop]
    kept = [toy.read(heads, index)[1] for index in others if toy.read(toy.heads, index)[1]]
    assert np.mean(kept) > 0.9


def test_a_label_of_the_shops_own_becomes_a_column_and_goes_with_its_last_correction(
    toy: Toy, learner: Learner
) -> None:
    first, second = toy.of("invoice.request")[:2]
    heads = learner.learn([toy.taught(first, "shop.engraving"), toy.taught(second, "shop.engraving")])
    assert heads.intents == (*INTENTS, "shop.engraving")
    assert {toy.read(heads, index)[0] for index in (first, second)} == {"shop.engraving"}
    assert toy.read(heads, toy.of("order.status")[0])[0] == "order.status"
    heads = learner.learn([], [f"t{first}", f"t{second}"])
    assert heads.intents == INTENTS
    assert toy.accuracy(heads, "invoice.request") == toy.accuracy(toy.heads, "invoice.request")


def test_a_second_correction_of_a_message_replaces_the_first(toy: Toy, learner: Learner) -> None:
    index = toy.of("order.status")[0]
    learner.learn([toy.taught(index, "refund.status")])
    heads = learner.learn([toy.taught(index, "human.request")])
    assert len(learner) == 1
    assert toy.read(heads, index)[0] == "human.request"
    assert learner.taught == {f"t{index}": ("human.request",)}


def test_one_click_against_several_of_the_same_message_counts_little(toy: Toy, learner: Learner) -> None:
    index = toy.of("order.status")[0]
    right = [toy.taught(index, "refund.status", name=f"right{i}") for i in range(3)]
    heads = learner.learn([*right, toy.taught(index, "human.request", name="wrong")])
    assert toy.read(heads, index)[0] == "refund.status"
    assert learner.doubtful == ("wrong",)
    heads = learner.learn([], [one.id for one in right])  # nothing contradicts it any more
    assert toy.read(heads, index)[0] == "human.request"
    assert learner.doubtful == ()


def test_of_two_that_differ_the_newer_is_believed(toy: Toy, learner: Learner) -> None:
    index = toy.of("order.status")[0]
    learner.learn([toy.taught(index, "refund.status", name="old")])
    heads = learner.learn([toy.taught(index, "human.request", name="new")])
    assert toy.read(heads, index)[0] == "human.request"


def test_agreement_carries_further_than_one_voice(toy: Toy, learner: Learner) -> None:
    first = toy.of("order.status")[0]
    again = replace(toy.taught(first, "refund.status"), id="again")
    near = toy.features[first : first + 1] + 0.01

    def probability(heads: Heads) -> float:
        place = heads.intents.index("refund.status")
        return float(heads.score(near, [toy.examples[first].text]).intent[0, place])

    one = probability(learner.learn([toy.taught(first, "refund.status")]))
    two = probability(learner.learn([again]))
    assert two > one


def test_one_after_the_other_is_like_all_at_once(toy: Toy, learner: Learner) -> None:
    lessons = [toy.taught(index, "human.request") for index in toy.of("order.status")[:6]]
    for lesson in lessons:
        learner.learn([lesson])
    other = Learner(toy.heads, toy.replay)
    other.learn(lessons)
    texts = [one.text for one in toy.examples]
    one, all_at_once = (sigmoid(heads.score(toy.features, texts).intent) for heads in (learner.heads, other.heads))
    assert np.abs(one - all_at_once).max() < 0.1


def test_a_short_message_is_learned_with_its_context(toy: Toy, learner: Learner) -> None:
    """Features of the message alone say one thing, those with the turn before another; the mixture must be as told."""
    alone, joint = toy.of("human.request")[0], toy.of("order.status")[0]
    parts = [toy.taught(index, "refund.status") for index in (alone, joint)]
    both = Taught(
        "short",
        ("refund.status",),
        np.concatenate([one.features for one in parts]),
        tuple(bag for one in parts for bag in one.bags),
    )
    heads = learner.learn([both])
    scores = heads.score(both.features, [toy.examples[index].text for index in (alone, joint)]).intent
    share = context_share(scores[0])
    mixed = (1 - share) * scores[0] + share * scores[1]
    assert heads.intents[int(mixed.argmax())] == "refund.status"


def test_heads_without_intents_do_not_learn(toy: Toy) -> None:
    with pytest.raises(CannotLearnError, match="no intents"):
        Learner(replace(toy.heads, sentence={"scope": toy.heads.sentence["scope"]}), toy.replay)
