#!/usr/bin/env python3
"""Turns web/pages/*.html and web/messages/*.toml into C++: `pages.py OUT PAGES MESSAGES SOURCES` writes OUT/web/*.{hpp,cpp}.

A page is HTML that begins with `{% page name(Type const& page) %}` and becomes `void name(Html& html, Messages const& t, Type const& page)`:
  {{ expression }}              a C++ expression, escaped for the place where it stands: text, attribute, address, JSON-LD
  {{ t.key(arguments) }}        a message; {% for x : xs %} {% if c %} {% else if d %} {% else %} {% end %} {% let name = expression %}
  {% include part(arguments) %} another page, in this place; {# a comment #}
Expressions are checked by the C++ compiler, which names the line of the HTML. Here is checked what it cannot know: attributes are quoted,
blocks are closed, nothing stands inline that the content security policy forbids, and messages are the same in every language.
"""
import pathlib
import re
import sys
import tomllib

ADDRESSES = {"href", "src", "action", "formaction", "poster", "cite"}
PIECE = re.compile(r"\{\{(.*?)\}\}|\{%(.*?)%\}|\{#.*?#\}", re.S)
PLACEHOLDER = re.compile(r"\{([a-z]\w*)((?:\|[^{}|]*){0,2})\}")


class Wrong(Exception):
    pass


class Scanner:
    """Where in an HTML document a piece stands, told by reading what is before it."""

    def __init__(self):
        self.state, self.tag, self.attribute, self.value, self.type = "text", "", "", "", ""

    def feed(self, text):
        at = 0
        while at < len(text):
            at = getattr(self, "in_" + self.state)(text, at)

    def in_text(self, text, at):
        start = text.find("<", at)
        if start < 0:
            return len(text)
        if text.startswith("<!--", start):
            raise Wrong("comments go out to everybody: write {# … #}")
        name = re.compile(r"</?([A-Za-z][\w-]*)|<!doctype", re.I).match(text, start)
        if not name:
            raise Wrong("a < that opens no tag: write &lt;")
        self.state, self.tag, self.type = "tag", (name[1] or "").lower(), ""
        if self.tag == "style":
            raise Wrong("<style> is forbidden by the content security policy")
        self.closing = text.startswith("</", start)
        return name.end()

    def in_tag(self, text, at):
        here = re.compile(r"[\s/]+|>|([A-Za-z][\w:-]*)(\s*=\s*(\")?)?").match(text, at)
        if not here:
            raise Wrong(f"{text[at:at + 10]!r} cannot stand in a tag")
        if here[0] == ">":
            self.state = "script" if self.tag == "script" and not self.closing else "text"
        elif here[1] and here[2]:
            if not here[3]:
                raise Wrong(f"the value of {here[1]} must be quoted with \"")
            self.attribute, self.value, self.state = here[1].lower(), "", "value"
            if self.attribute == "style" or self.attribute.startswith("on"):
                raise Wrong(f"{here[1]}= is forbidden by the content security policy")
        return here.end()

    def in_value(self, text, at):
        end = text.find('"', at)
        self.value += text[at:] if end < 0 else text[at:end]
        if end < 0:
            return len(text)
        if self.attribute == "type":
            self.type = self.value
        if self.attribute in ADDRESSES and re.match(r"\s*(javascript|vbscript|data):", self.value, re.I) and not self.value.startswith("data:image/"):
            raise Wrong(f"{self.attribute} leads to {self.value[:20]}")
        self.state = "tag"
        return end + 1

    def in_script(self, text, at):
        end = text.lower().find("</script", at)
        if text[at:end if end >= 0 else len(text)].strip():
            raise Wrong("scripts stand in files of their own, the content security policy forbids others")
        if end < 0:
            return len(text)
        self.state = "text"
        return end

    def put(self, expression):
        """The statement that writes an expression here."""
        if self.state == "text":
            return f"html.text({expression});"
        if self.state == "value":
            first, self.value = self.value == "", self.value + "x"
            if self.attribute in ADDRESSES:
                return f"html.{'url' if first else 'urlPart'}({expression});"
            return f"html.text({expression});"
        if self.state == "script" and self.type == "application/ld+json":
            return f"html.json({expression});"
        raise Wrong("an expression cannot stand here")


def literal(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


class Page:
    def __init__(self, path, shown):
        self.path, self.shown = path, shown
        self.text = path.read_text()
        self.blocks, self.scanner, self.body, self.line = [], Scanner(), [], 1

    def fail(self, why):
        sys.exit(f"{self.shown}:{self.line}: error: {why}")

    def compile(self):
        at = 0
        try:
            for piece in PIECE.finditer(self.text):
                self.plain(self.text[at:piece.start()])
                if piece[1] is not None:
                    self.emit(self.scanner.put(piece[1].strip()))
                elif piece[2] is not None:
                    self.statement(piece[2].strip())
                self.line += piece[0].count("\n")
                at = piece.end()
            self.plain(self.text[at:])
            if self.blocks:
                raise Wrong(f"{{% {self.blocks[-1]} %}} is not closed")
            if self.scanner.state != "text":
                raise Wrong("the page ends inside a tag")
            if not hasattr(self, "name"):
                raise Wrong("begins without {% page name(…) %}")
        except Wrong as wrong:
            self.fail(wrong)
        return self

    def emit(self, code):
        self.body.append(f'#line {self.line} "{self.shown}"\n{code}')

    def plain(self, text):
        if "{{" in text or "{%" in text:
            raise Wrong("an opening without its end")
        self.scanner.feed(text)
        short = re.sub(r"[ \t]*\n\s*", "\n", text if self.body else text.lstrip())
        if short.strip() or (short and "\n" not in short) or (short and self.body[-1].endswith(");")):
            self.body.append(f"html.raw({literal(short)});")  # a line break between two statements is the page's, not the document's
        self.line += text.count("\n")

    def statement(self, code):
        word, _, rest = code.partition(" ")
        if word == "page":
            head = re.fullmatch(r"(\w+)\((.*)\)", rest, re.S)
            if not head or hasattr(self, "name"):
                raise Wrong("write {% page name(Type const& page) %}, once")
            self.name, self.parameters, self.body = head[1], head[2].strip(), []
        elif word == "for":
            self.blocks.append("for")
            self.emit(f"for (auto const& {rest}) {{")
        elif word == "if":
            self.blocks.append("if")
            self.emit(f"if ({rest}) {{")
        elif word == "else" and self.blocks and self.blocks[-1] == "if":
            self.emit(f"}} else if ({rest[2:].strip()}) {{" if rest.startswith("if") else "} else {")
        elif word == "end" and self.blocks:
            self.blocks.pop()
            self.emit("}")
        elif word == "let":
            self.emit(f"[[maybe_unused]] auto const& {rest};")
        elif word == "include":
            head = re.fullmatch(r"(\w+)\((.*)\)", rest, re.S)
            if not head:
                raise Wrong("write {% include part(arguments) %}")
            self.emit(f"{head[1]}(html, t{', ' if head[2].strip() else ''}{head[2].strip()});")
        else:
            raise Wrong(f"{{% {code} %}} is no statement here")

    def head(self):
        return f"void {self.name}(Html& html, Messages const& t{', ' if self.parameters else ''}{self.parameters})"

    def code(self):
        return (f'// Generated from {self.shown} by tools/pages.py.\n#include "web/pages.hpp"\n\nnamespace visavis::web::pages {{\n\n'
                + self.head() + " {\n(void)html, (void)t;\n" + "\n".join(self.body) + "\n}\n\n} // namespace visavis::web::pages\n")


def read_messages(folder, used):
    """{language: {key: text}}; every language has the same keys with the same placeholders, and every key is used."""
    languages = {path.stem: tomllib.loads(path.read_text()) for path in sorted(folder.glob("*.toml"))}
    wrong, english = [], languages["en"]
    for name, texts in languages.items():
        wrong += [f"{name}.toml: error: the message {key} is missing" for key in english.keys() - texts.keys()]
        wrong += [f"{name}.toml: error: the message {key} is unknown in English" for key in texts.keys() - english.keys()]
        for key in texts.keys() & english.keys():
            if {m[1] for m in PLACEHOLDER.finditer(texts[key])} != {m[1] for m in PLACEHOLDER.finditer(english[key])}:
                wrong.append(f"{name}.toml: error: {key} has other placeholders than in English")
            if re.search(r"[{}]", PLACEHOLDER.sub("", texts[key])):
                wrong.append(f"{name}.toml: error: {key} has a brace that belongs to no placeholder")
    prefixes = tuple(re.findall(r'plain\((?:std::string\()?"(\w+_)"', used))
    words = set(re.findall(r"\bt\.(\w+)\(", used)) | set(re.findall(r'plain\("(\w+)"', used))
    wrong += [f"en.toml: error: nobody says {key}" for key in english if key not in words and not key.startswith(prefixes or ("\0",))]
    if wrong:
        sys.exit("\n".join(f"web/messages/{line}" for line in sorted(wrong)))
    return languages


def messages_code(languages):
    """messages.hpp: a function per message, so that a page that names another one does not compile."""
    keys = sorted(languages["en"])
    functions, tables = [], []
    for number, key in enumerate(keys):
        names = list(dict.fromkeys(m[1] for m in PLACEHOLDER.finditer(languages["en"][key])))
        if names:
            parameters = ", ".join(f"Word const& {name}_" for name in names)
            values = ", ".join(f'{{"{name}", &{name}_}}' for name in names)
            functions.append(f"    std::string {key}({parameters}) const {{ return filled(text({number}), {{{values}}}); }}")
        else:
            functions.append(f"    std::string_view {key}() const {{ return text({number}); }}")
    for name in languages:
        tables.append(f"// {name}\n{{" + ",\n".join(literal(languages[name][key]) for key in keys) + "}")
    header = ('// Generated from web/messages by tools/pages.py.\n#pragma once\n\n#include "web/words.hpp"\n\nnamespace visavis::web {\n\n'
              "class Messages : public Words {\npublic:\n    using Words::Words;\n\n" + "\n".join(functions) + "\n};\n\n} // namespace visavis::web\n")
    source = ('// Generated from web/messages by tools/pages.py.\n#include "web/words.hpp"\n\nnamespace visavis::web {\nnamespace {\n\n'
              f"constexpr std::string_view languageNames[] = {{{', '.join(map(literal, languages))}}};\n"
              f"constexpr std::string_view keys[] = {{{', '.join(map(literal, keys))}}};\n"
              f"constexpr std::string_view texts[][{len(keys)}] = {{" + ",\n".join(tables) + "};\n\n} // namespace\n\n"
              "std::span<std::string_view const> messageLanguages() { return languageNames; }\n"
              "std::span<std::string_view const> messageKeys() { return keys; }\n"
              "std::string_view messageText(std::size_t language, std::size_t key) { return texts[language][key]; }\n\n} // namespace visavis::web\n")
    return header, source


def main(out, pages, messages, sources):
    out, pages = pathlib.Path(out) / "web", pathlib.Path(pages)
    (out / "pages").mkdir(parents=True, exist_ok=True)
    compiled = [Page(path, f"web/pages/{path.relative_to(pages)}").compile() for path in sorted(pages.rglob("*.html"))]
    code = [path.read_text() for path in sorted(pathlib.Path(sources).glob("*.?pp"))]
    languages = read_messages(pathlib.Path(messages), "\n".join(code + [page.text for page in compiled]))
    files = {f"pages/{page.path.stem}.cpp": page.code() for page in compiled}
    files["pages.hpp"] = ('// Generated from web/pages by tools/pages.py.\n#pragma once\n\n#include "web/views.hpp"\n\nnamespace visavis::web::pages {\n\n'
                          + "".join(page.head() + ";\n" for page in compiled) + "\n} // namespace visavis::web::pages\n")
    files["messages.hpp"], files["messages.cpp"] = messages_code(languages)
    for name, text in files.items():
        if not (out / name).exists() or (out / name).read_text() != text:  # what did not change is not compiled again
            (out / name).write_text(text)


if __name__ == "__main__":
    main(*sys.argv[1:])
