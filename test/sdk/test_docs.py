"""The programs in docs/unstructured-sdk.md, run as they stand there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "unstructured-sdk.md"
PROGRAMS = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.M | re.S)

# What each of them prints, if all goes well.
PRINTS = [
    ["hi_res_partition - "],
    ["Can it be read? SUCCESS", "The job has ended: COMPLETED", "Partitioner - done: ", " failed: 0"],
    ["['Brakes', 'Check both.']"],
]


def test_all_are_known():
    assert len(PROGRAMS) == len(PRINTS)


@pytest.mark.parametrize("number", range(len(PROGRAMS)))
def test_a_program(scene, number):
    cloud = scene["cloud"]
    environment = {
        **os.environ,
        "OUTFLOW_URL": scene["url"],
        "OUTFLOW_API_KEY": scene["api_key"],
        "CONFLUENCE_URL": cloud["url"],
        "CONFLUENCE_USERNAME": cloud["username"],
        "CONFLUENCE_API_TOKEN": cloud["api_token"],
    }
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAMS[number]], env=environment, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    for line in PRINTS[number]:
        assert line in ran.stdout
