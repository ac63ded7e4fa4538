"""What every benchmark needs: child processes that end with us, what they cost, medians with their spread, and the table."""
import atexit
import ctypes
import http.client
import json
import os
import pathlib
import select
import shutil
import signal
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "release"
TICKS = os.sysconf("SC_CLK_TCK")
running = []


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: also when we are killed


class Child:
    """A server of ours or of a peer, on a port that it prints; ended by its own pid."""

    def __init__(self, *command, ready=lambda line: line.rsplit(":", 1)[-1].strip().isdigit(), environment=None):
        self.process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, preexec_fn=die_with_parent,
                                        env={**os.environ, **(environment or {})})
        running.append(self)
        self.said, self.unread, self.rest = [], [], b""
        self.port = int(self.line(ready).rsplit(":", 1)[-1])

    def line(self, wanted):
        deadline, output = time.monotonic() + 60, self.process.stdout.fileno()
        while True:
            while self.unread:
                self.said.append(self.unread.pop(0))
                if wanted(self.said[-1]):
                    return self.said[-1]
            if not select.select([output], [], [], max(0, deadline - time.monotonic()))[0] or not (more := os.read(output, 4096)):
                break
            *lines, self.rest = (self.rest + more).split(b"\n")
            self.unread += [line.decode() for line in lines]
        raise SystemExit(f"bench: {self.process.args[0]} did not start")

    def cpu(self):
        """Seconds of user and system time of all its threads."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self, kind):
        """Rss or Pss, in KiB."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith(kind + ":"):
                return int(line.split()[1])

    def end(self):
        if self in running:
            running.remove(self)
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@atexit.register
def end_all():
    for child in list(running):
        child.process.kill()
        child.process.wait()
        running.remove(child)


signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


class Api:
    """The JSON API over one keep-alive connection."""

    def __init__(self, port, timeout=30):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)

    def send(self, method, path, body=None, token=None, wanted=(200, 201)):
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if token:
            headers["Authorization"] = "Bearer " + token
        answer = self.ask(method, path, None if body is None else json.dumps(body), headers)
        text = answer.read()
        if answer.status not in wanted:
            raise SystemExit(f"bench: {method} {path}: {answer.status} {text[:300]}")
        return text

    def ask(self, *request):
        try:
            self.connection.request(*request)
            return self.connection.getresponse()
        except http.client.RemoteDisconnected:  # it was idle for too long
            self.connection.request(*request)
            return self.connection.getresponse()

    def get(self, path, token=None):
        return json.loads(self.send("GET", path, token=token))

    def items(self, path, token=None):
        """All pages of a list."""
        found, cursor = [], ""
        while cursor is not None:
            page = self.get(path + (f"&cursor={cursor}" if cursor else ""), token)
            found += page["items"]
            cursor = page.get("nextCursor")
        return found


def run(program, *arguments, timeout=120):
    command = [str(BUILD / program), *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=timeout, preexec_fn=die_with_parent)
    if done.returncode != 0:
        raise SystemExit(f"bench: {' '.join(command)} ended with {done.returncode}")
    return done.stdout


def load(server, **options):
    """One run of the load client: what it measured, with requests per second and per CPU second of the server."""
    before = server.cpu()
    seen = json.loads(run("bench_load", "--port", server.port, *[part for name, value in options.items() for part in ("--" + name, value)]))
    seen["cpu"] = server.cpu() - before
    seen["rate"] = seen["requests"] / seen["seconds"]
    seen["perCpu"] = seen["requests"] / max(seen["cpu"], 1 / TICKS)
    return seen


class Spread:
    """The median of several rounds, and how far they lie apart."""

    def __init__(self, values):
        self.values = list(values)
        self.median = statistics.median(self.values)

    def text(self, digits=0):
        low, high = min(self.values), max(self.values)
        return f"{self.median:,.{digits}f} ({low:,.{digits}f}–{high:,.{digits}f})"


def install(name):
    """The directory of scripts below bench/, their packages installed from the lock file, once."""
    place = ROOT / "bench" / name
    lock, stamp = place / "package-lock.json", place / "node_modules" / ".installed"
    if not stamp.exists() or stamp.read_bytes() != lock.read_bytes():
        environment = dict(os.environ)
        if pathlib.Path("/usr/include/node/node.h").exists():
            environment["npm_config_nodedir"] = "/usr"  # should it be compiled: Debian's headers
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=place, env=environment, check=True)
        shutil.copy(lock, stamp)
    return place


def prepare_peer():
    return install("peer")


rows = []


def row(figure, ours="", peer="", ratio="", target=""):
    """Remembers a row of the table and says it at once."""
    rows.append((figure, ours, peer, ratio, target))
    print("  " + " | ".join(part for part in rows[-1] if part), flush=True)


def compare(figure, ours, peer, target, digits=0):
    """A row whose ratio is taken round by round, so that a slow moment of the machine meets both sides."""
    ratio = Spread(a / b for a, b in zip(ours, peer))
    row(figure, Spread(ours).text(digits), Spread(peer).text(digits), ratio.text(2), target)


def table():
    head = ("figure", "ours", "peer or floor", "ratio", "target")
    widths = [max(len(line[i]) for line in [head, *rows]) for i in range(5)]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |" for line in [head, *rows]]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
