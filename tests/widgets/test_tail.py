"""A page as slow as its slowest call, whatever was measured."""

import numpy as np
import pytest
from widget_samples import waits

from course_lib.widgets import Tail


def test_question_about_the_tail_has_its_answer_whatever_was_measured():
    """Of pages with 69 calls at once every second one waits for a 1-in-100 call, and their p50 is a call's p99."""
    for durations in (waits(), np.arange(1, 101.0), np.random.default_rng(2).lognormal(size=777)):
        shares = {n: Tail(durations, calls=n).result["slow_pages"] for n in (68, 69)}
        assert shares[68] < 0.5 < shares[69]
    result = Tail(np.arange(1, 10_001.0), calls=69).result
    assert result["page"]["marks"]["p50"] == pytest.approx(result["call"]["marks"]["p99"], rel=1e-3)


def test_a_page_is_as_slow_as_the_slowest_of_its_calls():
    """Held against pages that are made up call by call."""
    durations, calls = waits(), 20
    pages = np.random.default_rng(0).choice(durations, (20_000, calls)).max(axis=1)
    result = Tail(durations, calls=calls).result
    assert result["page"]["marks"]["mean"] == pytest.approx(pages.mean(), rel=0.02)
    assert result["slow_pages"] == pytest.approx(np.mean(pages > result["threshold"]), abs=0.015)
    shares, _ = np.histogram(pages, Tail(durations).edges)
    np.testing.assert_allclose(result["page"]["bars"], shares / len(pages), atol=0.015)


def test_a_second_copy_is_what_it_is_when_made_up_call_by_call():
    durations, rng = waits(), np.random.default_rng(0)
    p95 = np.sort(durations)[949]
    first, second = rng.choice(durations, (2, 400_000))
    answered = np.where(first <= p95, first, np.minimum(first, p95 + second))
    result = Tail(durations, copy="after p95").result
    assert result["call"]["marks"]["mean"] == pytest.approx(answered.mean(), rel=0.01)
    assert result["slow_calls"] == pytest.approx(np.mean(answered > result["threshold"]), abs=3e-4)
    assert result["call"]["marks"]["p99"] == pytest.approx(np.sort(answered)[int(0.99 * len(answered))], rel=0.02)


@pytest.mark.parametrize("slow", ["1 in 10", "1 in 100", "1 in 1,000"])
def test_a_second_copy_never_makes_a_call_slower(slow):
    for durations in (waits(), np.array([1.0, 2.0]), np.full(30, 0.5)):
        alone, twice = (Tail(durations, slow=slow, copy=copy).result for copy in ("never", "after p95"))
        assert twice["slow_calls"] <= alone["slow_calls"]
        assert twice["call"]["marks"]["mean"] <= alone["call"]["marks"]["mean"] * (1 + 1e-9)


def test_all_calls_and_pages_stand_in_the_bars():
    for calls in (1, 200):
        result = Tail(waits(), calls=calls, copy="after p95").result
        assert sum(result["call"]["bars"]) == pytest.approx(1) and sum(result["page"]["bars"]) == pytest.approx(1)


@pytest.mark.parametrize("durations", [[], [0.1], [0.0, 0.1], [[0.1, 0.2]]])
def test_a_tail_needs_several_times(durations):
    with pytest.raises(ValueError, match="two or more times above 0"):
        Tail(durations)
