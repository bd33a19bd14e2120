"""Tests of the limit on open files."""

import subprocess
import sys

import pytest

SCRIPT = """
import resource
from server.open_files import ENOUGH_FILES, max_files, raise_file_limit
_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
assert max_files() == 64
raise_file_limit()
assert max_files() == min(hard, ENOUGH_FILES), max_files()
resource.setrlimit(resource.RLIMIT_NOFILE, (60, 80))
raise_file_limit()
assert max_files() == 80, max_files()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit there")
def test_the_limit_is_raised_as_far_as_it_may_be() -> None:
    """To the hard limit, or to what is enough."""
    subprocess.run([sys.executable, "-c", SCRIPT], check=True, timeout=50)
