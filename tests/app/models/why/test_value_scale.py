from hypothesis import given
from hypothesis import strategies as st

from app.models.why.value_scale import SHRINK_AFTER_S, ValueScale, rounded_up

SIZES = st.floats(0, 1e9)


@given(st.lists(st.tuples(SIZES, SIZES, st.floats(0, 10)), min_size=1, max_size=20))
def test_every_value_and_zero_always_fit(fits: list[tuple[float, float, float]]) -> None:
    scale, now_s = ValueScale(), 0.0
    for low, high, later_s in fits:
        now_s += later_s
        scale.fit(-low, high, now_s)
        assert scale.low <= -low * (1 - 1e-6) + 1e-9
        assert scale.high >= high * (1 - 1e-6) - 1e-9
        assert scale.low <= 0.0 <= scale.high
        assert scale.low < scale.high


def test_the_axis_holds_still_while_values_change_a_little() -> None:
    scale = ValueScale()
    scale.fit(0.0, 3.0, 0.0)
    changes = [scale.fit(0.0, high, 0.1 * i) for i, high in enumerate((2.9, 2.0, 2.9, 1.6) * 50)]
    assert not any(changes)


def test_the_axis_shrinks_only_after_the_values_were_small_for_a_while() -> None:
    scale = ValueScale()
    scale.fit(0.0, 100.0, 0.0)
    assert not scale.fit(0.0, 1.0, 1.0)
    assert not scale.fit(0.0, 1.0, 1.0 + SHRINK_AFTER_S - 0.1)
    assert scale.fit(0.0, 1.0, 1.0 + SHRINK_AFTER_S + 0.1)
    assert scale.high == 1.0


def test_one_large_value_starts_the_wait_again() -> None:
    scale = ValueScale()
    scale.fit(0.0, 100.0, 0.0)
    scale.fit(0.0, 1.0, 1.0)
    scale.fit(0.0, 90.0, 5.0)
    assert not scale.fit(0.0, 1.0, 8.0)


@given(st.floats(1e-9, 1e12))
def test_limits_are_round_and_not_much_larger_than_needed(size: float) -> None:
    assert size * (1 - 1e-6) <= rounded_up(size) <= 2.01 * size


def test_a_value_that_is_no_number_is_drawn_at_zero() -> None:
    scale = ValueScale()
    scale.fit(-1.0, 1.0, 0.0)
    assert scale.position(float("nan")) == scale.position(0.0) == 0.5
