"""The figures of the MongoDB engine, on the server that VISAVIS_TEST_MONGO_URI names: its cost, its round trips, and what step-downs do to it."""
import json
import os
import pathlib
import re
import tempfile
import time

from harness import BUILD, Api, Child, Spread, compare, row, run


def mongo(world):
    """The MongoDB engine against bare libmongoc, the round trips of what people do, and bookings while the primary steps down."""
    uri = os.environ.get("VISAVIS_TEST_MONGO_URI")
    if not uri:
        return row("MongoDB engine", "not measured: VISAVIS_TEST_MONGO_URI names no server")
    database = uri.replace("/?", f"/visavis_bench_{os.getpid()}?")
    world.server.end()
    with tempfile.TemporaryDirectory(prefix="visavis-bench-") as place:
        trips(pathlib.Path(place), database)
    lines = [[float(cell) for cell in line.split()] for line in run("bench_mongo_engine", "--uri", database).splitlines()]  # drops the database
    compare("MongoDB: bookings/s through the engine; floor: bare libmongoc, same commands", [line[0] for line in lines], [line[1] for line in lines], "≥ 0.8", 1)
    row("  round trips per booking of the store alone", Spread(line[2] for line in lines).text(1))
    step_downs(database)
    world.start()


class Server:
    """The product on that database, with the sandbox in the same process; nobody but us uses it."""

    def __init__(self, place, database):
        run("visavis", "seed", "--data", place, "--store", database, "--specialists", 2, "--bookings", 20)
        said = run("visavis", "seed", "--data", place, "--store", database, "--specialists", 1, "--bookings", 1)
        tag, password = re.search(r"specialist-1-(\w+)@load\.example.* with (\S+)", said).groups()
        self.child = Child(BUILD / "visavis", "serve", "--data", place, "--store", database, "--listen", "127.0.0.1:0", "--sandbox", "127.0.0.1:0",
                           "--smtp-sink", "0", "--set", "limits.enabled=false", "--set", "auth.bcrypt_cost=4", "--set", "log.level=error",
                           ready=lambda line: line.startswith("Sandbox at"))
        self.sandbox = Api(self.child.port)
        self.api = Api(int(self.child.said[0].rsplit(":", 1)[1]))
        self.token = json.loads(self.api.send("POST", "/api/v1/auth/login", {"email": f"customer-1-{tag}@load.example", "password": password}))["token"]
        self.specialist = self.api.items("/api/v1/specialists?limit=100&minPrice=1")[0]["id"]
        self.slots = self.api.items(f"/api/v1/specialists/{self.specialist}/slots?limit=100")

    def counter(self, name):
        """From /metrics, which asks the store nothing."""
        return float(re.search(rf"^visavis_{name}_total (\S+)$", self.api.send("GET", "/metrics").decode(), re.M)[1])

    def trips(self):
        return self.counter("store_round_trips")

    def book(self, n):
        return json.loads(self.api.send("POST", "/api/v1/bookings", {"slotId": self.slots[n * 2]["id"]}, self.token))["id"]

    def pay(self, n):
        """The intent of a payment that waits for its payer."""
        return json.loads(self.api.send("POST", f"/api/v1/bookings/{self.book(n)}/payment", token=self.token))["clientSecret"].split("_secret_")[0]

    def settle(self, since):
        """Until more events than that have been carried out, and half a second long no more."""
        before, quiet = since, 0
        while quiet < 10:
            time.sleep(0.05)
            now = self.counter("outbox_carried_out")
            quiet, before = quiet + 1 if now == before > since else 0, now

    def confirm(self, intent):
        """The payer pays: the sandbox posts the signed webhook, and all that follows from it happens."""
        since = self.counter("outbox_carried_out")
        self.sandbox.send("POST", f"/sandbox/stripe/payment_intents/{intent}/confirm", {"card": "4242424242424242"})
        self.settle(since)


def trips(place, database):
    """Commands to MongoDB per request of each kind, one after the other."""
    server = Server(place, database)
    listing = f"/api/v1/specialists/{server.specialist}/slots?limit=50"

    def idle():
        before, start = server.trips(), time.monotonic()
        time.sleep(3)
        return (server.trips() - before) / (time.monotonic() - start)

    def per(figure, inputs, act, pause=0):
        """The background's own trips in the same time are taken off; what an act causes later happens in the pause behind it."""
        quiet, seen = idle(), []
        for one in inputs:
            before, start = server.trips(), time.monotonic()
            act(one)
            seen.append(server.trips() - before - quiet * (time.monotonic() - start))
            time.sleep(pause)
        row(f"  round trips per {figure}", Spread(seen).text(1))

    row("MongoDB: commands to the server, without those of the idle background")
    per("slot listing, cold", range(20), lambda n: server.api.send("GET", f"{listing}&to=2060-01-01T00:00:00.{n:03d}Z"))
    per("slot listing, warm", range(20), lambda n: server.api.send("GET", listing))
    per("booking over HTTP, with its log-in", range(10), server.book, pause=1)
    intents = [server.pay(n) for n in range(10, 20)]
    server.settle(0)
    per("payment_intent.succeeded webhook, with all that it causes", intents, server.confirm)
    server.child.end()


def step_downs(database):
    """Bookings at half of saturation, from a schedule that does not wait; run() fails when something acknowledged is missing or doubled."""
    seen = json.loads(run("bench_mongo_stepdown", "--uri", database.replace("?", "_down?"), timeout=600))
    row("MongoDB: bookings/s at saturation; open loop at", f"{seen['saturation']:.0f}", f"{seen['rate']:.0f}")
    row("  p99 ms from 15 s after five step-downs; of the minute before", f"{seen['after']:.1f}", f"{seen['before']:.1f}", f"{seen['after'] / seen['before']:.2f}", "≈ 1")
    row("  p99 ms while it steps down; the longest", f"{seen['during']:.0f}", f"{seen['worst']:.0f}")
    row("  transactions tried again; commits repeated; requests refused", f"{seen['retries']}; {seen['repeats']}; {seen['refused']}")
    row("  acknowledged; of these missing, and doubled", f"{seen['bookings']:,}", f"{seen['missing']}, {seen['doubled']}", "", "0, 0")
