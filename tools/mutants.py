#!/usr/bin/env python3
"""Takes the guards of tests/mutants.txt out, one by one, in a copy of the tree, and says which suites do not notice. Started by `./dev mutants`.

`mutants.py [WORD …]` tries only the guards whose sentence has all the words. Ends with 1 if a guard is missed and nobody notices.
"""
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
COPY = ROOT / "build" / "mutants"


class Mutant:
    """A guard: what it is for, where, its text and the text without it, and (suite, filter) of whoever must notice."""

    def __init__(self, block):
        lines = [line for line in block.split("\n") if not line.startswith("#")]
        self.purpose, self.file = lines[0], lines[1]
        self.old = "\n".join(line[2:] for line in lines if line.startswith("- "))
        self.new = "\n".join(line[2:] for line in lines if line.startswith("+ "))
        self.suites = [(name, wanted or "*") for name, _, wanted in (suite.partition(":") for suite in lines[-1].split())]


def blocks():
    text = (ROOT / "tests" / "mutants.txt").read_text()
    parts = [part.strip("\n") for part in text.split("\n\n")]
    return [Mutant(part) for part in parts if part and not part.startswith("#")]


def copy_tree():
    """What git knows of and what is new here; only what differs is touched, so that the copy's build stays incremental."""
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout.split("\n")
    for name in filter(None, names):
        source, target = ROOT / name, COPY / name
        if source.is_file() and (not target.exists() or source.read_bytes() != target.read_bytes()):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)


def build(targets):
    environment = {**os.environ, "CCACHE_BASEDIR": str(COPY), "CCACHE_NOHASHDIR": "1"}
    subprocess.run(["cmake", "--preset", "release", "--log-level=WARNING"], cwd=COPY, env=environment, stdout=subprocess.DEVNULL, check=True)
    jobs = os.environ.get("JOBS", str(os.cpu_count()))
    done = subprocess.run(["ninja", "-C", "build/release", "-j", jobs, *targets], cwd=COPY, env=environment, stdout=subprocess.PIPE, text=True)
    return done.returncode == 0, done.stdout


def notices(suite, wanted):
    """Whether a suite fails; one that hangs has noticed as well."""
    command = [str(COPY / "build" / "release" / suite), "--gtest_filter=" + wanted, "--gtest_fail_fast"]
    try:
        done = subprocess.run(command, cwd=COPY, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)
        return done.returncode != 0
    except subprocess.TimeoutExpired:
        return True


def verdict(mutant):
    path = COPY / mutant.file
    whole = path.read_text()
    if whole.count(mutant.old) != 1:
        return "the guard is not there once any more"
    path.write_text(whole.replace(mutant.old, mutant.new))
    try:
        built, said = build([suite for suite, _ in mutant.suites])
        if not built:
            return "does not compile without it\n" + said[-2000:]
        for suite, wanted in mutant.suites:
            if notices(suite, wanted):
                return f"noticed by {suite}"
        return "NOTICED BY NOBODY"
    finally:
        path.write_text(whole)


def main():
    chosen = [mutant for mutant in blocks() if all(word in mutant.purpose for word in sys.argv[1:])]
    copy_tree()
    built, said = build(sorted({suite for mutant in chosen for suite, _ in mutant.suites}))
    if not built:
        sys.exit("mutants: the tree does not build\n" + said[-2000:])
    unnoticed = 0
    for mutant in chosen:
        outcome = verdict(mutant)
        unnoticed += not outcome.startswith("noticed")
        print(f"{mutant.purpose}: {outcome}", flush=True)
    print(f"{len(chosen)} guards, {unnoticed} noticed by nobody")
    sys.exit(1 if unnoticed else 0)


if __name__ == "__main__":
    main()
