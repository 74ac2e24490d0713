"""The benchmarks say so when an aim is missed."""

from __future__ import annotations

import pytest

from benchmarks import check_speed, data_speed, digest_speed, history_speed, inspect_speed


def test_a_missed_aim_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check_speed, "_help", lambda: ("help", 3.5, 3.0, "x"))
    monkeypatch.setattr(check_speed, "_check", lambda: [("check", 2.0, 4.0, "s")])
    assert check_speed.main() == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("MISSED")
    assert lines[1].endswith("met")
    monkeypatch.setattr(check_speed, "_help", lambda: ("help", 2.5, 3.0, "x"))
    assert check_speed.main() == 0


def test_a_missed_aim_of_the_inspector_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = [("against bare", 1.6, 1.5, "x"), ("memory", 200.0, 600.0, "MB")]
    monkeypatch.setattr(
        inspect_speed, "_figures", lambda *, large: figures if large else figures[1:]
    )
    assert inspect_speed.main([]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("MISSED")
    assert lines[1].endswith("met")
    assert inspect_speed.main(["--small"]) == 0


def test_a_missed_aim_of_histories_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = [("read", 1.2, 1.0, "s"), ("built", 1.1, 1.3, "x")]
    monkeypatch.setattr(history_speed, "_figures", lambda: iter(figures))
    assert history_speed.main() == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("MISSED")
    assert lines[1].endswith("met")
    monkeypatch.setattr(history_speed, "_figures", lambda: iter(figures[1:]))
    assert history_speed.main() == 0


def test_a_missed_aim_of_data_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = [("ours / ten queries", 0.7, 0.625, "x"), ("ours / Soda", 0.5, 0.83, "x")]
    monkeypatch.setattr("sys.argv", ["data_speed"])
    monkeypatch.setattr(data_speed, "_figures", lambda *_, **__: iter(figures))
    assert data_speed.main() == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("MISSED")
    assert lines[1].endswith("met")
    monkeypatch.setattr(data_speed, "_figures", lambda *_, **__: iter(figures[1:]))
    assert data_speed.main() == 0


def test_a_missed_aim_of_digests_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = [("digest", 8.1, 8.0, "x"), ("of 20 M", 10.5, 11.0, "x")]
    monkeypatch.setattr(
        digest_speed, "_figures", lambda *, large: figures if large else figures[1:]
    )
    assert digest_speed.main(["--large"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("MISSED")
    assert lines[1].endswith("met")
    assert digest_speed.main([]) == 0
