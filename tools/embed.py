"""Files as C++: what tools/assets.py and tools/dashboard.py share. A row is an http::EmbeddedFile."""
import gzip
import hashlib
import pathlib

TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


def digest(content, length):
    return hashlib.sha256(content).hexdigest()[:length]


class Source:
    """One C++ file with the bytes of many and a function that lists them."""

    def __init__(self):
        self.arrays, self.rows, self.count = "", [], 0

    def bytes(self, content):
        """The text of a string_view of these bytes."""
        if not content:
            return "{}"
        name = f"bytes{self.count}"
        self.count += 1
        self.arrays += f"constexpr unsigned char {name}[] = {{{','.join(str(byte) for byte in content)}}};\n"
        return f"textOf({name})"

    def file(self, path, suffix, plain):
        """The text of an http::EmbeddedFile."""
        packed = gzip.compress(plain, 9, mtime=0)
        packed = packed if len(packed) < len(plain) else b""
        return f'{{"{path}", "{TYPES[suffix]}", "\\"{digest(plain, 16)}\\"", {self.bytes(plain)}, {self.bytes(packed)}}}'

    def write(self, out, origin, header, namespace, row_type, function):
        text_of = ("template <std::size_t N> std::string_view textOf(unsigned char const (&bytes)[N]) {\n"
                   "    return {reinterpret_cast<char const*>(bytes), N};\n}\n") if self.arrays else ""
        rows = ",\n        ".join(self.rows)
        body = f"    static {row_type} const all[] = {{{rows}}};\n    return all;\n" if self.rows else "    return {};\n"
        out = pathlib.Path(out)
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(f'// Generated from {origin}.\n#include "{header}"\n\nnamespace {namespace} {{\nnamespace {{\n\n{self.arrays}{text_of}\n}} // namespace\n\n'
                       f"std::span<{row_type} const> {function}() {{\n{body}}}\n\n}} // namespace {namespace}\n")
