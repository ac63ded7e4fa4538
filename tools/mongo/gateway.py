#!/usr/bin/python3
"""MongoDB wire-protocol front for the DocumentDB extension of PostgreSQL (test use only).

One thread per client connection; every statement runs on a pooled PostgreSQL connection.
BSON bodies travel as raw bytes: a request is decoded only one level deep, and a reply of
the engine is spliced, not re-encoded, unless it carries write errors.
"""
from __future__ import annotations

import argparse
import datetime
import json
import os
import random
import signal
import socket
import struct
import sys
import threading
import time
import uuid
from typing import Any, Callable, Optional

import bson
import psycopg2
from bson import Int64, ObjectId, Timestamp
from bson.raw_bson import RawBSONDocument

from engine import (LOCK_TIMEOUT_MS, RETRYABLE, TRANSIENT, WRITE_CONFLICT, MongoError, PgConnection, PgPool, from_pg,
                    packed_state, state_to_code)
from write_errors import equality_paths, explain_duplicate, lost_upsert_race, translate_write_errors

OP_REPLY, OP_QUERY, OP_MSG = 1, 2004, 2013
FLAG_CHECKSUM, FLAG_MORE_TO_COME = 1, 2
MAX_MESSAGE = 48_000_000
CURSOR_IDLE_S = 600.0
VERSION = "6.0.16"


class CloseConnection(Exception):
    """Drop the client connection without a reply."""


# ------------------------------------------------------------------- sessions and cursors

class Session:
    """Server-side state of one lsid: its transaction, or its last retryable write."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.txn_number = -1
        self.state = "none"                  # none | active | committed | aborted
        self.conn: Optional[PgConnection] = None
        self.used = time.monotonic()
        self.retry_reply: Optional[bytes] = None


class Cursor:
    def __init__(self, db: str, continuation: bytes, conn: Optional[PgConnection], session: Optional[Session]):
        self.db, self.continuation, self.conn, self.session = db, continuation, conn, session
        self.used = time.monotonic()


class FailPoint:
    """mongod's failCommand; `visavisLoseReply` runs the command, then closes without a reply."""

    def __init__(self, mode: Any, data: dict):
        self.data = data
        self.commands = set(data.get("failCommands", ()))
        self.skip = self.times = 0
        self.always = mode == "alwaysOn"
        if isinstance(mode, dict):
            self.times, self.skip = int(mode.get("times", 0)), int(mode.get("skip", 0))
            self.always = "skip" in mode
        self.entered = 0
        self.lock = threading.Lock()

    def hit(self, name: str, app_name: str) -> bool:
        if name not in self.commands or self.data.get("appName", app_name) != app_name:
            return False
        with self.lock:
            if self.skip > 0:
                self.skip -= 1
                return False
            if not self.always:
                if self.times <= 0:
                    return False
                self.times -= 1
            self.entered += 1
            return True


# ---------------------------------------------------------------------------------- request

class Request:
    """One command on its way through the gateway."""

    def __init__(self, server: "Server", client: "Client", body: bytes, sequences: dict[str, bytes]):
        self.server, self.client, self.body, self.sequences = server, client, body, sequences
        self.doc = RawBSONDocument(body)
        self.name: str = next(iter(self.doc), "")
        self.db: str = self.doc.get("$db", "test")
        self.session: Optional[Session] = None
        self.in_txn = False
        self.wc_error: Optional[dict] = None

    @property
    def coll(self) -> str:
        value = self.doc[self.name]
        if not isinstance(value, str):
            raise MongoError(73, f"collection name has invalid type {type(value).__name__}")
        return value

    @property
    def extra(self) -> Optional[bytes]:
        """The document sequence (kind 1 section) of a write command, if it came as one."""
        return next(iter(self.sequences.values()), None)

    def items(self, field: str) -> list[dict]:
        """Decoded statements of a write command, however they were sent."""
        if field in self.sequences:
            return bson.decode_all(self.sequences[field])
        return bson.decode(self.body).get(field, [])

    def sql(self, name: str, *args: Any, conn: Optional[PgConnection] = None) -> list[tuple]:
        """Run one engine call on the right connection, with maxTimeMS as its time limit."""
        limit = int(self.doc.get("maxTimeMS", 0) or 0)
        pinned = conn or (self.session.conn if self.in_txn and self.session else None)
        deadline = time.monotonic() + (limit / 1000 if limit else 60)
        while True:
            link = pinned or self.server.pool.acquire()
            try:
                if limit:
                    link.execute(f"SET statement_timeout = {limit}")
                try:
                    return link.call(name, *args)
                finally:
                    if limit and not self.in_txn and not link.broken:
                        link.execute("SET statement_timeout = 0")
            except psycopg2.Error as err:
                mapped = from_pg(err)
                # Outside a transaction mongod itself retries a write conflict.
                if mapped.code != 112 or pinned is not None or time.monotonic() > deadline:
                    raise mapped from None
            finally:
                if pinned is None:
                    self.server.pool.release(link)
            time.sleep(random.uniform(0.001, 0.02))


Reply = Any  # bytes of a BSON document, or a dict to encode
Handler = Callable[[Request], Reply]
COMMANDS: dict[str, tuple[Handler, frozenset]] = {}


def command(*names: str, flags: str = "") -> Callable[[Handler], Handler]:
    """Register a command; flags: write, read, txn (allowed in a transaction), meta (works stepped down)."""
    def wrap(func: Handler) -> Handler:
        for name in names:
            COMMANDS[name] = (func, frozenset(flags.split()))
        return func
    return wrap


def as_bytes(value: Any) -> Optional[bytes]:
    return None if value is None else bytes(value)


# ------------------------------------------------------------------- reads and their cursors

@command("find", "aggregate", flags="read txn")
def cmd_query(req: Request) -> Reply:
    return open_cursor(req, req.name)


@command("listCollections", "listIndexes", flags="read")
def cmd_list(req: Request) -> Reply:
    reply = open_cursor(req, req.name)
    if b"storageEngine" not in reply:
        return reply
    reply = bson.decode(reply)
    for spec in reply["cursor"]["firstBatch"]:
        spec.pop("storageEngine", None)     # the engine's own note, not a user's option
    return reply


def open_cursor(req: Request, name: str) -> Reply:
    conn = req.session.conn if req.in_txn and req.session else req.server.pool.acquire()
    kept = req.in_txn
    try:
        page, continuation, persist, cursor_id = req.sql(name, req.db, req.body, conn=conn)[0]
        if continuation is not None:
            pin = conn if persist and not req.in_txn else None
            req.server.cursors[cursor_id] = Cursor(req.db, bytes(continuation), pin,
                                                   req.session if req.in_txn else None)
            kept = kept or pin is not None
        return bytes(page)
    finally:
        if not kept:
            req.server.pool.release(conn)


@command("getMore", flags="txn")
def cmd_get_more(req: Request) -> Reply:
    cursor_id = int(req.doc["getMore"])
    cursor = req.server.cursors.pop(cursor_id, None)
    if cursor is None:
        raise MongoError(43, f"cursor id {cursor_id} not found")
    in_txn = cursor.session is not None
    try:
        conn = cursor.conn or (cursor.session.conn if in_txn else None)
        if in_txn and not req.in_txn:
            raise MongoError(251, "the cursor belongs to a transaction")
        page, continuation = req.sql("getMore", cursor.db, req.body, cursor.continuation, conn=conn)[0]
        if continuation is not None:
            cursor.continuation, cursor.used = bytes(continuation), time.monotonic()
            req.server.cursors[cursor_id] = cursor
        elif cursor.conn:
            req.server.pool.release(cursor.conn)
        return bytes(page)
    except MongoError:
        if cursor.conn:
            req.server.pool.release(cursor.conn)
        raise


@command("killCursors", flags="txn")
def cmd_kill_cursors(req: Request) -> Reply:
    killed, missing = [], []
    for cursor_id in req.doc["cursors"]:
        (killed if req.server.drop_cursor(int(cursor_id)) else missing).append(Int64(cursor_id))
    if killed and not req.in_txn:
        req.sql("killCursors", [int(k) for k in killed])
    return {"cursorsKilled": killed, "cursorsNotFound": missing, "cursorsAlive": [], "cursorsUnknown": [], "ok": 1.0}


@command("count", "distinct", flags="read")
def cmd_single(req: Request) -> Reply:
    return as_bytes(req.sql(req.name, req.db, req.body)[0][0])


COMMANDS["distinct"] = (cmd_single, frozenset({"read", "txn"}))


# ----------------------------------------------------------------------------------- writes

FIELDS = {"insert": "documents", "update": "updates", "delete": "deletes"}


@command("insert", "update", "delete", flags="write txn retry")
def cmd_write(req: Request) -> Reply:
    field = FIELDS[req.name]
    for attempt in range(20):
        reply = translate_write_errors(req, bytes(req.sql(req.name, req.db, req.body, req.extra)[0][0]), field)
        if req.name != "update" or b"writeErrors" not in reply or req.in_txn:
            break
        if not lost_upsert_race(bson.decode(reply)["writeErrors"], req.items("updates")):
            break
        time.sleep(0.001 * attempt)
    return reply


@command("findAndModify", "findandmodify", flags="write txn retry")
def cmd_find_and_modify(req: Request) -> Reply:
    for attempt in range(20):
        try:
            return as_bytes(req.sql("findAndModify", req.db, req.body)[0][0])
        except MongoError as err:
            if err.code != 11000:
                raise
            dup = explain_duplicate(req, err)
            spec = bson.decode(req.body)
            if (req.in_txn or not spec.get("upsert") or attempt == 19
                    or not set(dup.extra["keyPattern"]) <= equality_paths(spec.get("query", {}))):
                raise dup from None
        time.sleep(0.001 * attempt)
    raise AssertionError("unreachable")


# ----------------------------------------------------------------- collections and indexes

@command("create", flags="write txn")
def cmd_create(req: Request) -> Reply:
    return as_bytes(req.sql("create", req.db, req.body)[0][0])


@command("collMod", flags="write")
def cmd_coll_mod(req: Request) -> Reply:
    return as_bytes(req.sql("collMod", req.db, req.coll, req.body)[0][0])


def index_reply(raw: Any) -> Reply:
    """The engine answers like a sharded cluster: one reply per shard, of which there is one."""
    reply = bson.decode(bytes(raw))
    reply = next(iter(reply.get("raw", {}).values()), reply)
    if not reply.get("ok"):
        code = reply.get("code", 0)
        raise MongoError(state_to_code(packed_state(code)) if code > 1 << 20 else code, reply.get("errmsg", ""))
    return {**reply, "ok": 1.0}


@command("createIndexes", flags="write txn")
def cmd_create_indexes(req: Request) -> Reply:
    try:
        return index_reply(req.sql("createIndexes", req.db, req.body)[0][0])
    except MongoError as err:
        raise (explain_duplicate(req, err) if err.code == 11000 else err) from None


@command("dropIndexes", "deleteIndexes", flags="write")
def cmd_drop_indexes(req: Request) -> Reply:
    return index_reply(req.sql("dropIndexes", req.db, req.body)[0][0])


@command("drop", flags="write")
def cmd_drop(req: Request) -> Reply:
    if not req.sql("drop", req.db, req.coll)[0][0]:
        raise MongoError(26, "ns not found")
    return {"ns": f"{req.db}.{req.coll}", "ok": 1.0}


@command("dropDatabase", flags="write")
def cmd_drop_database(req: Request) -> Reply:
    req.sql("dropDatabase", req.db)
    return {"dropped": req.db, "ok": 1.0}


@command("renameCollection", flags="write")
def cmd_rename(req: Request) -> Reply:
    (db, _, old), (_, _, new) = (str(req.doc[k]).partition(".") for k in ("renameCollection", "to"))
    req.sql("renameCollection", db, old, new, bool(req.doc.get("dropTarget", False)))
    return {"ok": 1.0}


@command("listDatabases", flags="read")
def cmd_list_databases(req: Request) -> Reply:
    return as_bytes(req.sql("listDatabases", req.body)[0][0])


@command("collStats", "collstats", flags="read")
def cmd_coll_stats(req: Request) -> Reply:
    return as_bytes(req.sql("collStats", req.db, req.coll)[0][0])


@command("dbStats", "dbstats", flags="read")
def cmd_db_stats(req: Request) -> Reply:
    return as_bytes(req.sql("dbStats", req.db)[0][0])


@command("validate", flags="read")
def cmd_validate(req: Request) -> Reply:
    return as_bytes(req.sql("validate", req.db, req.body)[0][0])


EXPLAINABLE = {"find": "find", "aggregate": "pipeline", "count": "count", "distinct": "distinct"}


def plan_stage(node: dict) -> dict:
    """A PostgreSQL plan reduced to mongod's SORT / FETCH+IXSCAN / COLLSCAN vocabulary."""
    kids = [k for k in node.get("Plans", ()) if k.get("Parent Relationship") not in ("SubPlan", "InitPlan")]
    index, condition = node.get("Index Name"), node.get("Index Cond", "")
    if index and (index != "_id_" or "object_id" in condition):
        return {"stage": "FETCH", "inputStage": {"stage": "IXSCAN", "indexName": index}}
    below = plan_stage(kids[0]) if kids else {"stage": "COLLSCAN"}
    return {"stage": "SORT", "inputStage": below} if "Sort" in node["Node Type"] else below


@command("explain", flags="read")
def cmd_explain(req: Request) -> Reply:
    """Best effort: the plan PostgreSQL takes when it avoids scans and sorts, as mongod does on small data too."""
    target = req.doc["explain"]
    name = next(iter(target))
    if name not in EXPLAINABLE:
        raise MongoError(115, f"explain of {name} is not supported here")
    conn = req.server.pool.acquire()
    try:
        conn.execute("BEGIN; SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        conn.execute(f"EXPLAIN (FORMAT JSON) SELECT document FROM documentdb_api_catalog."
                     f"bson_aggregation_{EXPLAINABLE[name]}(%s, %s)", (req.db, psycopg2.Binary(target.raw)))
        plan = conn.cursor.fetchone()[0][0]["Plan"]
    except psycopg2.Error as err:
        raise from_pg(err) from None
    finally:
        if not conn.broken:
            conn.execute("ROLLBACK")
        req.server.pool.release(conn)
    return {"queryPlanner": {"namespace": f"{req.db}.{target[name]}", "winningPlan": plan_stage(plan), "rejectedPlans": []},
            "engine": json.dumps(plan), "serverInfo": {"host": req.server.host, "version": VERSION}, "ok": 1.0}


# ------------------------------------------------------------------ sessions, transactions

@command("commitTransaction", "abortTransaction", flags="txn write")
def cmd_end_transaction(req: Request) -> Reply:
    session = req.session
    if session is None or not req.in_txn:
        raise MongoError(2, f"{req.name} needs lsid, txnNumber and autocommit:false")
    if req.name == "abortTransaction":
        req.server.end_txn(session, "aborted")
    elif session.state == "active":
        req.server.end_txn(session, "committed")
    return {"ok": 1.0}


@command("startSession")
def cmd_start_session(req: Request) -> Reply:
    return {"id": {"id": bson.Binary(uuid.uuid4().bytes, 4)}, "timeoutMinutes": 30, "ok": 1.0}


@command("endSessions", "killSessions", "refreshSessions", "killAllSessions", flags="meta")
def cmd_end_sessions(req: Request) -> Reply:
    if req.name != "refreshSessions":
        for item in req.doc.get(req.name) or list(req.server.sessions):
            key = item if isinstance(item, bytes) else session_key(item)
            session = req.server.sessions.pop(key, None)
            if session and session.state == "active":
                with session.lock:
                    req.server.end_txn(session, "aborted")
    return {"ok": 1.0}


# -------------------------------------------------------------------------- server commands

@command("hello", "isMaster", "ismaster", flags="meta")
def cmd_hello(req: Request) -> Reply:
    server, primary = req.server, not req.server.stepped_down()
    meta = req.doc.get("client")
    if meta:
        req.client.app_name = str((meta.get("application") or {}).get("name", ""))
    now = datetime.datetime.utcnow()
    op_time = {"ts": server.clock(), "t": Int64(1)}
    reply = {"helloOk": True, "setName": "rs0", "setVersion": 1, "hosts": [server.host], "me": server.host,
             ("isWritablePrimary" if req.name == "hello" else "ismaster"): primary, "secondary": not primary,
             "electionId": ObjectId("7fffffff0000000000000001"),
             "lastWrite": {"opTime": op_time, "lastWriteDate": now, "majorityOpTime": op_time, "majorityWriteDate": now},
             "maxBsonObjectSize": 16777216, "maxMessageSizeBytes": MAX_MESSAGE, "maxWriteBatchSize": 100000,
             "localTime": now, "logicalSessionTimeoutMinutes": 30, "connectionId": req.client.number,
             "minWireVersion": 0, "maxWireVersion": 17, "readOnly": False, "ok": 1.0}
    if primary:
        reply["primary"] = server.host
    return reply


@command("ping", flags="meta")
def cmd_ping(req: Request) -> Reply:
    return {"ok": 1.0}


@command("buildInfo", "buildinfo", flags="meta")
def cmd_build_info(req: Request) -> Reply:
    return {"version": VERSION, "versionArray": [6, 0, 16, 0], "gitVersion": "none", "modules": [], "bits": 64,
            "debug": False, "maxBsonObjectSize": 16777216, "storageEngines": ["documentdb"],
            "javascriptEngine": "none", "ok": 1.0}


@command("getParameter", flags="meta")
def cmd_get_parameter(req: Request) -> Reply:
    known = {"featureCompatibilityVersion": {"version": "6.0"}, "ttlMonitorSleepSecs": req.server.ttl_sleep,
             "ttlMonitorEnabled": req.server.ttl_enabled, "transactionLifetimeLimitSeconds": req.server.txn_idle,
             "maxTransactionLockRequestTimeoutMillis": LOCK_TIMEOUT_MS}
    wanted = known if req.doc["getParameter"] == "*" else {k: known[k] for k in req.doc if k in known}
    if not wanted:
        raise MongoError(72, "no option found to get")
    return {**wanted, "ok": 1.0}


@command("setParameter", flags="meta")
def cmd_set_parameter(req: Request) -> Reply:
    if "ttlMonitorSleepSecs" in req.doc:
        req.server.ttl_sleep = max(1, int(req.doc["ttlMonitorSleepSecs"]))
    if "ttlMonitorEnabled" in req.doc:
        req.server.ttl_enabled = bool(req.doc["ttlMonitorEnabled"])
    if "transactionLifetimeLimitSeconds" in req.doc:
        req.server.txn_idle = max(1, int(req.doc["transactionLifetimeLimitSeconds"]))
    return {"ok": 1.0}


@command("hostInfo", "serverStatus", "connectionStatus", "getCmdLineOpts", "replSetGetStatus", "whatsmyuri",
         "getFreeMonitoringStatus", "usersInfo", flags="meta")
def cmd_info(req: Request) -> Reply:
    server = req.server
    return {
        "hostInfo": lambda: {"system": {"hostname": server.host, "cpuAddrSize": 64, "numCores": os.cpu_count() or 1}, "os": {"type": "Linux"}},
        "serverStatus": lambda: {"host": server.host, "version": VERSION, "process": "mongod", "pid": Int64(os.getpid()),
                                 "uptime": time.monotonic() - server.started, "localTime": datetime.datetime.utcnow(),
                                 "connections": {"current": server.live, "available": 1000, "totalCreated": server.total},
                                 "repl": {"setName": "rs0", "isWritablePrimary": not server.stepped_down(), "hosts": [server.host]},
                                 "transactions": {"currentActive": Int64(sum(s.state == "active" for s in list(server.sessions.values())))}},
        "connectionStatus": lambda: {"authInfo": {"authenticatedUsers": [], "authenticatedUserRoles": []}},
        "getCmdLineOpts": lambda: {"argv": ["mongod"], "parsed": {}},
        "replSetGetStatus": lambda: {"set": "rs0", "myState": 2 if server.stepped_down() else 1, "date": datetime.datetime.utcnow(),
                                     "members": [{"_id": 0, "name": server.host, "health": 1.0, "self": True,
                                                  "stateStr": "SECONDARY" if server.stepped_down() else "PRIMARY"}]},
        "whatsmyuri": lambda: {"you": "%s:%d" % req.client.peer},
        "getFreeMonitoringStatus": lambda: {"state": "disabled"},
        "usersInfo": lambda: {"users": []},
    }[req.name]() | {"ok": 1.0}


@command("saslStart", "authenticate", flags="meta")
def cmd_auth(req: Request) -> Reply:
    raise MongoError(18, "Authentication failed: this test server has no users.")


@command("configureFailPoint", flags="meta")
def cmd_fail_point(req: Request) -> Reply:
    spec = bson.decode(req.body)
    server, before = req.server, req.server.fail_point
    if spec["configureFailPoint"] != "failCommand":
        raise MongoError(2, f"fail point {spec['configureFailPoint']} is not supported")
    mode = spec.get("mode", "off")
    server.fail_point = None if mode == "off" else FailPoint(mode, spec.get("data", {}))
    return {"count": before.entered if before else 0, "ok": 1.0}


@command("visavisStepDown", "replSetStepDown", flags="meta")
def cmd_step_down(req: Request) -> Reply:
    """Both step down for N seconds; by default only visavisStepDown drops a connection that then writes,
    as mongod before 4.2 did (mongod since 4.2 keeps it open, and libmongoc counts on that)."""
    drop = bool(req.doc.get("closeConnections", req.name == "visavisStepDown"))
    req.server.step_down(float(req.doc[req.name]), drop)
    return {"ok": 1.0}


@command("visavisReset", flags="meta")
def cmd_reset(req: Request) -> Reply:
    """Drop every database; forget sessions, cursors, fail points and a step-down."""
    server = req.server
    server.fail_point, server.down_until = None, 0.0
    server.abort_all()
    server.sessions.clear()
    for cursor_id in list(server.cursors):
        server.drop_cursor(cursor_id)
    names = [row[0] for row in req.sql("databases")]
    for name in names:
        req.sql("dropDatabase", name)
    return {"dropped": names, "ok": 1.0}


# ----------------------------------------------------------------------------------- server

def session_key(lsid: Any) -> bytes:
    value = lsid["id"]
    return value.bytes if isinstance(value, uuid.UUID) else bytes(value)


class Server:
    def __init__(self, host: str, port: int, dsn: str, pool: int, ttl_sleep: int, txn_idle: int):
        self.address, self.host = (host, port), f"{host}:{port}"
        self.pool = PgPool(dsn, pool)
        self.sessions: dict[bytes, Session] = {}
        self.cursors: dict[int, Cursor] = {}
        self.fail_point: Optional[FailPoint] = None
        self.down_until, self.drop_writers = 0.0, False
        self.ttl_sleep, self.ttl_enabled, self.txn_idle = ttl_sleep, True, txn_idle
        self.started = time.monotonic()
        self.live = self.total = 0
        self._tick, self._tick_lock = (0, 0), threading.Lock()

    # -- clock
    def clock(self) -> Timestamp:
        now = int(time.time())
        with self._tick_lock:
            last, inc = self._tick
            self._tick = (last, inc + 1) if last >= now else (now, 1)
            return Timestamp(*self._tick)

    def trailer(self) -> bytes:
        """operationTime and $clusterTime, ready to splice onto a reply."""
        stamp = self.clock()
        packed = struct.pack("<II", stamp.inc, stamp.time)
        inner = (b"\x11clusterTime\0" + packed + b"\x03signature\0" + struct.pack("<i", 51)
                 + b"\x05hash\0" + struct.pack("<iB", 20, 0) + bytes(20) + b"\x12keyId\0" + bytes(8) + b"\0")
        return (b"\x11operationTime\0" + packed + b"\x03$clusterTime\0" + struct.pack("<i", len(inner) + 5) + inner + b"\0")

    # -- primary / secondary
    def stepped_down(self) -> bool:
        return time.monotonic() < self.down_until

    def step_down(self, seconds: float, drop_writers: bool) -> None:
        self.down_until, self.drop_writers = time.monotonic() + seconds, drop_writers
        self.abort_all()

    # -- sessions
    def session(self, lsid: Any) -> Session:
        return self.sessions.setdefault(session_key(lsid), Session())

    def enter_txn(self, req: Request, session: Session) -> None:
        """Start, continue or refuse the transaction a statement belongs to (session lock held)."""
        number = int(req.doc["txnNumber"])
        if number < session.txn_number:
            raise MongoError(225, f"Cannot run txnNumber {number}: a newer one, {session.txn_number}, has started.")
        if req.doc.get("startTransaction"):
            if number == session.txn_number and session.state != "none":
                raise MongoError(117, f"Transaction {number} was already started, its state is {session.state}.")
            if session.state == "active":
                self.end_txn(session, "aborted")
            conn = self.pool.acquire()
            try:
                conn.execute(f"BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}")
            except psycopg2.Error as err:
                self.pool.release(conn)
                raise from_pg(err) from None
            session.conn, session.state, session.txn_number, session.retry_reply = conn, "active", number, None
        elif number != session.txn_number or session.state in ("none", "aborted"):
            raise MongoError(251, f"Given transaction number {number} does not match any in-progress transactions.")
        elif session.state == "committed" and req.name != "commitTransaction":
            raise MongoError(256, f"Transaction {number} has been committed.")
        session.used = time.monotonic()

    def end_txn(self, session: Session, state: str) -> None:
        conn, session.conn, session.state = session.conn, None, state
        for cursor_id in [k for k, c in list(self.cursors.items()) if c.session is session]:
            self.cursors.pop(cursor_id, None)
        if conn is None:
            return
        try:
            conn.execute("COMMIT" if state == "committed" else "ROLLBACK")
        except psycopg2.Error as err:
            session.state = "aborted"
            conn.close()
            if state == "committed":
                raise from_pg(err) from None
        finally:
            self.pool.release(conn)

    def abort_all(self) -> None:
        for session in list(self.sessions.values()):
            if session.state == "active":
                with session.lock:
                    if session.state == "active":
                        self.end_txn(session, "aborted")

    def drop_cursor(self, cursor_id: int) -> bool:
        cursor = self.cursors.pop(cursor_id, None)
        if cursor and cursor.conn:
            try:
                cursor.conn.execute("CLOSE ALL")
            except psycopg2.Error:
                pass
            self.pool.release(cursor.conn)
        return cursor is not None

    def find_plain(self, db: str, coll: str, query: dict, conn: Optional[PgConnection] = None) -> list[dict]:
        """One document by query, outside any client's transaction unless `conn` is that one's."""
        link = conn or self.pool.acquire()
        try:
            page = link.call("find", db, bson.encode({"find": coll, "filter": query, "limit": 1}))[0][0]
            return bson.decode(bytes(page))["cursor"]["firstBatch"]
        except psycopg2.Error:
            return []
        finally:
            if conn is None:
                self.pool.release(link)

    # -- one command
    def run(self, req: Request) -> bytes:
        """The complete reply document of a command."""
        point = self.fail_point
        struck = point is not None and point.hit(req.name, req.client.app_name)
        try:
            if struck:
                self.inject(point, req)
            reply = self.dispatch(req)
        except MongoError as err:
            reply = err.reply(self.labels(req, err))
        except psycopg2.Error as err:
            reply = from_pg(err).reply([])
        if struck and point.data.get("visavisLoseReply"):
            raise CloseConnection
        if req.wc_error is not None:
            reply = dict(reply if isinstance(reply, dict) else bson.decode(reply))
            reply["writeConcernError"] = req.wc_error
            labels = point.data.get("errorLabels") if point else None
            if labels is None and req.wc_error.get("code") in RETRYABLE and "txnNumber" in req.doc:
                labels = ["RetryableWriteError"]
            if labels:
                reply["errorLabels"] = labels
        raw = bson.encode(reply) if isinstance(reply, dict) else reply
        tail = self.trailer()
        return struct.pack("<i", len(raw) + len(tail)) + raw[4:-1] + tail + b"\0"

    def inject(self, point: FailPoint, req: Request) -> None:
        data = point.data
        if data.get("blockConnection"):
            time.sleep(float(data.get("blockTimeMS", 0)) / 1000)
        if data.get("closeConnection"):
            raise CloseConnection
        if "errorCode" in data:
            raise MongoError(int(data["errorCode"]), "Failing command via 'failCommand' failpoint",
                             labels=list(data["errorLabels"]) if "errorLabels" in data else None)
        req.wc_error = data.get("writeConcernError")

    def labels(self, req: Request, err: MongoError) -> list[str]:
        if err.labels is not None:
            return err.labels
        if "txnNumber" not in req.doc:
            return []
        ending = req.name in ("commitTransaction", "abortTransaction")
        if "autocommit" in req.doc and (not ending or err.code in (112, 251)) and err.code in TRANSIENT:
            return ["TransientTransactionError"]
        if err.code in RETRYABLE and ("autocommit" not in req.doc or ending):
            return ["RetryableWriteError"]
        return []

    def dispatch(self, req: Request) -> Reply:
        entry = COMMANDS.get(req.name)
        if entry is None:
            raise MongoError(59, f"no such command: '{req.name}'")
        handler, flags = entry
        if self.down_until and self.stepped_down() and "meta" not in flags:
            if "write" in flags:
                req.client.close_after_reply = self.drop_writers
                raise MongoError(10107, "not primary")
            mode = (req.doc.get("$readPreference") or {}).get("mode", "primary")
            if "read" in flags and mode == "primary":
                raise MongoError(13435, "not primary and secondaryOk=false")
        if "txnNumber" not in req.doc or "lsid" not in req.doc:
            return handler(req)
        session = req.session = self.session(req.doc["lsid"])
        with session.lock:
            if "autocommit" in req.doc:
                return self.in_transaction(req, session, handler, flags)
            return self.retryable(req, session, handler, flags)

    def in_transaction(self, req: Request, session: Session, handler: Handler, flags: frozenset) -> Reply:
        if "txn" not in flags:
            raise MongoError(263, f"Cannot run '{req.name}' in a multi-document transaction.")
        self.enter_txn(req, session)
        req.in_txn = True
        try:
            return handler(req)
        except (MongoError, psycopg2.Error) as err:
            if session.state == "active":
                self.end_txn(session, "aborted")
            if isinstance(err, MongoError) and err.message.startswith("Unable to create the specified collection"):
                raise MongoError(112, WRITE_CONFLICT) from None     # another client made it after our snapshot
            raise

    def retryable(self, req: Request, session: Session, handler: Handler, flags: frozenset) -> Reply:
        if "retry" not in flags:
            return handler(req)
        number = int(req.doc["txnNumber"])
        if number < session.txn_number:
            raise MongoError(225, f"Retryable write with txnNumber {number} is prohibited: a newer one, "
                                  f"{session.txn_number}, has started.")
        if number == session.txn_number and session.retry_reply is not None:
            return session.retry_reply
        if session.state == "active":
            self.end_txn(session, "aborted")
        session.txn_number, session.state, session.retry_reply = number, "none", None
        reply = handler(req)
        session.retry_reply = bson.encode(reply) if isinstance(reply, dict) else reply
        session.used = time.monotonic()
        return reply

    # -- background work
    def housekeeping(self) -> None:
        """TTL purge, idle transactions, forgotten cursors and sessions."""
        conn: Optional[PgConnection] = None
        next_ttl = next_sweep = 0.0
        while True:
            time.sleep(0.5)
            now = time.monotonic()
            for key, session in list(self.sessions.items()):
                if session.state == "active" and now - session.used > self.txn_idle and session.lock.acquire(blocking=False):
                    try:
                        if session.state == "active":
                            self.end_txn(session, "aborted")
                    finally:
                        session.lock.release()
                elif session.state != "active" and now - session.used > 1800:
                    self.sessions.pop(key, None)
            for cursor_id, cursor in list(self.cursors.items()):
                if cursor.session is None and now - cursor.used > CURSOR_IDLE_S:
                    self.drop_cursor(cursor_id)
            try:
                conn = conn or PgConnection(self.pool.dsn)
                if self.ttl_enabled and now >= next_ttl:
                    next_ttl = now + self.ttl_sleep
                    conn.execute("CALL documentdb_api_internal.delete_expired_rows()")
                if now >= next_sweep:       # files of cursors that no client finished or killed
                    next_sweep = now + 60
                    conn.execute(f"SELECT documentdb_api_internal.cursor_directory_cleanup({int(CURSOR_IDLE_S)})")
            except psycopg2.Error as err:
                print(f"housekeeping: {err}", file=sys.stderr, flush=True)
                if conn is not None:
                    conn.close()
                conn = None

    def serve(self) -> None:
        threading.Thread(target=self.housekeeping, daemon=True).start()
        listener = socket.create_server(self.address, backlog=512)
        while True:
            sock, peer = listener.accept()
            self.total += 1
            threading.Thread(target=Client(self, sock, peer, self.total).loop, daemon=True).start()


# ------------------------------------------------------------------------- client connection

class Client:
    """Reads messages from one socket, in order, and answers each before reading the next."""

    def __init__(self, server: Server, sock: socket.socket, peer: tuple, number: int):
        self.server, self.sock, self.peer, self.number = server, sock, peer, number
        self.app_name = ""
        self.close_after_reply = False
        self.buffer = b""

    def read(self, size: int) -> bytes:
        while len(self.buffer) < size:
            chunk = self.sock.recv(max(65536, size - len(self.buffer)))
            if not chunk:
                raise CloseConnection
            self.buffer = self.buffer + chunk if self.buffer else chunk
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def loop(self) -> None:
        self.server.live += 1
        try:
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while not self.close_after_reply:
                length, request_id, _, opcode = struct.unpack("<iiii", self.read(16))
                if not 16 <= length <= MAX_MESSAGE + 16384:
                    break
                payload = self.read(length - 16)
                if opcode == OP_MSG:
                    answer = self.op_msg(payload, request_id)
                elif opcode == OP_QUERY:
                    answer = self.op_query(payload, request_id)
                else:
                    break
                if answer:
                    self.sock.sendall(answer)
        except (CloseConnection, OSError):
            pass
        except Exception as err:  # a bug or a malformed message must not take the server down
            print(f"connection {self.number}: {type(err).__name__}: {err}", file=sys.stderr, flush=True)
        finally:
            self.server.live -= 1
            self.sock.close()

    def answer(self, body: bytes, sequences: dict[str, bytes]) -> bytes:
        try:
            req = Request(self.server, self, body, sequences)
        except bson.errors.BSONError as err:
            return bson.encode(MongoError(22, f"invalid BSON: {err}").reply([]))
        try:
            return self.server.run(req)
        except (KeyError, TypeError, ValueError, bson.errors.BSONError) as err:
            print(f"{req.name}: {type(err).__name__}: {err}", file=sys.stderr, flush=True)
            return bson.encode(MongoError(2, f"{req.name}: {type(err).__name__}: {err}").reply([]))

    def op_msg(self, payload: bytes, request_id: int) -> Optional[bytes]:
        flags = int.from_bytes(payload[:4], "little")
        end = len(payload) - (4 if flags & FLAG_CHECKSUM else 0)
        body, sequences, at = b"", {}, 4
        while at < end:
            kind = payload[at]
            size = int.from_bytes(payload[at + 1:at + 5], "little")
            if size < 5 or at + 1 + size > end:
                raise CloseConnection
            section = payload[at + 1:at + 1 + size]
            if kind == 0:
                body = section
            elif kind == 1:
                name, _, docs = section[4:].partition(b"\0")
                sequences[name.decode()] = docs
            else:
                raise CloseConnection
            at += 1 + size
        reply = self.answer(body, sequences)
        if flags & FLAG_MORE_TO_COME:
            return None
        return struct.pack("<iiiiIB", 21 + len(reply), self.next_id(), request_id, OP_MSG, 0, 0) + reply

    def op_query(self, payload: bytes, request_id: int) -> bytes:
        """Legacy handshake: a command against <db>.$cmd."""
        name, _, rest = payload[4:].partition(b"\0")
        size = int.from_bytes(rest[8:12], "little")
        doc = rest[8:8 + size]
        inner = RawBSONDocument(doc).get("$query")
        reply = self.answer(inner.raw if inner is not None else doc, {})
        head = struct.pack("<iqii", 8, 0, 0, 1)
        return struct.pack("<iiii", 36 + len(reply), self.next_id(), request_id, OP_REPLY) + head + reply

    _ids = iter(range(1, 1 << 62))

    def next_id(self) -> int:
        return next(Client._ids) & 0x7FFFFFFF


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=27117)
    parser.add_argument("--socket-dir", required=True, help="directory of PostgreSQL's unix socket")
    parser.add_argument("--pg-port", type=int, default=5432)
    parser.add_argument("--pool", type=int, default=180)
    parser.add_argument("--ttl-sleep", type=int, default=2, help="seconds between TTL passes")
    parser.add_argument("--transaction-lifetime", type=int, default=60, help="seconds until an idle transaction is aborted")
    args = parser.parse_args()
    dsn = (f"host={args.socket_dir} port={args.pg_port} user=postgres dbname=postgres application_name=gateway "
           "options='-c search_path=documentdb_api_catalog,documentdb_api,documentdb_core,public "
           "-c client_min_messages=error -c documentdb.useFileBasedPersistedCursors=on'")
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    threading.stack_size(512 * 1024)
    Server("127.0.0.1", args.port, dsn, args.pool, args.ttl_sleep, args.transaction_lifetime).serve()


if __name__ == "__main__":
    main()
