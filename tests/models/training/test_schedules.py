"""The rate rises in the warm-up and falls as its schedule says."""

import pytest

from models.training.optimisation.schedules import rate_factor

KINDS = ("constant", "linear", "exponential", "cosine")


@pytest.mark.parametrize("kind", KINDS)
def test_the_rate_warms_up_to_its_peak_and_never_rises_again(kind: str) -> None:
    factors = [rate_factor(kind, step, steps=100, warm_up=0.1) for step in range(100)]
    assert 0 < factors[0] < 0.1
    assert factors[:10] == sorted(factors[:10])
    assert factors[10] == pytest.approx(1.0)
    assert factors[10:] == sorted(factors[10:], reverse=True)
    assert max(factors) == pytest.approx(1.0)


def test_each_schedule_has_its_own_middle_and_end() -> None:
    def at(kind: str, step: int) -> float:
        return rate_factor(kind, step, steps=100, warm_up=0.0)

    assert [at(kind, 50) for kind in KINDS] == pytest.approx([1.0, 0.5, 0.1, 0.5])
    assert [at(kind, 25) for kind in KINDS] == pytest.approx([1.0, 0.75, 0.316, 0.854], abs=1e-3)
    assert [at(kind, 100) for kind in KINDS] == pytest.approx([1.0, 0.0, 0.01, 0.0])


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_of_one_step_has_a_rate(kind: str) -> None:
    assert rate_factor(kind, 0, steps=1, warm_up=0.0) == pytest.approx(1.0)
    assert rate_factor(kind, 0, steps=1, warm_up=0.9) > 0
