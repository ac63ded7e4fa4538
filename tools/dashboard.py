#!/usr/bin/env python3
"""Embeds the built dashboard: `dashboard.py OUT DIST` writes the C++ file OUT with every file of DIST, as it is and compressed.

Without DIST the list is empty: a build on a machine without npm, whose binary says so under /app.
"""
import pathlib
import sys

from embed import Source


def main(out, dist=None):
    source = Source()
    root = pathlib.Path(dist) if dist else None
    for path in sorted(path for path in root.rglob("*") if path.is_file()) if root else []:
        source.rows.append(source.file(path.relative_to(root).as_posix(), path.suffix, path.read_bytes()))
    source.write(out, "web/dist by tools/dashboard.py", "dashboard/files.hpp", "visavis::dashboard", "http::EmbeddedFile", "files")


if __name__ == "__main__":
    main(*sys.argv[1:])
