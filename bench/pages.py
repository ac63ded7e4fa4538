"""The public pages: what they cost the server beside the JSON of the same data, and what Lighthouse says of them."""
import json
import os
import pathlib
import shutil
import subprocess
from datetime import date, timedelta

from harness import BUILD, Api, Child, Spread, compare, install, load, row

ROUNDS = 5
AUDITS = 3
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


class Demo:
    """The real binary with its demo data, as `./dev up` serves it."""

    def __init__(self, place):
        self.server = Child(BUILD / "visavis", "serve", "--demo", "--data", place / "demo", "--listen", "127.0.0.1:0", "--sandbox", "127.0.0.1:0",
                            "--smtp-sink", "0", "--set", "limits.enabled=false", "--set", "auth.bcrypt_cost=4", "--set", "log.level=error",
                            ready=lambda line: line.startswith("Visavis serves"))
        self.api = Api(self.server.port)
        found = self.api.items("/api/v1/specialists?sort=rating&limit=12")
        self.person = max(found, key=lambda one: one["reviewCount"])
        self.pages = {"home": "/", "profile": "/s/" + self.person["slug"], "slot picker": "/embed/" + self.person["slug"]}

    def end(self):
        self.server.end()

    def week(self):
        """The listing of the days that the picker shows: seven, from the first free one, in the specialist's zone."""
        base = f"/api/v1/specialists/{self.person['id']}/slots?duration={self.person['consulting']['defaultDuration']}"
        first = self.api.get(base + "&limit=1")["items"][0]
        shown = self.api.send("GET", self.pages["slot picker"]).decode().count('class="time"')
        end = (date.fromisoformat(first["date"][:10]) + timedelta(days=7)).isoformat()
        inside = [one for one in self.api.items(base + "&limit=2000") if one["date"][:10] < end]
        assert shown == len(inside), (shown, len(inside))
        return f"{base}&from={first['date'][:10]}&to={inside[-1]['date'][:10]}&limit=1000"


def server_time(world):
    """Public pages against the JSON of the same data, in CPU time of the server, as browsers ask: compressed, without a log-in."""
    demo = Demo(world.place)
    base = f"/api/v1/specialists/{demo.person['id']}"
    data = {"home": ["/api/v1/specialists?limit=12"], "profile": [base, demo.week(), base + "/reviews?limit=8"], "slot picker": [demo.week()]}
    for name, page in demo.pages.items():
        for encoding in ("gzip", ""):
            ours, floor = [], []
            for _ in range(ROUNDS):
                ours.append(cost(demo.server, [page], encoding))
                floor.append(cost(demo.server, data[name], encoding))
            title = f"{name}, CPU µs of the server" if encoding else "  the same uncompressed"
            compare(title + f"; floor: {len(data[name])} × JSON", ours, floor, "≤ 2" if encoding else "", 0)
    demo.end()


def cost(server, paths, encoding):
    """CPU microseconds of the server for one of each path."""
    options = {"encoding": encoding} if encoding else {}
    return sum(1e6 / load(server, connections=8, seconds=1, path=path, **options)["perCpu"] for path in paths)


def lighthouse(world):
    """Scores of home, profile and slot picker by Lighthouse, as for a phone on a slow line, its own default."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    try:
        place = install("lighthouse")
    except (OSError, subprocess.CalledProcessError) as failed:
        return row("Lighthouse: skipped, its packages cannot be installed", str(failed))
    if not chromium:
        return row("Lighthouse: skipped, there is no Chromium", "CHROMIUM is not set")
    demo = Demo(world.place)
    for name, path in demo.pages.items():
        seen = [audit(place, chromium, f"http://127.0.0.1:{demo.server.port}{path}") for _ in range(AUDITS)]
        for category in CATEGORIES:
            scores = Spread(one["categories"][category]["score"] * 100 for one in seen)
            row(f"Lighthouse, {name}: {category}", scores.text(), "", "", "≥ 99")
        for title in sorted({title for one in seen for title in lost(one)}):
            row("  lost", title)
    demo.end()


def audit(place, chromium, address):
    flags = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
    command = [place / "node_modules" / ".bin" / "lighthouse", address, "--quiet", "--output=json", "--output-path=stdout",
               "--only-categories=" + ",".join(CATEGORIES), "--chrome-flags=" + flags]
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True, timeout=180, env={**os.environ, "CHROME_PATH": chromium})
    if done.returncode != 0:
        raise SystemExit(f"bench: lighthouse ended with {done.returncode} at {address}")
    return json.loads(done.stdout)


def lost(seen):
    """What costs points: audits with a weight and less than a full score."""
    for name, category in seen["categories"].items():
        for one in category["auditRefs"]:
            found = seen["audits"][one["id"]]
            if one["weight"] and found["score"] is not None and found["score"] < 0.995:
                yield f"{name}: {found['title']} {found.get('displayValue', '')}".strip()
