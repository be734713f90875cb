"""The tour is offered once, waits for the sample shop, goes on and back, and can be left anywhere; no window."""

from ui.i18n import load_table
from ui.text_keys import Key
from ui.tour.presenter import STEPS, TourPresenter


class Bench:
    def __init__(self, *, was_seen: bool = False, tickets: bool | None = True) -> None:
        self.tickets = tickets
        self.told: list[str] = []
        self.tour = TourPresenter(
            was_seen=was_seen,
            seen=lambda: self.told.append("seen"),
            any_tickets=lambda: self.tickets,
            load_samples=lambda: self.told.append("load"),
            prepare=lambda: self.told.append("prepare"),
        )


def test_it_is_offered_until_it_is_taken_or_declined_once() -> None:
    bench = Bench()
    assert bench.tour.offered
    bench.tour.decline()
    assert not bench.tour.offered
    assert bench.told == ["seen"]
    assert not Bench(was_seen=True).tour.offered


def test_it_goes_through_all_steps_and_is_over() -> None:
    bench = Bench()
    bench.tour.start()
    seen = []
    while bench.tour.step is not None:
        seen.append(bench.tour.step)
        bench.tour.go_on()
    assert tuple(seen) == STEPS
    assert bench.told == ["seen", "prepare"]
    bench.tour.start()  # again, from the menu
    assert bench.tour.step is STEPS[0]
    assert bench.told == ["seen", "prepare"]


def test_back_and_out() -> None:
    bench = Bench()
    bench.tour.start()
    bench.tour.go_back()
    assert bench.tour.index == 0
    bench.tour.go_on()
    bench.tour.go_on()
    bench.tour.go_back()
    assert bench.tour.index == 1
    bench.tour.end()
    assert bench.tour.step is None
    bench.tour.go_on()
    assert bench.tour.step is None


def test_without_tickets_the_sample_shop_is_loaded_first() -> None:
    bench = Bench(tickets=False)
    bench.tour.start()
    assert bench.tour.needs_samples
    bench.tour.go_on()
    bench.tour.go_on()  # impatient
    assert bench.told == ["seen", "load"]
    assert bench.tour.loading
    bench.tour.tickets_changed()  # still none
    assert bench.tour.index == 0
    bench.tickets = True
    bench.tour.tickets_changed()
    assert bench.tour.index == 1
    assert bench.told == ["seen", "load", "prepare"]
    bench.tour.tickets_changed()
    assert bench.tour.index == 1


def test_the_sample_shop_that_comes_after_the_end_starts_nothing() -> None:
    bench = Bench(tickets=False)
    bench.tour.start()
    bench.tour.go_on()
    bench.tour.end()
    bench.tickets = True
    bench.tour.tickets_changed()
    assert bench.tour.step is None


def test_every_step_names_the_keys_of_its_actions_and_no_others() -> None:
    from agent_assist.domain.language import Language

    for language in Language:
        for step in STEPS:
            text = load_table(language)[step.text]
            assert isinstance(text, str)
            named = {f"{{key{n}}}" for n in range(1, len(step.actions) + 1)}
            assert {part for part in named if part in text} == named
            assert f"{{key{len(step.actions) + 1}}}" not in text
    assert len({step.title for step in STEPS}) == len(STEPS)
    assert Key.TOUR_END_TEXT is STEPS[-1].text


def test_it_takes_two_minutes_to_read() -> None:
    from agent_assist.domain.language import Language

    words = sum(len(str(load_table(Language.EN)[step.text]).split()) for step in STEPS)
    assert words / 240 < 2  # words a minute of silent reading
