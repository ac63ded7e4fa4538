"""Benchmarks that need many rows of one kind: earnings, history and unread count against the seed's queries in Express, search, and work that is due at once."""
import datetime
import hashlib
import json
import sqlite3
import threading
import time

from harness import BUILD, Api, Child, Spread, compare, load, prepare_peer, row, run

ROWS = 100_000
ROUNDS = 5
SINCE = "2024-01-01"
WORKLOAD = 50_000


class Filled:
    """A store that bench_fill has made, the product's server on it, and what bench_fill said."""

    def __init__(self, place, kind, count, *flags):
        self.data = place / kind
        self.data.mkdir()
        self.said = json.loads(run("bench_fill", self.data, kind, count, timeout=600))
        self.server = Child(BUILD / "visavis", "serve", "--data", self.data, "--listen", "127.0.0.1:0", "--set", "limits.enabled=false", "--set",
                            "auth.bcrypt_cost=4", "--set", "log.level=error", *flags, ready=lambda line: line.startswith("Visavis serves"))
        self.api = Api(self.server.port)
        self.api.send("GET", "/readyz")

    def log_in(self, kind):
        body = {"email": f"{kind}-0@bench.example", "password": self.said["password"]}
        return json.loads(self.api.send("POST", "/api/v1/auth/login", body))["token"]

    def end(self):
        self.server.end()


class Peer:
    """Express on a file of its own, filled with what Visavis answers."""

    TABLES = ("bookings (id PRIMARY KEY, specialistId, status, createdAt, customerId, doc)", "customers (id PRIMARY KEY, doc)",
              "payments (id PRIMARY KEY, specialistId, status, succeededAt, specialistPayout)", "notifications (id PRIMARY KEY, recipientId, isRead)", "logIns (tokenHash PRIMARY KEY, userId)")
    INDEXES = ("bookings (specialistId, status)", "payments (specialistId, status)", "notifications (recipientId, isRead)")  # the seed's

    def __init__(self, place, token, fill):
        path = place / "queries.db"
        path.unlink(missing_ok=True)
        database = sqlite3.connect(path)
        for table in self.TABLES:
            database.execute("CREATE TABLE " + table)
        fill(database)
        database.execute("INSERT INTO logIns VALUES (?, 1)", (hashlib.sha256(token.encode()).hexdigest(),))
        for number, index in enumerate(self.INDEXES):
            database.execute(f"CREATE INDEX i{number} ON {index}")
        database.execute("ANALYZE")
        database.commit()
        database.close()
        self.server = Child("node", prepare_peer() / "queries.js", path, ready=lambda line: line.strip().isdigit(), environment={"NODE_ENV": "production"})
        self.api = Api(self.server.port)

    def end(self):
        self.server.end()


def copy_practice(filled, token):
    def fill(database):
        for booking in filled.api.items("/api/v1/bookings?status=completed&expand=customer&limit=100", token):
            details = booking.pop("customerDetails")
            database.execute("INSERT INTO bookings VALUES (?, ?, ?, ?, ?, ?)",
                             (*(booking[name] for name in ("id", "specialistId", "status", "createdAt", "customerId")), json.dumps(booking)))
            database.execute("INSERT OR REPLACE INTO customers VALUES (?, ?)", (booking["customerId"], json.dumps(details)))
        for payment in filled.api.items("/api/v1/payments?limit=100", token):
            database.execute("INSERT INTO payments VALUES (?, ?, ?, ?, ?)",
                             tuple(payment[name] for name in ("id", "specialistId", "status", "succeededAt", "specialistPayout")))
    return fill


def against(peer, ours, theirs, title, equal, target, plan=None):
    """Two servers in turns, per CPU second of each; `ours` is (server, path, token). With a plan we are asked what it says."""
    row(f"{title}: what both answer", "", "", "equal" if equal else "DIFFERS")
    mine, floor = [], []
    for _ in range(ROUNDS):
        mine.append(load(ours[0], connections=16, **({"plan": plan} if plan else {"seconds": 1.5, "path": ours[1], "token": ours[2]})))
        floor.append(load(peer.server, connections=16, seconds=1.5, path=theirs, token=ours[2]))
    compare("  requests per CPU second; peer: Express 4 + better-sqlite3, the seed's query", [seen["perCpu"] for seen in mine],
            [seen["perCpu"] for seen in floor], target)
    row("  p99 ms; peer", Spread(seen["p99_us"] / 1000 for seen in mine).text(1), Spread(seen["p99_us"] / 1000 for seen in floor).text(1))


def practice(world):
    """Earnings and history of one specialist over 100,000 paid sessions."""
    prepare_peer()
    filled = Filled(world.place, "practice", ROWS)
    token, specialist = filled.log_in("specialist"), filled.said["specialistId"]
    peer = Peer(world.place, token, copy_practice(filled, token))
    mine, theirs = f"/api/v1/specialists/me/earnings?from={SINCE}", f"/specialists/{specialist}/earnings?from={SINCE}"
    seen, wanted = filled.api.get(mine, token)["items"][0], peer.api.get(theirs, token)
    same = all(seen[name] == wanted[name] for name in ("totalEarnings", "transactionCount"))
    against(peer, (filled.server, mine, token), theirs, f"earnings over {seen['transactionCount']:,} payments", same, "≥ 100")
    plan = world.place / "earnings"  # every question another, so that none is answered from memory
    first = datetime.date.fromisoformat(SINCE)
    plan.write_text("".join(f"{days % 16}\tGET\t/api/v1/specialists/me/earnings?from={first - datetime.timedelta(days)}\t{token}\t\n"
                            for days in range(12_000)))
    against(peer, (filled.server, mine, token), theirs, "  the same, read from the store each time", same, "≥ 100", plan)
    mine, theirs = "/api/v1/bookings?status=completed&expand=customer&limit=20", f"/specialists/{specialist}/bookings?limit=20"
    seen, wanted = filled.api.get(mine, token)["items"], peer.api.get(theirs, token)["items"]
    against(peer, (filled.server, mine, token), theirs, f"history with customer details, {len(seen)} of {ROWS:,}", seen == wanted, "≥ 5")
    peer.end()
    filled.end()


def inbox(world):
    """The unread count of a user with 100,000 notifications."""
    prepare_peer()
    filled = Filled(world.place, "inbox", ROWS)
    token, recipient = filled.log_in("customer"), filled.said["recipientId"]

    def fill(database):
        for note in filled.api.items("/api/v1/notifications?limit=100", token):
            database.execute("INSERT INTO notifications VALUES (?, ?, ?)", (note["id"], note["recipientId"], int(note["isRead"])))

    peer = Peer(world.place, token, fill)
    mine, theirs = "/api/v1/notifications/unread-count", f"/users/{recipient}/unread"
    seen, wanted = filled.api.get(mine, token), peer.api.get(theirs, token)
    against(peer, (filled.server, mine, token), theirs, f"unread count, {seen['count']:,} of {ROWS:,}", seen == wanted, "≥ 8")
    peer.end()
    filled.end()


# Common and rare words, one and several, with every filter and order, and with nothing at all.
SEARCHES = ("", "q=law", "q=calm", "q=rare", "q=inheritance+law", "q=ada", "q=ada+gupta+music", "q=nobody", "specialty=tax", "specialty=tax&language=Welsh",
            "language=German", "language=Welsh&minRating=4", "minPrice=5000&maxPrice=6000", "minPrice=19900", "minRating=4.5", "minRating=5&q=design",
            "sort=price", "sort=-price", "sort=newest", "sort=rating&q=health", "sort=price&specialty=career&minRating=3", "sort=-price&language=Hindi",
            "sort=newest&q=plain+words", "sort=price&minPrice=7000&maxPrice=7100&language=English", "sort=-price&minRating=4.8&specialty=music")


def search(world):
    """A fixed list of searches over 100,000 specialists, from one connection, so that nothing queues: while the server still writes to all who
    have registered and goes through their hours, and when it is done with that."""
    filled = Filled(world.place, "directory", ROWS)
    plan = world.place / "searches"
    plan.write_text("".join(f"0\tGET\t/api/v1/specialists?{query}\t\t\n" for _ in range(100) for query in SEARCHES))
    several = lambda: [load(filled.server, connections=1, plan=plan) for _ in range(ROUNDS)]
    load(filled.server, connections=1, plan=plan)  # the pages of the file are read once
    busy = several()
    backlog, start = Backlog(filled.data), time.monotonic()
    while backlog.of_directory() and time.monotonic() - start < 300:
        time.sleep(1)
    search_row(f"search over {ROWS:,} specialists, {len(SEARCHES)} searches: p99 ms; p50", several(), "≤ 3")
    search_row("  the same beside a mail and a check of hours for each of them", busy, "")
    slowest = sorted(((latency(filled.api, query), query) for query in SEARCHES), reverse=True)[:3]
    row("  slowest, ms", "; ".join(f"{milliseconds:.1f} {query or 'all'}" for milliseconds, query in slowest))
    filled.end()


def search_row(what, rounds, target):
    row(what, Spread(seen["p99_us"] / 1000 for seen in rounds).text(2), Spread(seen["p50_us"] / 1000 for seen in rounds).text(2),
        Spread(seen["p99_us"] / seen["p50_us"] for seen in rounds).text(2), target)


def latency(api, query):
    took = []
    for _ in range(9):
        start = time.perf_counter()
        api.send("GET", "/api/v1/specialists?" + query)
        took.append((time.perf_counter() - start) * 1000)
    return Spread(took).median


class Backlog:
    """What is left of the work that was due, read beside the server."""

    def __init__(self, data):
        self.database = sqlite3.connect(f"file:{data / 'visavis.db'}?mode=ro", uri=True)

    def one(self, sql):
        return self.database.execute(sql).fetchone()[0]

    def counts(self):
        return (self.one("SELECT count(*) FROM bookings WHERE status = 'pending'"),
                self.one("""SELECT count(*) FROM bookings WHERE status = 'confirmed' AND "reminders.day_before_sent" = 0"""),
                self.one("SELECT count(*) FROM outbox WHERE status = 'waiting'"))

    def of_directory(self):
        return (self.one("SELECT count(*) FROM outbox WHERE status = 'waiting'") +
                self.one("SELECT count(*) FROM creatorProfiles WHERE slotsCheckedOn < (SELECT max(slotsCheckedOn) FROM creatorProfiles)"))


def due_at_once(world):
    """Requests at a fixed rate before and while 50,000 holds run out and 50,000 reminders fall due."""
    filled = Filled(world.place, "due-at-once", WORKLOAD, "--sandbox", "127.0.0.1:0", "--smtp-sink", "0")
    sandbox = Api(int(filled.server.line(lambda line: line.startswith("Sandbox at")).rsplit(":", 1)[-1]), timeout=700)  # it answers when all is done
    path = f"/api/v1/specialists/{filled.said['specialistId']}/slots?limit=100"
    open_loop = lambda seconds: load(filled.server, connections=64, rate=200, seconds=seconds, path=path)
    memory = filled.server.memory("Rss") / 1024
    before = [open_loop(3) for _ in range(3)]
    backlog, start = Backlog(filled.data), time.monotonic()
    mover = threading.Thread(target=lambda: sandbox.send("PUT", "/sandbox/clock", {"advance": "PT2H10M"}))
    mover.start()
    during, took, most = [], {}, memory
    while len(took) < 3 and time.monotonic() - start < 600:
        during.append(open_loop(3))
        most = max(most, filled.server.memory("Rss") / 1024)
        for name, left in zip(("holds", "reminders", "outbox"), backlog.counts()):
            if left == 0 and (name != "outbox" or len(took) == 2):
                took.setdefault(name, time.monotonic() - start)
    mover.join()
    calm = Spread(seen["p99_us"] for seen in before).median
    row(f"p99 ms at 200 requests/s while {WORKLOAD:,} holds and {WORKLOAD:,} reminders are due; before",
        Spread(seen["p99_us"] / 1000 for seen in during).text(2), Spread(seen["p99_us"] / 1000 for seen in before).text(2),
        Spread(seen["p99_us"] / calm for seen in during).text(2), "≤ 2")
    row("  done after s: holds, reminders, mails and the rest", ", ".join(f"{seconds:.0f}" for seconds in took.values()) or "not done")
    row("  memory MiB at most; before", f"{most:.0f}", f"{memory:.0f}")
    filled.end()
