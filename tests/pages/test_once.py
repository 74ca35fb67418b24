"""A callback that Streamlit calls twice for one press."""

from pages.ui.once import once


def test_a_press_that_is_delivered_twice_is_acted_on_once():
    done = []
    drawn = once(lambda *args, **kwargs: done.append((args, kwargs)))
    drawn(1, step=True)
    drawn(1, step=True)
    assert done == [((1,), {"step": True})]


def test_the_next_drawing_can_be_pressed_again():
    done = []
    for _drawing in range(2):
        once(done.append)("pressed")
    assert done == ["pressed", "pressed"]
