// The MIME reader.
#include "sandbox/smtp/mime.hpp"

#include "core/text.hpp"
#include "http/query.hpp"
#include "sandbox/encoding.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace visavis::sandbox::smtp {

namespace {

constexpr int deepest = 10;
constexpr int mostParts = 200;

struct Part {
    std::map<std::string, std::string> headers; // names in lower case, the first of each, unfolded
    std::string_view body;

    std::string_view header(std::string const& name) const {
        auto const found = headers.find(name);
        return found == headers.end() ? std::string_view() : std::string_view(found->second);
    }
};

// A header like `text/plain; charset=utf-8; name*=UTF-8''a%20b`.
struct Value {
    std::string word; // before the first semicolon, lower case
    std::map<std::string, std::string> parameters;

    std::string parameter(std::string const& name) const {
        auto const found = parameters.find(name);
        return found == parameters.end() ? std::string() : found->second;
    }
};

std::string_view takeLine(std::string_view& rest) {
    auto const end = rest.find('\n');
    auto line = rest.substr(0, end);
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

Part readPart(std::string_view text) {
    Part part;
    std::string last;
    while (!text.empty()) {
        auto const line = takeLine(text);
        if (line.empty()) break;
        if ((line[0] == ' ' || line[0] == '\t') && !last.empty()) {
            part.headers[last].append(" ").append(trimmed(line));
            continue;
        }
        auto const colon = line.find(':');
        if (colon == line.npos) continue;
        auto const name = lowered(trimmed(line.substr(0, colon)));
        bool const isNew = part.headers.emplace(name, trimmed(line.substr(colon + 1))).second;
        last = isNew ? name : std::string();
    }
    part.body = text;
    return part;
}

// The end of a parameter: the next semicolon that is not within quotes.
std::size_t parameterEnd(std::string_view text) {
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && quoted) {
            ++i;
        } else if (text[i] == '"') {
            quoted = !quoted;
        } else if (text[i] == ';' && !quoted) {
            return i;
        }
    }
    return text.size();
}

std::string unquoted(std::string_view text) {
    if (text.size() < 2 || text.front() != '"') return std::string(text);
    std::string out;
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
        if (text[i] == '\\' && i + 2 < text.size()) ++i;
        out += text[i];
    }
    return out;
}

// RFC 2231: charset'language'percent-encoded.
std::string extended(std::string const& value) {
    auto const first = value.find('\'');
    auto const second = first == value.npos ? first : value.find('\'', first + 1);
    if (second == value.npos) return value;
    auto const decoded = http::percentDecode(std::string_view(value).substr(second + 1));
    return decoded ? toUtf8(*decoded, value.substr(0, first)) : value;
}

Value readValue(std::string_view text) {
    Value value;
    auto const first = parameterEnd(text);
    value.word = lowered(trimmed(text.substr(0, first)));
    text.remove_prefix(first);
    while (text.starts_with(';')) {
        text.remove_prefix(1);
        auto const end = parameterEnd(text);
        auto const one = text.substr(0, end);
        text.remove_prefix(end);
        auto const equals = one.find('=');
        if (equals == one.npos) continue;
        auto name = lowered(trimmed(one.substr(0, equals)));
        auto content = unquoted(trimmed(one.substr(equals + 1)));
        if (name.ends_with('*')) {
            name.pop_back();
            value.parameters[name] = extended(content);
        } else {
            value.parameters.emplace(name, decodedWords(content));
        }
    }
    return value;
}

std::string decodedBody(Part const& part) {
    auto const encoding = lowered(part.header("content-transfer-encoding"));
    if (encoding == "base64") return base64Decoded(part.body);
    if (encoding == "quoted-printable") return quotedPrintableDecoded(part.body);
    return std::string(part.body);
}

std::string withPlainLineEnds(std::string text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\r' || i + 1 == text.size() || text[i + 1] != '\n') out += text[i];
    }
    return out;
}

bool isTextual(std::string_view type) {
    return type.starts_with("text/") || type == "application/ics" || type == "application/json" || type == "application/xml";
}

// The parts between boundary lines (RFC 2046 §5.1.1); the line end before a boundary belongs to it.
std::vector<std::string_view> split(std::string_view body, std::string const& boundary) {
    std::vector<std::string_view> parts;
    auto const dashes = "--" + boundary;
    std::optional<std::size_t> begin;
    for (auto rest = body; !rest.empty();) {
        auto const at = static_cast<std::size_t>(rest.data() - body.data());
        auto const line = takeLine(rest);
        auto const tail = line.starts_with(dashes) ? trimmed(line.substr(dashes.size())) : std::string_view("other");
        if (!tail.empty() && tail != "--") continue;
        if (begin) {
            auto part = body.substr(*begin, at - *begin);
            if (part.ends_with('\n')) part.remove_suffix(1);
            if (part.ends_with('\r')) part.remove_suffix(1);
            parts.push_back(part);
        }
        begin = static_cast<std::size_t>(rest.data() - body.data());
        if (tail == "--") return parts;
    }
    if (begin && *begin < body.size()) parts.push_back(body.substr(*begin)); // never closed
    return parts;
}

class Reader {
public:
    explicit Reader(Mail& mail) : mail_(mail) {}

    void read(Part const& part, int depth) {
        if (++parts_ > mostParts) return;
        auto const type = readValue(part.header("content-type").empty() ? "text/plain" : part.header("content-type"));
        auto const boundary = type.parameter("boundary");
        if (type.word.starts_with("multipart/") && !boundary.empty() && depth < deepest) {
            for (auto const one : split(part.body, boundary)) read(readPart(one), depth + 1);
            return;
        }
        leaf(part, type);
    }

    // Last, so that an invitation that is attached as well is not listed twice.
    void finish() {
        for (auto& calendar : calendars_) {
            bool const known = std::any_of(mail_.attachments.begin(), mail_.attachments.end(),
                                           [&](Attachment const& one) { return one.content == calendar.content; });
            if (!known) mail_.attachments.push_back(std::move(calendar));
        }
    }

private:
    void leaf(Part const& part, Value const& type) {
        auto const disposition = readValue(part.header("content-disposition"));
        auto filename = disposition.parameter("filename");
        if (filename.empty()) filename = type.parameter("name");
        bool const attached = disposition.word == "attachment" || !filename.empty();
        auto const charset = type.parameter("charset");
        if (!attached && type.word == "text/plain" && mail_.text.empty()) {
            mail_.text = withPlainLineEnds(toUtf8(decodedBody(part), charset));
        } else if (!attached && type.word == "text/html" && mail_.html.empty()) {
            mail_.html = withPlainLineEnds(toUtf8(decodedBody(part), charset));
        } else {
            auto const bytes = decodedBody(part);
            bool const calendar = type.word == "text/calendar" && disposition.word != "attachment";
            if (filename.empty()) filename = calendar ? "invite.ics" : "attachment";
            auto& list = calendar ? calendars_ : mail_.attachments;
            list.push_back({toUtf8(filename, ""), toUtf8(type.word, ""), isTextual(type.word) ? toUtf8(bytes, charset) : base64(bytes)});
        }
    }

    Mail& mail_;
    std::vector<Attachment> calendars_;
    int parts_ = 0;
};

struct EncodedWord {
    std::string text;
    std::size_t size;
};

// An encoded word at the front: =?charset?B|Q?text?=
std::optional<EncodedWord> encodedWord(std::string_view text) {
    if (!text.starts_with("=?")) return std::nullopt;
    auto const charsetEnd = text.find('?', 2);
    if (charsetEnd == text.npos || charsetEnd + 2 >= text.size() || text[charsetEnd + 2] != '?') return std::nullopt;
    auto const end = text.find("?=", charsetEnd + 3);
    if (end == text.npos) return std::nullopt;
    auto const charset = text.substr(2, charsetEnd - 2);
    auto const content = text.substr(charsetEnd + 3, end - charsetEnd - 3);
    char const encoding = text[charsetEnd + 1];
    bool const isBase64 = encoding == 'B' || encoding == 'b';
    if (!isBase64 && encoding != 'Q' && encoding != 'q') return std::nullopt;
    auto const bytes = isBase64 ? base64Decoded(content) : quotedPrintableDecoded(content, true);
    return EncodedWord{toUtf8(bytes, charset.substr(0, charset.find('*'))), end + 2};
}

} // namespace

// White space between two encoded words is no part of the text (RFC 2047 §6.2).
std::string decodedWords(std::string_view header) {
    std::string out;
    std::size_t spacesFrom = std::string::npos; // in `out`, after an encoded word
    while (!header.empty()) {
        if (auto const word = encodedWord(header)) {
            if (spacesFrom != std::string::npos) out.resize(spacesFrom);
            out += word->text;
            spacesFrom = out.size();
            header.remove_prefix(word->size);
            continue;
        }
        if (header[0] != ' ' && header[0] != '\t') spacesFrom = std::string::npos;
        out += header[0];
        header.remove_prefix(1);
    }
    return toUtf8(out, "");
}

Mail parseMail(std::string_view message) {
    Mail mail;
    auto const whole = readPart(message);
    mail.subject = decodedWords(whole.header("subject"));
    Reader reader(mail);
    reader.read(whole, 0);
    reader.finish();
    return mail;
}

} // namespace visavis::sandbox::smtp
