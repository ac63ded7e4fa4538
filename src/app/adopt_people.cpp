// Users and their profiles.
#include "app/adopt_image.hpp"

#include "core/text.hpp"
#include "profiles/takeover.hpp"

namespace visavis::app {
namespace {

// bcrypt's modular format, as every library writes it: $2a$, $2b$ or $2y$, cost, 22 characters of salt and 31 of hash.
bool isBcrypt(std::string_view hash) {
    return hash.size() == 60 && hash.starts_with("$2") && (hash[2] == 'a' || hash[2] == 'b' || hash[2] == 'y') && hash[3] == '$' &&
           hash[6] == '$';
}

void sealToken(Adoptee& adoptee, User const& user, std::optional<Secret>& token) {
    if (token && token->value.empty()) token.reset();
    if (!token || identity::isSealed(token->value)) return;
    if (adoptee.how.sealer)
        token->value = adoptee.how.sealer->seal(adoptee.rng, token->value);
    else
        adoptee.tokensLeft.insert(user.id);
}

// The address is the user's; profiles hold copies. Without a name of its own a profile has its user's, as at registration.
template <class T> User* copyUser(Adoptee& adoptee, CollectionSpec const& in, Entry<T>& entry) {
    auto* const user = recordOf(adoptee.image.users, entry.record.userId);
    if (user == nullptr) {
        if (entry.has("userId")) adoptee.findings.add(in, entry.record.id.id, "userId names no user: " + entry.record.userId.hex());
        return nullptr;
    }
    entry.record.email = user->email;
    return user;
}

void settleSpecialist(Adoptee& adoptee, Entry<Specialist>& entry, std::set<std::string>& slugs) {
    auto& specialist = entry.record;
    auto const* user = copyUser(adoptee, profiles::specialists.spec(), entry);
    if (user == nullptr) return;
    if (!entry.has("creatorName")) specialist.creatorName = user->name;
    auto const own = bsonAt(entry.before->bytes, "slug");
    auto const* slug = own.size() == 1 ? std::get_if<std::string>(&own.front()) : nullptr;
    specialist.slug = slug != nullptr && profiles::maySlugStay(*slug, slugs) ? Text<3, 60>(*slug) : profiles::slugFor(specialist, slugs);
    slugs.insert(specialist.slug.value);
    for (auto& pause : specialist.availability.breakTimes) pause.day = lowered(pause.day.value);
    profiles::settlePublication(specialist, *user);
}

} // namespace

std::optional<Ref<User>> userBehind(Image& image, ObjectId const& id) {
    if (image.users.contains({id})) return Ref<User>{id};
    if (auto const* specialist = recordOf(image.specialists, Ref<Specialist>{id})) return specialist->userId;
    if (auto const* customer = recordOf(image.customers, Ref<Customer>{id})) return customer->userId;
    return std::nullopt;
}

void settleUsers(Adoptee& adoptee) {
    for (auto& [id, entry] : adoptee.image.users) {
        auto& user = entry.record;
        if (entry.isOurs) continue;
        if (entry.has("password") && !isBcrypt(user.password.value))
            adoptee.findings.add(identity::users.spec(), id.id, "password is no bcrypt hash");
        if (user.verificationToken) user.verificationToken->value = sha256Hex(user.verificationToken->value); // as ours are kept
        sealToken(adoptee, user, user.googleAccessToken);
        sealToken(adoptee, user, user.zoomAccessToken);
    }
}

void settleProfiles(Adoptee& adoptee) {
    auto& image = adoptee.image;
    std::set<std::string> slugs;
    for (auto const& [id, entry] : image.specialists)
        if (entry.isOurs) slugs.insert(entry.record.slug.value);
    for (auto& [id, entry] : image.specialists)
        if (!entry.isOurs) settleSpecialist(adoptee, entry, slugs);
    for (auto& [id, entry] : image.customers) {
        if (entry.isOurs) continue;
        auto const* user = copyUser(adoptee, profiles::customers.spec(), entry);
        if (user == nullptr) continue;
        if (!entry.has("name")) entry.record.name = user->name;
        entry.record.emailVerified = user->isVerified;
    }
}

} // namespace visavis::app
