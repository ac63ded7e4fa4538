#!/usr/bin/env python3
"""Checks the rules of STYLE.md that clang does not know, over the files that git would commit; prints `path:line: message`.

A line that must break a rule says so itself: `// tidy: allow <rule>: <reason>`. `--self-test` proves that every rule can fail.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 70
MAX_BYTES = 700 * 1024
CODE = (".cpp", ".hpp", ".py", ".sh", ".ts", ".tsx", ".js", ".mjs", ".css", ".cmake")
TEXT = CODE + (".md", ".txt", ".toml", ".yml", ".yaml", ".json", ".html", "")

# rule: (what is banned, where it is looked for, where it is right, what to do instead); paths are prefixes.
BANNED = {
    "clock": (r"system_clock::now|\btime\s*\(\s*(?:nullptr|NULL|0)\s*\)|\bgettimeofday\b|\babsl::Now\b", ("src/",), ("src/core/",),
              "reads the time: take a Clock"),
    "random": (r"\brandom_device\b|\bs?rand\s*\(|\brandombytes_\w+|\bRAND_bytes\b|\bgetrandom\b|\barc4random", ("src/",), ("src/core/",),
               "reads randomness: take an Rng"),
    "sleep": (r"\bsleep_(?:for|until)\b|\bu?sleep\s*\(|\bnanosleep\b|\bSleepFor\b", ("src/", "tests/"), (),
              "sleeps: wait on a condition, or move the clock"),
    "sqlite": (r"#include\s*<sqlite3\.h>", ("src/", "tests/"), ("src/store/sqlite/", "tests/support/"), "only store/sqlite sees SQLite"),
    "mongo": (r"#include\s*<mongoc", ("src/", "tests/"), ("src/store/mongo/", "tests/support/"), "only store/mongo sees libmongoc"),
    "asio": (r"#include\s*<boost/(?:beast|asio)", ("src/", "tests/"), ("src/http/", "tests/support/"), "only http sees Asio and Beast"),
    "curl": (r"#include\s*<curl/", ("src/", "tests/"), ("src/outbound/", "tests/support/"), "only outbound sees libcurl"),
    "double": (r"\b(?:double|float)\b", ("src/payments/", "src/booking/", "src/core/money"), (), "no floating point near money"),
}
# Written in two halves, so that this file is not its own first finding.
MARKS = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|(?<!\")XX" r"X(?!\")|HA" r"CK)\b")  # "XXX" in quotes is ISO 4217 for no currency
WORKPLACE = re.compile(r"(?<![\w.\-})\]*])/(?:wo" r"rk|ro" r"ot|ho" r"me/\w+)/|/tmp/vis" r"avis")
HOSTS = re.compile(r"https?://[^\s\"'/]*(?:artifact" r"ory|nex" r"us|jf" r"rog|deve" r"lpi)[^\s\"']*|\bregistry\s*=|\bindex-" r"url\b", re.I)
RESOLVED = re.compile(r'"resolved":\s*"(?!https://registry\.npmjs\.org/)')
OUTPUT = re.compile(r"(^|/)(build|var|node_modules|__pycache__)/|\.(o|a|so|db|db-wal|db-shm|sqlite3?|pyc|gcda|gcno|log|core)$")


def blank(code):
    """The code with comments and literals blanked out, every newline kept."""
    pattern = r'//[^\n]*|/\*.*?\*/|R"(?P<d>[^(\s]*)\(.*?\)(?P=d)"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])*\''
    return re.sub(pattern, lambda m: ("" if m[0][0] == "/" else '""') + "\n" * m[0].count("\n"), code, flags=re.S)


SCOPE = re.compile(r"(template\s*<.*>\s*)?(requires .*)?(inline\s+)?(namespace|class|struct|union|enum|extern)\b[^()]*$", re.S)


def opening(head):
    """What a brace opens at namespace or class level, told from the text before it."""
    if SCOPE.match(head):
        return "scope"
    if head.count("(") > head.count(")") or re.search(r"\)[\s\w]*:[^:].*[\w>]$", head, re.S):
        return "part"  # a default argument or a member initialiser: the head goes on after it
    return "function" if "(" in head and not head.endswith("=") else "block"


def functions(code):
    """(line, head, length) of every function body that opens at namespace or class level."""
    stack, found, head_start = [], [], 0
    for at in (match.start() for match in re.finditer(r"[;{}]", code)):
        outer = not stack or stack[-1][0] == "scope"
        if code[at] == "{":
            head = re.sub(r"^\s*#.*$|\[\[.*?\]\]", "", code[head_start:at], flags=re.M).strip() if outer else ""
            stack.append((opening(head) if outer else "block", at, head))
            if stack[-1][0] != "part":
                head_start = at + 1
            continue
        kind, start, head = stack.pop() if code[at] == "}" and stack else ("", 0, "")
        if kind == "function":
            found.append((code.count("\n", 0, start) + 1, head, code.count("\n", start, at) + 1))
        if kind != "part" and "part" not in (entry[0] for entry in stack):
            head_start = at + 1
    return found


def name_of(head):
    match = re.match(r"TEST(?:_[FP])?\s*\(\s*(\w+)\s*,\s*(\w+)", head) or re.search(r"([\w:~]+|operator\W+)\s*\(", head)
    return ".".join(match.groups()) if match else head[:40]


def long_functions(path, code, ratchet):
    for line, head, length in functions(code):
        allowed = max(MAX_FUNCTION_LINES, ratchet.get((path, name_of(head)), 0))
        if length > allowed:
            yield line, f"{name_of(head)} has {length} lines, at most {allowed}"


class Levels:
    """tools/levels.txt, and the one question it answers."""

    def __init__(self, text):
        self.level, self.slices, self.only, self.hidden = {}, set(), {}, {}
        words = {"open": [], "port": [], "shut": []}
        depth = 0
        for line in (line.split("#")[0].split() for line in text.splitlines()):
            if not line:
                continue
            kind, *rest = line
            if kind == "level":
                depth += 1
                self.level.update({folder: depth for folder in rest})
            elif kind == "slice":
                self.slices.update(rest)
            elif kind in words:
                words[kind] += rest
            else:
                getattr(self, kind)[rest[0]] = set(rest[1:])
        self.open, self.port, self.shut = words["open"], words["port"], words["shut"]

    def folder(self, path):
        """The folder of a path below src/: the longest one that has a level."""
        parts = path.split("/")[:-1]
        return next((name for name in ("/".join(parts[:n]) for n in (2, 1)) if name in self.level), None)

    def refusal(self, user, included):
        """Why the file `user` may not include `included` (both below src/), or None."""
        here, there, test = self.folder(user), self.folder(included), user.endswith("_test.cpp")
        if here is None:
            return f"{user.split('/')[0]} has no level in tools/levels.txt"
        if there is None or here == there:
            return None
        if there in self.hidden:
            return None if test or here in self.hidden[there] else f"{there} is an engine, only {', '.join(self.hidden[there])} picks it"
        if here in self.only and there not in self.only[here]:
            return f"{here} shares nothing with {there}"
        if self.level[there] >= self.level[here]:
            return f"{there} is not below {here} (tools/levels.txt)"
        header = included.split("/")[-1]
        if there in self.slices and not test:
            allowed = self.open + (self.port if here == "providers" else [])
            if (here in self.slices or here == "providers") and header not in allowed:
                return f"{header} is the inside of {there}: include {', '.join(allowed)} only"
            if header in self.shut:
                return f"{header} is the inside of {there}"
        return None


def check_code(path, text, levels, ratchet):
    lines, bare = text.splitlines(), blank(text)
    first = [line for line in lines[:3] if line.strip() and line != "#pragma once"]
    if not first or not re.match(r"//\s*\S+(\s+\S+){2,}", first[0]):
        yield 1, "begins without a `//` sentence that says what the file is for"
    for number, line in enumerate(bare.splitlines(), 1):
        for rule, (pattern, where, right, instead) in BANNED.items():
            allowed = f"tidy: allow {rule}: " in lines[number - 1]
            if path.startswith(where) and not path.startswith(right) and not allowed and re.search(pattern, line):
                yield number, f"{instead} ({rule})"
    if path.startswith("src/"):
        for number, line in enumerate(lines, 1):
            include = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            refusal = include and levels.refusal(path[len("src/"):], include[1])
            if refusal:
                yield number, refusal
    yield from long_functions(path, bare, ratchet)


def check_file(path, content, levels, ratchet):
    """(line, message) for everything wrong with one file."""
    if OUTPUT.search(path) or content[:4] == b"\x7fELF":
        yield 1, "is build output or a database, not source"
        return
    if len(content) > MAX_BYTES:
        yield 1, f"has {len(content) // 1024} KB, at most {MAX_BYTES // 1024}"
    suffix = pathlib.PurePath(path).suffix
    if suffix not in TEXT or b"\0" in content[:4096]:
        return
    text = content.decode("utf-8", "replace")
    locked = path.endswith(("package-lock.json", ".svg"))
    for number, line in enumerate(text.splitlines(), 1):
        if not locked and MARKS.search(line):
            yield number, "leftover mark: finish it or open an issue"
        if WORKPLACE.search(line):
            yield number, "names a path of one machine"
        if HOSTS.search(line) or (locked and RESOLVED.search(line)):
            yield number, "names a private package registry"
    if suffix in CODE and text.count("\n") > MAX_FILE_LINES and "/generated/" not in path and not path.startswith("tools/mongo/"):  # the stand-in is kept in one piece
        yield MAX_FILE_LINES + 1, f"has {text.count(chr(10))} lines, at most {MAX_FILE_LINES}"
    if suffix in (".cpp", ".hpp"):
        yield from check_code(path, text, levels, ratchet)


def committed():
    git = ["git", "-c", "safe.directory=*", "-C", str(ROOT), "ls-files", "-z", "-co", "--exclude-standard"]
    names = subprocess.run(git, check=True, capture_output=True).stdout.decode().split("\0")
    return sorted({name for name in names if name and (ROOT / name).is_file()})


def read_ratchet():
    lines = (line.split() for line in (ROOT / "tools/long_functions.txt").read_text().splitlines() if not line.startswith("#"))
    return {(path, name): int(length) for path, name, length in (line for line in lines if line)}


def main():
    levels, ratchet, found = Levels((ROOT / "tools/levels.txt").read_text()), read_ratchet(), 0
    for path in committed():
        for line, message in check_file(path, (ROOT / path).read_bytes(), levels, ratchet):
            print(f"{path}:{line}: {message}")
            found += 1
    return 1 if found else 0


if __name__ == "__main__":
    if "--self-test" in sys.argv:
        import tidy_self_test
        sys.exit(tidy_self_test.main())
    sys.exit(main())
