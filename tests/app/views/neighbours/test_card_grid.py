"""Where cards are, for every size of the room and place of the scroll bar."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtCore import QPointF

from app.views.neighbours.card_grid import SPACING, CardGrid

GRIDS = st.builds(
    CardGrid,
    num_cards=st.integers(0, 60),
    least_width=st.integers(60, 200),
    card_height=st.integers(20, 120),
    view_width=st.integers(60, 900),
    view_height=st.integers(1, 700),
    top=st.integers(0, 3000),
)


@given(GRIDS)
def test_the_seen_cards_are_those_of_the_rows_in_the_viewport(grid: CardGrid) -> None:
    for index in range(grid.num_cards):
        rect = grid.rect(index)  # with the gap below it: it scrolls in and out with its row
        is_in_view = rect.bottom() + SPACING > 0 and rect.top() < grid.view_height
        assert (index in grid.seen) == is_in_view


@given(GRIDS)
def test_every_seen_card_is_where_it_is_pointed_at_and_nothing_is_beside_the_cards(
    grid: CardGrid,
) -> None:
    for index in grid.seen:
        rect = grid.rect(index)
        assert grid.at(rect.center()) == index
        assert rect.left() >= 0
        assert rect.right() <= grid.view_width + 1 or grid.num_columns == 1
        assert grid.at(QPointF(rect.center().x(), rect.bottom() + 2)) is None
    assert grid.at(QPointF(-5, 5)) is None


@given(GRIDS)
def test_the_last_card_ends_the_viewport_when_all_is_scrolled(grid: CardGrid) -> None:
    end = CardGrid(
        grid.num_cards, grid.least_width, grid.card_height, grid.view_width, grid.view_height,
        grid.most_top,
    )  # fmt: skip
    if end.num_cards:
        bottom = end.rect(end.num_cards - 1).bottom()
        assert bottom == end.view_height or (not end.top and bottom < end.view_height)
