"""A skipped judge is said out loud: `-q` shows no reasons."""

from __future__ import annotations

import pytest

from tests.signing.sealing import UNCHECKED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if UNCHECKED:
        terminalreporter.write_line(UNCHECKED, red=True)
