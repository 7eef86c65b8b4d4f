"""The closing line of `./run test` counts what happened in both runs."""

from tests.support.tally import Tally, count, read


def test_errors_count_as_failures_and_expected_failures_as_skips():
    stats = {"passed": [1, 2], "failed": [3], "error": [4], "skipped": [5], "xfailed": [6], "deselected": [7]}
    assert count(stats) == Tally(passed=2, failed=2, skipped=2)


def test_two_runs_add_up_to_one_line():
    assert str(Tally(10, 0, 1) + Tally(5, 1, 0)) == "15 passed, 1 failed, 1 skipped"


def test_a_run_that_died_before_its_summary_is_a_failure(tmp_path):
    assert read(tmp_path / "missing.json") == Tally(failed=1)
