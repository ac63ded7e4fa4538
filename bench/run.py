#!/usr/bin/env python3
"""Every figure of docs/performance.md, as a ratio against a peer or a floor of the same run; no verdict. Started by `./dev bench`.

`run.py [NAME …]` runs only the named parts. Servers listen on 127.0.0.1, on ports of their own, with data in a temporary directory.
"""
import argparse
import json
import os
import pathlib
import re
import resource
import socket
import sqlite3
import statistics
import tempfile
import time
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from harness import BUILD, Api, Child, Spread, compare, load, prepare_peer, row, run, table
from mongo import mongo
from pages import lighthouse, server_time
from rows import due_at_once, inbox, practice, search

ROUNDS = 5
CLIENTS = 64
BOOKING_ROUNDS = 3
SPECIALISTS = 280  # a quarter of seeded ones are free of charge; one is the listing's; the rest are enough for three rounds of 64 clients
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class World:
    """A seeded store, the product's server on it, and people who are logged in."""

    def __init__(self, place):
        self.place = place
        self.data = place / "data"
        said = run("visavis", "seed", "--data", self.data, "--specialists", SPECIALISTS, "--bookings", 10 * SPECIALISTS)
        self.tag, self.password = re.search(r"specialist-1-(\w+)@load\.example.* with (\S+)", said).groups()
        self.server = None
        self.start()
        self.widen()

    def start(self, *flags):
        self.server = Child(BUILD / "visavis", "serve", "--data", self.data, "--listen", "127.0.0.1:0", "--set", "limits.enabled=false", "--set",
                            "auth.bcrypt_cost=4", "--set", "log.level=error", *flags, ready=lambda line: line.startswith("Visavis serves"))
        self.api = Api(self.server.port)
        self.api.send("GET", "/readyz")

    def restart(self, *flags):
        self.server.end()
        self.start(*flags)

    def log_in(self, kind, number):
        body = {"email": f"{kind}-{number}-{self.tag}@load.example", "password": self.password}
        return json.loads(self.api.send("POST", "/api/v1/auth/login", body))

    def widen(self):
        """Gives the first specialist hours on every day and a horizon of 90 days: about a thousand slots."""
        person = self.log_in("specialist", 1)
        self.subject, self.subject_token = person["user"]["specialistId"], person["token"]
        day = {"enabled": True, "startTime": "08:00", "endTime": "19:00"}
        hours = {weekday: day for weekday in WEEKDAYS}
        self.api.send("PATCH", "/api/v1/specialists/me", {"availability": {"workingHours": hours, "maxAdvanceBooking": 90}}, self.subject_token)
        self.listing = f"/api/v1/specialists/{self.subject}/slots?limit=2000"

    def paid_specialists(self):
        found = self.api.items("/api/v1/specialists?limit=100&minPrice=1")
        return [one["id"] for one in found if one["id"] != self.subject]

    def slots(self, specialist):
        return self.api.items(f"/api/v1/specialists/{specialist}/slots?limit=1000")

    def metrics(self):
        text = self.api.send("GET", "/metrics").decode()
        return {name: float(value) for name, value in re.findall(r"^visavis_(\w+) (\S+)$", text, re.M)}


def write_plan(world, wishes):
    """(connection, method, path, token, body) rows to a file for the load client."""
    path = world.place / "plan"
    path.write_text("".join("\t".join(map(str, wish)) + "\n" for wish in wishes))
    return path


def waited():
    """Seconds that this thread was ready to run and had no CPU."""
    return int(pathlib.Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9


def median_sync(place):
    """Microseconds of one fdatasync here, as it took and without the wait for a CPU after it: 64 KiB in place, as into a log that is reused.

    Beside other people's processes most of a sync may be that wait, and a floor made of it would flatter us."""
    block, took, net = b"v" * 65536, [], []
    with open(place / "sync", "wb", buffering=0) as file:
        file.write(block * 64)
        os.fdatasync(file)
        for n in range(200):
            os.pwrite(file.fileno(), block, n % 64 * 65536)
            before, start = waited(), time.perf_counter()
            os.fdatasync(file)
            took.append((time.perf_counter() - start) * 1e6)
            net.append(max(1.0, took[-1] - (waited() - before) * 1e6))
    return statistics.median(took), statistics.median(net)


def open_for(slots, busy):
    """Those slots that meet no booking of the customer."""
    return [slot for slot in slots if not any(slot["startsAt"] < end and start < slot["endsAt"] for start, end in busy)]


def bookings(world):
    """64 clients, each with a customer and a specialist of its own, book everything there is."""
    specialists = world.paid_specialists()
    rounds, syncs = [], []
    for turn in range(BOOKING_ROUNDS):
        wishes = []
        for client in range(CLIENTS):
            number = turn * CLIENTS + client
            token = world.log_in("customer", number + 1)["token"]
            busy = [(one["startsAt"], one["endsAt"]) for one in world.api.items("/api/v1/bookings?limit=100", token)]
            for slot in open_for(world.slots(specialists[number]), busy):
                wishes.append((client, "POST", "/api/v1/bookings", token, json.dumps({"slotId": slot["id"]})))
        syncs.append(median_sync(world.place))
        before = world.metrics()
        seen = load(world.server, connections=CLIENTS, plan=write_plan(world, wishes))
        after = world.metrics()
        seen["made"] = seen["statuses"].get("201", 0)
        seen["other"] = seen["requests"] - seen["made"]
        for name in ("store_wal_syncs_total", "store_checkpoint_syncs_total", "store_writer_cpu_seconds_total"):
            seen[name] = after[name] - before[name]
        rounds.append(seen)
    report_bookings(rounds, syncs)


def report_bookings(rounds, syncs):
    def spread(value, digits=0):
        return Spread(value(seen) for seen in rounds).text(digits)

    floor = [1e6 / net for _, net in syncs]
    compare("durable bookings/s over HTTP, 64 clients; floor: fdatasync/s of the disk", [seen["made"] / seen["seconds"] for seen in rounds], floor, "")
    row("  bookings per WAL sync", spread(lambda seen: seen["made"] / seen["store_wal_syncs_total"], 1), "1", "", "≥ 20")
    row("  WAL syncs, and checkpoint syncs apart", spread(lambda seen: seen["store_wal_syncs_total"]),
        spread(lambda seen: seen["store_checkpoint_syncs_total"]))
    row("  writer CPU µs per booking", spread(lambda seen: seen["store_writer_cpu_seconds_total"] * 1e6 / seen["made"]))
    row("  server CPU µs per booking", spread(lambda seen: seen["cpu"] * 1e6 / seen["made"]))
    row("  p50 ms", spread(lambda seen: seen["p50_us"] / 1000, 1))
    row("  fdatasync p50 ms of the disk; with the wait for a CPU", *(Spread(sync[i] / 1000 for sync in syncs).text(2) for i in (1, 0)))
    row("  p99 ms", spread(lambda seen: seen["p99_us"] / 1000, 1))
    row("  booked, and answered otherwise", spread(lambda seen: seen["made"]), spread(lambda seen: seen["other"]))


def contention(world):
    """A thousand connections ask for the same slot at once."""
    tokens = [world.log_in("customer", number + 1)["token"] for number in range(100, 120)]
    last = world.slots(world.paid_specialists()[-1])
    rates, won = [], []
    for turn in range(ROUNDS):
        body = json.dumps({"slotId": last[turn * 7]["id"]})
        wishes = [(n, "POST", "/api/v1/bookings", tokens[n % len(tokens)], body) for n in range(1000)]
        seen = load(world.server, connections=1000, plan=write_plan(world, wishes))
        rates.append(seen["rate"])
        won.append((seen["statuses"].get("201", 0), seen["statuses"].get("409", 0)))
    row("1,000 clients on one slot: attempts/s", Spread(rates).text())
    row("  201 and 409 of each round", " ".join(f"{a}+{b}" for a, b in won), "", "", "1 + 999")


def hello(world):
    """The smallest answer of the product against Beast's hello world."""
    floor, bare = Child(BUILD / "bench_peer_beast", 1), Child(BUILD / "bench_http_hello", 1)
    ours, servers, peers = [], [], []
    for _ in range(ROUNDS):
        ours.append(load(world.server, connections=CLIENTS, seconds=1.5, path="/healthz"))
        peers.append(load(floor, connections=CLIENTS, seconds=1.5, path="/"))
        servers.append(load(bare, connections=CLIENTS, seconds=1.5, path="/api/v1/hello/world"))
    floor.end()
    bare.end()
    compare("GET /healthz, requests/s; floor: bare Beast hello world", [a["rate"] for a in ours], [b["rate"] for b in peers], "≥ 0.8")
    compare("  requests per CPU second of the server", [a["perCpu"] for a in ours], [b["perCpu"] for b in peers], "")
    compare("  our HTTP server without the product, requests/s; same floor", [a["rate"] for a in servers], [b["rate"] for b in peers], "")


def memory(world):
    """Idle: with the sandbox in the same process, and as in production without; then ten thousand connections."""
    for title, flags in (("with sandbox", ("--sandbox", "127.0.0.1:0", "--smtp-sink", "0")), ("without sandbox", ())):
        world.restart(*flags)
        rss, pss = (world.server.memory(kind) / 1024 for kind in ("Rss", "Pss"))
        row(f"idle memory {title}, MiB RSS; PSS", f"{rss:.1f}", f"{pss:.1f}", f"{rss / 40:.2f}", "≤ 40 MiB")
    idle_connections(world)


def idle_connections(world):
    count = min(10_000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 200)
    empty = world.server.memory("Rss")
    request = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    held = []
    for _ in range(count):
        held.append(socket.create_connection(("127.0.0.1", world.server.port)))
    world.api.send("GET", "/healthz")  # accepted in order: all before this one
    opened = world.server.memory("Rss")
    for one in held:
        one.sendall(request)
    for one in held:
        assert one.recv(4096).startswith(b"HTTP/1.1 200")
    used = world.server.memory("Rss")
    for one in held:
        one.close()
    each = (max(used, opened) - empty) / count
    row(f"{count:,} idle connections, KiB each; before any request", f"{each:.2f}", f"{(opened - empty) / count:.2f}", f"{each / 20:.2f}", "≤ 20 KiB")


COLUMNS = ("id", "specialistId", "scheduleId", "startsAt", "endsAt", "date", "startTime", "endTime", "timezone", "utcOffset", "duration", "price", "currency",
           "consultationType", "status", "bookingId", "customerId", "bookedAt", "tags", "description", "isRecurring", "recurrenceRuleId",
           "parentSlotId", "isManuallyBlocked", "blockReason", "createdAt", "updatedAt", "expiredAt")


def offset_of(slot):
    """What the peer would have to work out for each row; it gets it stored."""
    at = datetime.fromisoformat(slot["startsAt"].replace("Z", "+00:00")).astimezone(ZoneInfo(slot["timezone"]))
    return at.strftime("%z")[:3] + ":" + at.strftime("%z")[3:]


def copy_rows(world):
    """The stored slots of forty specialists, as they see them in their own calendars, into the peer's own table."""
    path = world.place / "peer.db"
    path.unlink(missing_ok=True)
    database = sqlite3.connect(path)
    database.execute(f"CREATE TABLE availabilitySlots ({', '.join(COLUMNS)}, PRIMARY KEY (id))")
    database.execute("CREATE TABLE creatorProfiles (id PRIMARY KEY, minBookingNotice, horizonEnd, published)")
    subject = 0
    for number in range(1, 41):
        person = world.log_in("specialist", number)
        stored = world.api.items("/api/v1/slots?limit=1000", person["token"])
        subject = subject or len(stored)
        values = [[json.dumps(slot["tags"]) if name == "tags" else offset_of(slot) if name == "utcOffset" else slot.get(name) for name in COLUMNS]
                  for slot in stored]
        database.executemany(f"INSERT INTO availabilitySlots VALUES ({','.join('?' * len(COLUMNS))})", values)
        copy_profile(database, world.api.get("/api/v1/specialists/me", person["token"]))
    for keys in ("specialistId, date, status", "customerId, status", "date", "specialistId, status, startsAt, id"):
        database.execute(f"CREATE INDEX \"{keys}\" ON availabilitySlots ({keys})")
    database.execute("ANALYZE")
    database.commit()
    database.close()
    return path, subject


def copy_profile(database, profile):
    zone = ZoneInfo(profile["availability"]["timezone"])
    days = profile["availability"]["maxAdvanceBooking"] + 1
    midnight = datetime.now(zone).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=days)
    end = midnight.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    database.execute("INSERT INTO creatorProfiles VALUES (?, ?, ?, 1)", (profile["id"], profile["availability"]["minBookingNotice"], end))


def listing(world):
    """90 days of slots: warm and cold against Express 4 + better-sqlite3, then against a constant answer of the same server."""
    script = prepare_peer() / "server.js"
    path, stored = copy_rows(world)
    peer = Child("node", script, path, ready=lambda line: line.strip().isdigit(), environment={"NODE_ENV": "production"})
    for _ in range(3):  # the notice may pass a slot between the two
        ours, theirs = world.api.get(world.listing), Api(peer.port).get(world.listing)
        if equal := ours["items"] == theirs["items"]:
            break
    answer = world.api.send("GET", world.listing)
    row("90-day listing: stored slots; rows answered, KB", f"{stored:,}", f"{len(ours['items']):,}, {len(answer) / 1000:,.0f}",
        "rows equal" if equal else "ROWS DIFFER")
    warm, cold, peers = [], [], []
    for turn in range(ROUNDS):
        warm.append(load(world.server, connections=16, seconds=1.5, path=world.listing))
        cold.append(load(world.server, connections=16, plan=distinct(world, turn, 600)))
        peers.append(load(peer, connections=16, seconds=1.5, path=world.listing))
    peer.end()
    floor = [seen["perCpu"] for seen in peers]
    compare("  warm, requests per CPU second; peer: Express 4 + better-sqlite3", [seen["perCpu"] for seen in warm], floor, "≥ 10")
    compare("  cold (every query another), requests per CPU second; same peer", [seen["perCpu"] for seen in cold], floor, "")
    compare("  warm, requests/s; same peer", [seen["rate"] for seen in warm], [seen["rate"] for seen in peers], "")
    row("  p99 ms warm; peer", Spread(seen["p99_us"] / 1000 for seen in warm).text(1), Spread(seen["p99_us"] / 1000 for seen in peers).text(1))
    against_constant(world, answer)


def distinct(world, turn, count):
    """Queries that mean the same rows, none of which was asked before: ends of the range far behind the horizon."""
    ends = (datetime(2060, 1, 1) + timedelta(milliseconds=turn * count + n) for n in range(count))
    paths = (f"{world.listing}&to={end.strftime('%Y-%m-%dT%H:%M:%S')}.{end.microsecond // 1000:03d}Z" for end in ends)
    return write_plan(world, ((n % 16, "GET", path, "", "") for n, path in enumerate(paths)))


def against_constant(world, answer):
    """The store has one process, so the product's server makes place for one that has both routes."""
    world.server.end()
    constant = world.place / "constant"
    constant.write_bytes(answer)
    server = Child(BUILD / "bench_slot_server", world.data, constant)
    Api(server.port).send("GET", world.listing)
    warm, floor, cold = [], [], []
    for turn in range(ROUNDS):
        warm.append(load(server, connections=16, seconds=1.5, path=world.listing))
        floor.append(load(server, connections=16, seconds=1.5, path="/constant"))
        cold.append(load(server, connections=16, plan=distinct(world, turn, 600)))
    server.end()
    world.start()
    for title, runs, target in (("warm", warm, "≥ 0.6"), ("cold", cold, "")):
        compare(f"  {title}, requests/s; floor: constant answer of the same server", [seen["rate"] for seen in runs], [seen["rate"] for seen in floor], target)
        compare(f"  {title}, requests per CPU second; same floor", [seen["perCpu"] for seen in runs], [seen["perCpu"] for seen in floor], "")


def group_commit(world):
    """bench_store_commit prints a line per run; its groups against one by one, on this disk and on one that is slower by a millisecond."""
    lines = {}
    for _ in range(3):
        for line in run("bench_store_commit", "--place", world.place, "--bookings", 8000, "--rounds", 1).splitlines():
            if match := re.match(r"(one by one|in groups), (as is|\+1 ms per sync)\s+(.*)", line):
                lines.setdefault(match.groups()[:2], []).append([float(cell.rstrip("x")) for cell in match[3].split()])
    for disk, target in (("as is", "≥ 4"), ("+1 ms per sync", "≥ 8")):
        group, single = lines["in groups", disk], lines["one by one", disk]
        compare(f"store: bookings/s in groups, {disk}; floor: one by one", [cells[0] for cells in group], [cells[0] for cells in single], target)
        compare("  the same by the writer's CPU alone, bookings per CPU second", [1e6 / cells[4] for cells in group], [1e6 / cells[4] for cells in single], "")
        for title, column, digits in (("bookings per WAL sync", 2, 1), ("sync p50 µs", 3, 0), ("writer CPU µs per booking", 4, 1), ("p99 ms", 6, 1)):
            row("  " + title, *(Spread(cells[column] for cells in side).text(digits) for side in (group, single)))


def google_benchmark(program):
    """(name, CPU times of its repetitions in µs) of every benchmark of a program."""
    said = run(program, "--benchmark_format=json", "--benchmark_repetitions=5", "--benchmark_min_time=0.1")
    micros = {"ns": 1e-3, "us": 1, "ms": 1e3}
    found = {}
    for one in json.loads(said)["benchmarks"]:
        if one["run_type"] == "iteration":
            found.setdefault(one["name"], []).append(one["cpu_time"] * micros[one["time_unit"]])
    return found.items()


def expansion(world):
    """90 days of one specialist's rules to slots: the pure function."""
    for name, times in google_benchmark("bench_slot_expansion"):
        target = "≤ 10 µs" if name.startswith("preview") else ""
        row(f"slot expansion, µs: {name}", Spread(times).text(2), "", f"{statistics.median(times) / 10:.2f}" if target else "", target)


def codec(world):
    """A stored booking, read and written."""
    for name, times in google_benchmark("bench_record_codec"):
        row(f"record codec, µs: {name}", Spread(times).text(2))


def others(seconds=3):
    """How much of the time somebody waits for a CPU while we do nothing, in percent (Linux's pressure stall information)."""
    total = lambda: int(re.search(r"some .*total=(\d+)", pathlib.Path("/proc/pressure/cpu").read_text())[1])
    try:
        before = total()
        time.sleep(seconds)
        return f"{(total() - before) / seconds / 1e4:.0f} %"
    except OSError:
        return "unknown"


PARTS = {part.__name__: part for part in (memory, hello, bookings, contention, listing, group_commit, expansion, codec, practice, inbox, search, due_at_once, server_time, lighthouse, mongo)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="NAME", help="of " + ", ".join(PARTS))
    chosen = parser.parse_args().parts or list(PARTS)
    if unknown := [name for name in chosen if name not in PARTS]:
        parser.error(f"no part {unknown[0]}")
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    busy = others()
    with tempfile.TemporaryDirectory(prefix="visavis-bench-") as place:
        world = World(pathlib.Path(place))
        for name in chosen:
            start = time.monotonic()
            print(f"== {name}", flush=True)
            PARTS[name](world)
            print(f"   {time.monotonic() - start:.0f} s", flush=True)
        world.server.end()
    print(f"\n{os.cpu_count()} CPUs; processes of others waited for one {busy} of the time before, {others()} after: near 0 %, or ratios with syncs say little")
    print(f"Medians with (least–most) of the rounds\n{table()}")


if __name__ == "__main__":
    main()
