#!/usr/bin/env python3
"""Adds up what the suites wrote and ends with the line `N passed, N failed`.

Each directory holds one GoogleTest XML file per suite and CTest's own ctest.junit. Cases are counted from the first; a suite that
failed without a failed case (it crashed, hung or left no file) counts as one failure more. Exit 1 if anything failed or nothing ran.
"""
import pathlib
import sys
import xml.etree.ElementTree as xml


def cases(path):
    """(passed, failed, skipped) of one suite, all zero if it wrote no readable file."""
    try:
        tests = list(xml.parse(path).getroot().iter("testcase"))
    except (OSError, xml.ParseError):
        return 0, 0, 0
    failed = sum(1 for test in tests if test.find("failure") is not None)
    skipped = sum(1 for test in tests if test.find("skipped") is not None or test.get("status") == "notrun")
    return len(tests) - failed - skipped, failed, skipped


def tally(directory):
    total = [0, 0, 0]
    for suite in xml.parse(directory / "ctest.junit").getroot().iter("testcase"):
        counts = list(cases(directory / f"{suite.get('name')}.xml"))
        if suite.get("status") != "run" and counts[1] == 0:
            counts[1] = 1
        print(f"{directory.parent.name:8} {suite.get('name'):22} {counts[0]:5} passed {counts[1]:3} failed"
              + (f" {counts[2]:3} skipped" if counts[2] else ""))
        total = [a + b for a, b in zip(total, counts)]
    return total


def main(directories):
    totals = [tally(pathlib.Path(directory)) for directory in directories]
    passed, failed, skipped = (sum(column) for column in zip(*totals))
    if skipped:
        print(f"{skipped} skipped")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
