"""Proves that every rule of tidy.py can fail and does not fail on what is right: one row = one file and what must be said of it."""
import tidy

HEAD = "// Says what this file is for.\n"
LEVELS = tidy.Levels((tidy.ROOT / "tools/levels.txt").read_text())
LONG = "int big() {\n" + "    f();\n" * 70 + "}\n"
RATCHET = {("src/core/kept.cpp", "big"): 72}

# (path, content, part of the one expected message or None)
ROWS = [
    ("src/core/a.cpp", HEAD, None),
    ("src/core/a.hpp", "#pragma once\n" + HEAD, None),
    ("src/core/a.cpp", "#include <vector>\n", "begins without"),
    ("src/core/clock.cpp", HEAD + "auto t = std::chrono::system_clock::now();\n", None),
    ("src/http/a.cpp", HEAD + "auto t = std::chrono::system_clock::now();\n", "(clock)"),
    ("src/http/a.cpp", HEAD + "auto t = time(nullptr);\n", "(clock)"),
    ("src/http/a.cpp", HEAD + "f(expiryTime(0)); // not time(nullptr)\n", None),
    ("src/booking/a.cpp", HEAD + "std::random_device d;\n", "(random)"),
    ("src/booking/a.cpp", HEAD + "int x = rand();\n", "(random)"),
    ("src/booking/a.cpp", HEAD + "int x = operand();\n", None),
    ("tests/sim/a.cpp", HEAD + "std::this_thread::sleep_for(1ms);\n", "(sleep)"),
    ("tests/sim/a.cpp", HEAD + "sleep_for(1ms); // tidy: allow sleep: the peer is another program\n", None),
    ("src/work/a.cpp", HEAD + "usleep(5);\n", "(sleep)"),
    ("src/store/a.cpp", HEAD + "#include <sqlite3.h>\n", "(sqlite)"),
    ("src/store/sqlite/a.cpp", HEAD + "#include <sqlite3.h>\n", None),
    ("src/store/sqlite/a.cpp", HEAD + "#include <mongoc/mongoc.h>\n", "(mongo)"),
    ("src/api/a.cpp", HEAD + "#include <boost/beast/http.hpp>\n", "(asio)"),
    ("tests/support/a.cpp", HEAD + "#include <boost/asio.hpp>\n", None),
    ("src/providers/stripe/a.cpp", HEAD + "#include <curl/curl.h>\n", "(curl)"),
    ("src/payments/a.cpp", HEAD + "double rate = 1;\n", "(double)"),
    ("src/core/money.cpp", HEAD + "float rate = 1;\n", "(double)"),
    ("src/payments/a.cpp", HEAD + 'auto s = "double"; // double entry\n', None),
    ("src/availability/a.cpp", HEAD + '#include "profiles/records.hpp"\n', None),
    ("src/availability/a.cpp", HEAD + '#include "identity/call.hpp"\n', None),
    ("src/availability/a.cpp", HEAD + '#include "profiles/rules.hpp"\n', "inside of profiles"),
    ("src/availability/a_test.cpp", HEAD + '#include "profiles/rules.hpp"\n', None),
    ("src/availability/a.cpp", HEAD + '#include "booking/records.hpp"\n', "not below"),
    ("src/record/a.cpp", HEAD + '#include "store/tx.hpp"\n', "not below"),
    ("src/store/a.cpp", HEAD + '#include "http/request.hpp"\n', "not below"),
    ("src/booking/a.cpp", HEAD + '#include "payments/gateway.hpp"\n', "inside of payments"),
    ("src/providers/stripe/a.cpp", HEAD + '#include "payments/gateway.hpp"\n', None),
    ("src/work/a.cpp", HEAD + '#include "notifications/mailer.hpp"\n', None),
    ("src/work/a.cpp", HEAD + '#include "booking/rules.hpp"\n', "inside of booking"),
    ("src/sandbox/stripe/a.cpp", HEAD + '#include "payments/records.hpp"\n', "shares nothing"),
    ("src/identity/a.cpp", HEAD + '#include "store/sqlite/engine.hpp"\n', "engine"),
    ("src/identity/a_test.cpp", HEAD + '#include "store/sqlite/engine.hpp"\n', None),
    ("src/app/wire.cpp", HEAD + '#include "store/sqlite/engine.hpp"\n', None),
    ("src/nowhere/a.cpp", HEAD + '#include "core/id.hpp"\n', "has no level"),
    ("src/core/a.cpp", HEAD + LONG, "has 72 lines"),
    ("src/core/kept.cpp", HEAD + LONG, None),
    ("src/core/kept.cpp", HEAD + LONG.replace("{\n", "{\n\n", 1), "at most 72"),
    ("src/core/a.cpp", HEAD + "namespace a {\nstruct B {\n" + LONG + "};\n}\n", "has 72 lines"),
    ("src/core/a.cpp", HEAD + "template <class T>\n" + LONG, "has 72 lines"),
    ("src/core/a.cpp", HEAD + LONG.replace("int big()", "TEST(Big, isLong)"), "Big.isLong"),
    ("src/core/a.cpp", HEAD + LONG.replace("int big()", "A::A(int x) : a_{x}, b_(2)"), "has 72 lines"),
    ("src/core/a.cpp", HEAD + LONG.replace("int big()", "void f(Options o = {})"), "has 72 lines"),
    ("src/core/a.cpp", HEAD + "namespace a {\n" + "int small() { return 1; }\n" * 80 + "}\n", None),
    ("src/core/a.cpp", HEAD + "constexpr Row rows[] = {\n" + "    {f(1), 2},\n" * 80 + "};\n", None),
    ("src/core/a.cpp", HEAD + "int x;\n" * 500, "has 501 lines"),
    ("README.md", "TO" + "DO later\n", "leftover"),
    ("README.md", "XX" + "X later\n", "leftover"),
    ("src/core/a.cpp", HEAD + 'auto none = "XX' + 'X";\n', None),
    ("README.md", "see /wo" + "rk/main/x\n", "path of one machine"),
    ("README.md", "see src/work/schedule.cpp\n", None),
    ("web/package-lock.json", '"resolved": "https://packages.example/x.tgz"\n', "registry"),
    ("web/package-lock.json", '"resolved": "https://registry.npmjs.org/x.tgz"\n', None),
    ("build/a.ninja", "x\n", "build output"),
    ("shop.db", "x\n", "build output"),
    ("tools/app", "\x7fELF", "build output"),
    ("docs/big.json", "x" * 800_000, "KB"),
]


def main():
    failed = 0
    for path, content, expected in ROWS:
        said = [message for _, message in tidy.check_file(path, content.encode(), LEVELS, RATCHET)]
        right = not said if expected is None else len(said) == 1 and expected in said[0]
        if not right:
            print(f"tidy self-test: {path}: {content[-60:]!r}: expected {expected!r}, got {said}")
            failed += 1
    print(f"tidy self-test: {len(ROWS) - failed} passed, {failed} failed")
    return 1 if failed else 0
