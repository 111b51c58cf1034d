from made_messages import picture_of

from app.models.neighbours.picture_store import RETRY_AFTER_S, PictureStore
from nec_engine.messages import Moment


def test_what_was_looked_at_last_stays_longest() -> None:
    store = PictureStore(capacity=2)
    for step in (1, 2):
        store.put(picture_of(Moment(1, step)), 0.0)
    store.get(Moment(1, 1))
    store.put(picture_of(Moment(1, 3)), 0.0)
    assert store.get(Moment(1, 1)) is not None
    assert store.get(Moment(1, 2)) is None
    assert len(store) == 2


def test_a_picture_that_came_is_not_wanted_again() -> None:
    store = PictureStore()
    store.put(picture_of(Moment(1, 1)), 0.0)
    assert not store.is_wanted(Moment(1, 1), 1e6)
    assert store.is_wanted(Moment(1, 2), 0.0)


def test_what_could_not_be_rebuilt_is_tried_again_after_a_while() -> None:
    store = PictureStore()
    store.put(picture_of(Moment(1, 1), rgb=False), 0.0)
    assert not store.is_wanted(Moment(1, 1), RETRY_AFTER_S - 0.1)
    assert store.is_wanted(Moment(1, 1), RETRY_AFTER_S)


def test_a_picture_of_nearly_the_same_moment_stands_in() -> None:
    store = PictureStore()
    for step in (95, 103, 120):
        store.put(picture_of(Moment(1, step)), 0.0)
    near = store.near(Moment(1, 100))
    assert near is not None
    assert near.moment.step == 103
    assert store.near(Moment(2, 100)) is None
    assert store.near(Moment(1, 140)) is None
