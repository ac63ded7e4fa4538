#!/usr/bin/env python3
"""Embeds the files of the public pages: `assets.py OUT FOLDER` writes OUT/web/assets.cpp, each file compressed and named by its content.

site.css is tokens.css and site.css in one. Comments and indentation are left out; nothing else is changed, so that what runs can be read.
"""
import gzip
import hashlib
import pathlib
import re
import sys

TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


def shortened(name, text):
    if name.endswith(".css"):
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    if name.endswith(".js"):
        text = re.sub(r"^\s*//.*$", "", text, flags=re.M)
    return "".join(line.strip() + "\n" for line in text.splitlines() if line.strip())


def literal(content):
    return "{" + ",".join(str(byte) for byte in content) + "}"


def main(out, folder):
    out, folder = pathlib.Path(out) / "web", pathlib.Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    files = {path.name: path.read_text() for path in sorted(folder.iterdir()) if path.suffix in TYPES}
    files["site.css"] = files.pop("tokens.css") + files["site.css"]
    arrays, rows = [], []
    for number, (name, text) in enumerate(sorted(files.items())):
        plain = shortened(name, text).encode()
        packed = gzip.compress(plain, 9, mtime=0)
        digest = hashlib.sha256(plain).hexdigest()[:12]
        stem, _, ending = name.rpartition(".")
        arrays.append(f"constexpr unsigned char plain{number}[] = {literal(plain)};\nconstexpr unsigned char packed{number}[] = {literal(packed)};")
        rows.append(f'{{"{name}", "/assets/{stem}.{digest}.{ending}", "{TYPES["." + ending]}", textOf(plain{number}), textOf(packed{number})}}')
    (out / "assets.cpp").write_text(
        '// Generated from web/assets by tools/assets.py.\n#include "web/assets.hpp"\n\nnamespace visavis::web {\nnamespace {\n\n'
        + "\n".join(arrays) + "\n\ntemplate <std::size_t N> std::string_view textOf(unsigned char const (&bytes)[N]) {\n"
        "    return {reinterpret_cast<char const*>(bytes), N};\n}\n\n} // namespace\n\nstd::span<Asset const> assets() {\n"
        "    static Asset const all[] = {" + ",\n        ".join(rows) + "};\n    return all;\n}\n\n} // namespace visavis::web\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
