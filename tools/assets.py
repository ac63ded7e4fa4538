#!/usr/bin/env python3
"""Embeds the files of the public pages: `assets.py OUT FOLDER` writes OUT/web/assets.cpp, each file compressed and named by its content.

site.css is tokens.css and site.css in one. Comments and indentation are left out; nothing else is changed, so that what runs can be read.
"""
import pathlib
import re
import sys

from embed import TYPES, Source, digest


def shortened(name, text):
    if name.endswith(".css"):
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    if name.endswith(".js"):
        text = re.sub(r"^\s*//.*$", "", text, flags=re.M)
    return "".join(line.strip() + "\n" for line in text.splitlines() if line.strip())


def main(out, folder):
    folder = pathlib.Path(folder)
    files = {path.name: path.read_text() for path in sorted(folder.iterdir()) if path.suffix in TYPES}
    files["site.css"] = files.pop("tokens.css") + files["site.css"]
    source = Source()
    for name, text in sorted(files.items()):
        plain = shortened(name, text).encode()
        stem, ending = pathlib.Path(name).stem, pathlib.Path(name).suffix
        source.rows.append(f'{{"{name}", {source.file(f"/assets/{stem}.{digest(plain, 12)}{ending}", ending, plain)}}}')
    source.write(pathlib.Path(out) / "web" / "assets.cpp", "web/assets by tools/assets.py", "web/assets.hpp", "visavis::web", "Asset", "assets")


if __name__ == "__main__":
    main(*sys.argv[1:])
