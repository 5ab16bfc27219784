"""Prints the branches of a gcovr report: a line a file, and each source line with branches that were never taken."""

import json
import sys


def untaken(line):
    """How many branches of a line there are, and how many of them were never taken."""
    branches = [] if line.get("gcovr/noncode") else line.get("branches", [])
    return len(branches), sum(branch["count"] == 0 for branch in branches)


def main(path):
    with open(path, encoding="utf-8") as report:
        files = json.load(report)["files"]
    if not files:
        sys.exit("nothing was counted")
    all_branches = all_missing = 0
    for file in files:
        with open(file["file"], encoding="utf-8") as source:
            text = source.read().splitlines()
        counts = [(line["line_number"], *untaken(line)) for line in file["lines"]]
        branches = sum(count for _, count, _ in counts)
        missing = sum(lacking for _, _, lacking in counts)
        print(f"{file['file']}: {branches - missing} of {branches}")
        for number, count, lacking in counts:
            if lacking:
                print(f"  {number}: {lacking} of {count} not taken: {text[number - 1].strip()}")
        all_branches += branches
        all_missing += missing
    print(f"branches taken: {all_branches - all_missing} of {all_branches}")
    sys.exit(1 if all_missing else 0)


main(sys.argv[1])
