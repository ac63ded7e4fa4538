// Messages in the reader's language. The functions that name them are generated from web/messages (tools/pages.py) on top of this.
#pragma once

#include "notifications/language.hpp"

#include <concepts>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace visavis::web {

using notifications::Language;

// A value in a message. {count|review|reviews} chooses by whether it is 1.
struct Word {
    std::string text;
    bool one = false;

    Word(std::string_view value) : text(value) {}
    Word(std::string value) : text(std::move(value)) {}
    Word(char const* value) : text(value) {}
    template <class T>
    requires std::convertible_to<T const&, std::string const&> Word(T const& value) : text(static_cast<std::string const&>(value)) {}
    template <std::integral T> Word(T value) : text(std::to_string(value)), one(value == 1) {}
};

// Of the generated tables: languages and keys in alphabetical order.
std::span<std::string_view const> messageLanguages();
std::span<std::string_view const> messageKeys();
std::string_view messageText(std::size_t language, std::size_t key);

class Words {
public:
    explicit Words(Language language);

    Language language() const { return language_; }
    std::string_view code() const; // "en"
    // A message by its name, for names that the program puts together ("error_" + code); empty when there is none.
    std::string_view plain(std::string_view key) const;

protected:
    using Values = std::initializer_list<std::pair<std::string_view, Word const*>>;
    std::string_view text(std::size_t key) const { return messageText(row_, key); }
    static std::string filled(std::string_view pattern, Values values);

private:
    Language language_;
    std::size_t row_ = 0;
};

// By BCP 47 primary subtag; nothing for languages that there are no messages in.
std::optional<Language> languageNamed(std::string_view code);
// The first language of an Accept-Language header (RFC 9110 §12.5.4) that there are messages in, by its weights; else English.
Language acceptedLanguage(std::string_view header);

} // namespace visavis::web
