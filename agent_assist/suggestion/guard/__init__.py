"""The parts of the fact guard: what a text states, what it promises, what each of its sentences rests on."""
