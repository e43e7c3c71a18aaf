from __future__ import annotations

from threading import Event

import pytest

from tools.backends.local.idle import IdleTimer


def test_it_acts_once_nobody_has_asked_for_a_while() -> None:
    done = Event()
    timer = IdleTimer(0.01, done.set)
    timer.touch()
    assert done.wait(10)


def test_a_touch_begins_the_wait_anew() -> None:
    done = Event()
    timer = IdleTimer(60, done.set)
    timer.touch()
    first = timer._timer
    timer.touch()
    assert first is not None
    assert first.finished.is_set()
    assert timer._timer is not first
    timer.stop()
    assert timer._timer is None
    assert not done.is_set()


def test_no_seconds_are_no_wait() -> None:
    timer = IdleTimer(0, lambda: None)
    timer.touch()
    assert timer._timer is None


def test_what_takes_long_is_not_idle_and_what_fails_begins_the_wait_too() -> None:
    """A batch that is longer than the wait would be followed by loading the base again, each time."""
    timer = IdleTimer(60, lambda: None)
    timer.touch()

    def break_down() -> None:
        with timer.held():
            assert timer._timer is None
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        break_down()
    assert timer._timer is not None
    timer.stop()
