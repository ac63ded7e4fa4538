#!/usr/bin/env python3
"""Embeds the built dashboard: `dashboard.py OUT DIST` writes the C++ file OUT with every file of DIST, as it is and compressed.

Without DIST the list is empty: a build on a machine without npm, whose binary says so under /app.
"""
import gzip
import hashlib
import pathlib
import sys

TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


def array(name, content):
    return f"constexpr unsigned char {name}[] = {{{','.join(str(byte) for byte in content)}}};\n" if content else ""


def main(out, dist=None):
    root = pathlib.Path(dist) if dist else None
    paths = sorted(path for path in root.rglob("*") if path.is_file()) if root else []
    arrays, rows = "", []
    for number, path in enumerate(paths):
        plain = path.read_bytes()
        packed = gzip.compress(plain, 9, mtime=0)
        packed = packed if len(packed) < len(plain) else b""
        digest = hashlib.sha256(plain).hexdigest()[:16]
        arrays += array(f"plain{number}", plain) + array(f"packed{number}", packed)
        view = [f"textOf({kind}{number})" if content else "{}" for kind, content in (("plain", plain), ("packed", packed))]
        rows.append(f'{{"{path.relative_to(root).as_posix()}", "{TYPES[path.suffix]}", "\\"{digest}\\"", {view[0]}, {view[1]}}}')
    made = pathlib.Path(out)
    made.parent.mkdir(parents=True, exist_ok=True)
    body = "    static File const all[] = {" + ",\n        ".join(rows) + "};\n    return all;\n" if rows else "    return {};\n"
    text_of = ("template <std::size_t N> std::string_view textOf(unsigned char const (&bytes)[N]) {\n"
               "    return {reinterpret_cast<char const*>(bytes), N};\n}\n") if rows else ""
    made.write_text("// Generated from web/dist by tools/dashboard.py.\n#include \"dashboard/files.hpp\"\n\nnamespace visavis::dashboard {\nnamespace {\n\n"
                    + arrays + text_of + "\n} // namespace\n\nstd::span<File const> files() {\n" + body + "}\n\n} // namespace visavis::dashboard\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
