// Folding by tables: a letter per code point, without case and accents, blank where there is no letter.
#include "profiles/search_terms.hpp"

#include "core/text.hpp"

#include <array>

namespace visavis::profiles {
namespace {

constexpr int gapBits = 61; // of 64, so that the number stays positive

struct Block {
    char32_t first;
    std::u32string_view letters;
};

// clang-format off
constexpr std::array<Block, 5> blocks{{
    // Latin
    {0xC0,
     U"aaaaaaæceeeeiiiidnooooo ouuuuyþßaaaaaaæceeeeiiiidnooooo ouuuuyþyaaaaaaccccccccddddeeeeeeeeeegggggggg"
     U"hhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnʼnnooooooœœrrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzsbɓƃƃƅƅɔƈ"
     U"ƈɖɗƌƌƍǝəɛƒƒɠɣƕɩiƙƙƚƛɯɲƞɵooƣƣƥƥʀƨƨʃƪƫƭƭʈuuʊʋƴƴƶƶʒƹƹƺƻƽƽƾƿǀǁǂǃdddlllnnnaaiioouuuuuuuuuuǝaaaaææǥǥggkkoo"
     U"ooʒʒjdddggƕƿnnaaææooaaaaeeeeiiiioooorrrruuuussttȝȝhhƞȡȣȣȥȥaaeeooooooooyyȴȵȶȷȸȹⱥȼȼƚⱦȿɀɂɂbʉʌɇɇɉɉɋɋɍɍɏɏ"},
    // Greek
    {0x370,
     U"ͱͱͳͳʹ ͷͷ   ͻͼͽ ϳ      α εηι ο υωιαβγδεζηθικλμνξοπρ στυφχψωιυαεηιυαβγδεζηθικλμνξοπρσστυφχψωιυουωϗβθυυ"
     U"υφπϗϙϙϛϛϝϝϟϟϡϡϣϣϥϥϧϧϩϩϫϫϭϭϯϯκρσϳθε ϸϸσϻϻϼͻͼͽ"},
    // Cyrillic
    {0x400,
     U"ееђгєѕііјљњћкиуџабвгдежзииклмнопрстуфхцчшщъыьэюяабвгдежзииклмнопрстуфхцчшщъыьэюяееђгєѕііјљњћкиуџѡѡѣѣ"
     U"ѥѥѧѧѩѩѫѫѭѭѯѯѱѱѳѳѵѵѵѵѹѹѻѻѽѽѿѿҁҁ        ҋҋҍҍҏҏґґғғҕҕҗҗҙҙққҝҝҟҟҡҡңңҥҥҧҧҩҩҫҫҭҭүүұұҳҳҵҵҷҷҹҹһһҽҽҿҿӏжжӄӄӆӆӈ"
     U"ӈӊӊӌӌӎӎӏааааӕӕееәәәәжжззӡӡииииооөөөөээууууууччӷӷыыӻӻӽӽӿӿ"},
    // Vietnamese and others
    {0x1E00,
     U"aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrrssss"
     U"ssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwyasẜẝßẟaaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeee"
     U"iiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyyỻỻỽỽỿỿ"},
    // old Greek
    {0x1F00,
     U"ααααααααααααααααεεεεεε  εεεεεε  ηηηηηηηηηηηηηηηηιιιιιιιιιιιιιιιιοοοοοο  οοοοοο  υυυυυυυυ υ υ υ υωωωω"
     U"ωωωωωωωωωωωωααεεηηιιοουυωω  ααααααααααααααααηηηηηηηηηηηηηηηηωωωωωωωωωωωωωωωωααααα ααααααα ι   ηηη ηη"
     U"εεηηη   ιιιι  ιιιιιι    υυυυρρυυυυυυρ     ωωω ωωοοωωω   "},
}};
// clang-format on

bool within(char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; }

// Combining marks and variation selectors belong to the letter before them.
bool isMark(char32_t c) { return within(c, 0x300, 0x36F) || within(c, 0xFE00, 0xFE0F) || c == 0x200D; }

// Punctuation, symbols and pictographs; of other scripts everything is taken for letters.
bool separates(char32_t c) {
    if (c < 0xC0) return !within(c, '0', '9') && !within(c, 'a', 'z');
    return within(c, 0x2000, 0x2BFF) || within(c, 0x3000, 0x3004) || within(c, 0x3008, 0x3020) || c == 0x30FB ||
           within(c, 0xFF01, 0xFF0F) || within(c, 0x1F000, 0x1FAFF);
}

char32_t foldedLetter(char32_t c) {
    if (within(c, 0xFF01, 0xFF5E)) c -= 0xFEE0; // full-width forms of ASCII
    if (within(c, 'A', 'Z')) return c + ('a' - 'A');
    if (within(c, 0x531, 0x556)) return c + 0x30; // Armenian capitals
    for (auto const& block : blocks)
        if (c >= block.first && c - block.first < block.letters.size()) return block.letters[c - block.first];
    return separates(c) ? U' ' : c;
}

void append(std::string& out, char32_t c) {
    auto const byte = [&](char32_t bits) { out += static_cast<char>(bits); };
    if (c < 0x80) return byte(c);
    if (c < 0x800) return byte(0xC0 | c >> 6), byte(0x80 | (c & 0x3F));
    if (c < 0x10000) return byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F));
    byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 0x3F)), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F));
}

// What is written as one letter and searched for as two.
void appendFolded(std::string& out, char32_t c) {
    switch (c) {
        case U'ß':
            out += "ss";
            return;
        case U'æ':
            out += "ae";
            return;
        case U'œ':
            out += "oe";
            return;
        case U'þ':
            out += "th";
            return;
        default:
            append(out, c);
    }
}

// The next code point of text that is known to be valid UTF-8.
char32_t take(std::string_view& text) {
    auto const lead = static_cast<unsigned char>(text.front());
    std::size_t const count = std::min<std::size_t>(lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4, text.size());
    char32_t value = count == 1 ? lead : lead & (0x7Fu >> count);
    for (std::size_t i = 1; i < count; ++i) value = value << 6 | (static_cast<unsigned char>(text[i]) & 0x3F);
    text.remove_prefix(count);
    return value;
}

} // namespace

std::string folded(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        auto const c = take(text);
        if (c == 0x1E9E)
            out += "ss"; // capital sharp s
        else if (!isMark(c))
            appendFolded(out, c < 0x80 && separates(foldedLetter(c)) ? c : foldedLetter(c));
    }
    return out;
}

std::set<std::string> wordsOf(std::string_view text) {
    std::set<std::string> words;
    auto const flat = folded(text);
    std::string word;
    auto const end = [&] {
        if (!word.empty()) words.insert(std::move(word));
        word.clear();
    };
    for (char const c : flat) {
        if (static_cast<unsigned char>(c) < 0x80 && separates(static_cast<char32_t>(c)))
            end();
        else
            word += c;
    }
    end();
    return words;
}

bool isFacet(std::string_view term) { return term.find(':') != term.npos; }

std::string facet(std::string_view kind, std::string_view value) { return std::string(kind) + ':' + folded(trimmed(value)); }

std::vector<std::string> searchTermsOf(Specialist const& specialist) {
    std::set<std::string> terms;
    auto const add = [&](std::string const& text) { terms.merge(wordsOf(text)); };
    add(specialist.creatorName);
    if (specialist.headline) add(*specialist.headline);
    if (specialist.bio) add(*specialist.bio);
    for (auto const& specialty : specialist.specialties) {
        add(specialty);
        terms.insert(facet("specialty", specialty.value));
    }
    for (auto const& language : specialist.languages) terms.insert(facet("language", language.value));
    terms.insert(facet("currency", specialist.consulting.currency.code()));
    return {terms.begin(), terms.end()};
}

std::int64_t bitsOf(std::string_view term) {
    std::uint64_t hash = 14'695'981'039'346'656'037U; // FNV-1a
    for (char const c : term) hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211U;
    auto const bits = std::int64_t{1} << (hash % gapBits);
    return isFacet(term) ? bits | std::int64_t{1} << ((hash >> 32) % gapBits) : bits;
}

void describeForSearch(Specialist& specialist) {
    specialist.searchTerms = searchTermsOf(specialist);
    specialist.facetGaps = specialist.wordGaps = (std::int64_t{1} << gapBits) - 1;
    for (auto const& term : specialist.searchTerms) (isFacet(term) ? specialist.facetGaps : specialist.wordGaps) &= ~bitsOf(term);
}

} // namespace visavis::profiles
