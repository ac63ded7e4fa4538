// Profiles: made at registration, changed by their owners, counted up by the transactions that concern them.
#include "profiles/service.hpp"

#include "profiles/rules.hpp"
#include "profiles/search_terms.hpp"
#include "store/outbox.hpp"

namespace visavis::profiles {
namespace {

// A slug that nobody has: the name's, else with a few random letters behind it.
std::string freeSlug(Call& call, Tx& tx, std::string_view name) {
    auto slug = slugFrom(name, {});
    while (!isSlug(slug) || tx.find(specialists, specialists->slug == Text<3, 60>(slug)).first()) {
        std::string suffix;
        for (int i = 0; i < 5; ++i) suffix += "23456789abcdefghjkmnpqrstuvwxyz"[call.platform.rng.below(31)];
        slug = slugFrom(name, suffix);
    }
    return slug;
}

bool isPublished(Specialist const& specialist, User const& user) {
    return specialist.availability.isAvailable && user.isVerified && user.isActive;
}

// What slots are made of, as text that tells whether it is still the same.
std::string slotRules(Specialist const& specialist) {
    return toJson(specialist.availability) + toJson(specialist.consulting) + (specialist.published ? "+" : "-");
}

// Stores a changed profile, and lets slots and caches follow if they have to.
Result<void> store(Tx& tx, Specialist const& before, Specialist& after, Instant now) {
    bool const slotsFollow = slotRules(before) != slotRules(after);
    if (slotsFollow) ++after.availabilityVersion;
    after.updatedAt = now;
    CHECK(tx.replace(specialists, after));
    if (!slotsFollow) return ok;
    return emit(tx, AvailabilityRulesChanged{after.id}, after.id.hex() + ":" + std::to_string(after.availabilityVersion), now);
}

template <class T> Result<void> change(Tx& tx, Collection<T> const& in, Ref<T> id, Changes<T> changes) {
    TRY(bool const found, tx.update(in, in->id == id, std::move(changes)));
    if (!found) return notFound();
    return ok;
}

// What a customer has paid, by `amount` more in `payments` more bookings.
Result<void> countSpent(Tx& tx, Ref<Customer> customerId, MinorUnits amount, std::int64_t payments) {
    auto customer = tx.get(customers, customerId);
    if (!customer) return notFound();
    customer->totalSpent += amount;
    customer->paidBookings += payments;
    customer->averageSpentPerSession = customer->paidBookings > 0 ? proportion(customer->totalSpent, 1, customer->paidBookings) : 0;
    return tx.replace(customers, *customer);
}

// Who is behind a log-in, and the log-in.
struct LookedUp {
    identity::Caller caller;
    identity::AuthSession session;
};

std::optional<LookedUp> lookUp(Reader& reader, std::string_view token, Instant now) {
    auto found = identity::recognise(reader, token, now);
    if (!found) return std::nullopt;
    identity::Caller caller;
    if (auto const specialist = specialistOf(reader, found->user.id)) caller.specialistId = specialist->id;
    if (auto const customer = customerOf(reader, found->user.id)) caller.customerId = customer->id;
    caller.userId = found->user.id;
    caller.userType = found->user.userType;
    caller.roles = found->user.roles;
    caller.isVerified = found->user.isVerified;
    caller.logIn = found->session.id;
    return LookedUp{std::move(caller), std::move(found->session)};
}

// `caller` as whom a log-in proves; where the request comes from stays.
void actAs(identity::Caller const& known, identity::Caller& caller) {
    auto const ip = std::move(caller.ip);
    auto const userAgent = std::move(caller.userAgent);
    caller = known;
    caller.ip = ip;
    caller.userAgent = userAgent;
}

// Under which generation of its user a log-in that is looked up now may be remembered: whose it is must be known before the snapshot.
std::optional<Hold> holdOf(Platform& platform, std::string_view token) {
    if (!platform.store.alone()) return std::nullopt; // which saves the question
    auto const userId = visavis::read(platform.store, [&](Reader& reader) { return identity::userOfToken(reader, token); });
    return userId ? holdOn(platform.store, userId->id) : std::nullopt;
}

// Nothing when it has ended meanwhile.
std::optional<Instant> endOf(Platform& platform, Ref<identity::AuthSession> logIn) {
    auto const session = visavis::read(platform.store, [&](Reader& reader) { return reader.get(identity::authSessions, logIn); });
    return session ? std::optional(session->expiresAt) : std::nullopt;
}

} // namespace

bool recall(Platform& platform, std::string_view token, Instant now, identity::Caller& caller) {
    auto const known = recalled(platform.store, platform.memory.logIns, sha256Hex(token), now);
    if (!known) return false;
    actAs(**known, caller);
    return true;
}

bool recognise(Platform& platform, std::string_view token, Instant now, identity::Caller& caller) {
    if (recall(platform, token, now, caller)) return true;
    auto hold = holdOf(platform, token);
    auto const found = visavis::read(platform.store, [&](Reader& reader) { return lookUp(reader, token, now); });
    if (!found) return false;
    actAs(found->caller, caller);
    auto const& session = found->session;
    // A log-in that could not slide is still one: the next request tries again.
    if (identity::wantsSliding(session, now)) {
        if (identity::slide(platform, session, now)) caller.slidTo = endOf(platform, session.id);
    } else if (hold && hold->owner == session.userId.id) {
        hold->validUntil = identity::unchangedUntil(session);
        auto const& key = session.tokenHash.value;
        platform.memory.logIns.keep(key, *hold, std::make_shared<identity::Caller const>(found->caller),
                                    key.size() + sizeof(found->caller));
    }
    return true;
}

Result<Specialist> createSpecialist(Call& call, Tx& tx, User const& user, std::optional<Zone> timezone) {
    Specialist specialist;
    specialist.id = call.newId<Specialist>();
    specialist.userId = user.id;
    specialist.email = user.email;
    specialist.creatorName = user.name;
    specialist.slug = freeSlug(call, tx, user.name.value);
    if (timezone) specialist.availability.timezone = *timezone;
    describeForSearch(specialist);
    specialist.createdAt = specialist.updatedAt = call.now;
    CHECK(tx.insert(specialists, specialist));
    return specialist;
}

Result<Customer> createCustomer(Call& call, Tx& tx, User const& user, std::optional<Zone> timezone) {
    Customer customer;
    customer.id = call.newId<Customer>();
    customer.userId = user.id;
    customer.email = user.email;
    customer.name = user.name;
    customer.timezone = timezone;
    customer.emailVerified = user.isVerified;
    customer.createdAt = customer.updatedAt = call.now;
    CHECK(tx.insert(customers, customer));
    return customer;
}

namespace {

// Of what is new; what was there may come from other software.
Result<void> checkImage(std::optional<Text<1, 2048>> const& image) {
    if (!image || isUrl(image->value)) return ok;
    bool const isOurs = image->value.starts_with('/') && !image->value.starts_with("//");
    return isOurs ? ok : Result<void>(invalid("/profileImage", "format", "Must be an http(s) address, or a path of this site."));
}

} // namespace

Result<Specialist> updateSpecialist(Call& call, Tx& tx, Specialist current, WritableSpecialist const& wanted) {
    CHECK(checkSpecialist(wanted, call.platform.payments));
    CHECK(call.checkVersion(current.version));
    auto const user = tx.get(identity::users, current.userId);
    if (!user) return notFound();
    auto updated = current;
    assign(updated, normalised(wanted));
    updated.published = isPublished(updated, *user);
    describeForSearch(updated);
    if (toJson(updated) == toJson(current)) return current;
    if (updated.profileImage != current.profileImage) {
        CHECK(checkImage(updated.profileImage));
        CHECK(identity::describeUser(tx, *user, user->name, updated.profileImage, call.now));
        CHECK(keepImage(tx, user->id, {})); // what was uploaded is not shown any more
    }
    CHECK(store(tx, current, updated, call.now));
    return updated;
}

Result<Customer> updateCustomer(Call& call, Tx& tx, Customer current, WritableCustomer const& wanted) {
    CHECK(checkCustomer(wanted));
    CHECK(call.checkVersion(current.version));
    auto updated = current;
    assign(updated, wanted);
    if (toJson(updated) == toJson(current)) return current;
    if (updated.name != current.name || updated.profileImage != current.profileImage) {
        auto const user = tx.get(identity::users, current.userId);
        if (!user) return notFound();
        if (updated.profileImage != current.profileImage) CHECK(checkImage(updated.profileImage));
        CHECK(identity::describeUser(tx, *user, updated.name, updated.profileImage, call.now));
        if (updated.profileImage != current.profileImage) CHECK(keepImage(tx, user->id, {}));
    }
    updated.updatedAt = call.now;
    CHECK(tx.replace(customers, updated));
    return updated;
}

Result<void> keepImage(Tx& tx, Ref<User> userId, std::optional<Image> const& image) {
    auto const stored = tx.find(images, images->userId == userId).first();
    if (stored && image && stored->id == image->id) return ok;
    if (stored) CHECK(tx.erase(images, images->id == stored->id));
    if (image) CHECK(tx.insert(images, *image));
    return ok;
}

MinorUnits priceFor(Consulting const& consulting, std::int64_t minutes) {
    return consulting.basePrice ? proportion(*consulting.basePrice, minutes, consulting.defaultDuration) : 0;
}

std::optional<Specialist> specialistOf(Reader& reader, Ref<User> userId) {
    return reader.find(specialists, specialists->userId == userId).first();
}

std::optional<Customer> customerOf(Reader& reader, Ref<User> userId) { return reader.find(customers, customers->userId == userId).first(); }

std::optional<Specialist> publishedSpecialist(Reader& reader, std::string_view idOrSlug) {
    auto const id = ObjectId::parse(idOrSlug);
    auto found = id ? reader.get(specialists, Ref<Specialist>{*id})
                    : reader.find(specialists, specialists->slug == Text<3, 60>(std::string(idOrSlug))).first();
    if (found && !found->published) found.reset();
    return found;
}

Result<void> bumpAvailability(Tx& tx, Ref<Specialist> specialistId) {
    return change(tx, specialists, specialistId, Changes<Specialist>{}.inc(specialists->availabilityVersion, 1));
}

Result<void> slotsMade(Tx& tx, Ref<Specialist> specialistId, LocalDate horizon, std::string const& tzVersion) {
    return change(tx, specialists, specialistId,
                  set(specialists->horizon, horizon).set(specialists->tzVersion, tzVersion).inc(specialists->availabilityVersion, 1));
}

Result<void> slotsChecked(Tx& tx, Ref<Specialist> specialistId, LocalDate utcDay) {
    auto specialist = tx.get(specialists, specialistId);
    if (!specialist) return notFound();
    specialist->slotsCheckedOn = utcDay;
    describeForSearch(*specialist); // a newer version of ours may find it by more
    return tx.replace(specialists, *specialist);
}

Result<void> countConfirmed(Tx& tx, Ref<Specialist> specialistId, Ref<Customer> customerId) {
    CHECK(change(tx, specialists, specialistId, Changes<Specialist>{}.inc(specialists->totalBookings, 1)));
    return change(tx, customers, customerId, Changes<Customer>{}.inc(customers->totalBookings, 1));
}

Result<void> countPayment(Tx& tx, Ref<Specialist> specialistId, Ref<Customer> customerId, MinorUnits amount, MinorUnits payout) {
    CHECK(change(tx, specialists, specialistId, Changes<Specialist>{}.inc(specialists->totalEarnings, payout)));
    return countSpent(tx, customerId, amount, 1);
}

Result<void> countRefund(Tx& tx, Ref<Specialist> specialistId, Ref<Customer> customerId, MinorUnits amount, MinorUnits specialistShare) {
    CHECK(change(tx, specialists, specialistId, Changes<Specialist>{}.inc(specialists->totalEarnings, -specialistShare)));
    return countSpent(tx, customerId, -amount, 0);
}

Result<void> rated(Tx& tx, Ref<Specialist> specialistId, double averageRating, std::int64_t reviewCount) {
    return change(tx, specialists, specialistId, set(specialists->averageRating, averageRating).set(specialists->reviewCount, reviewCount));
}

Result<void> countAnswers(Tx& tx, Ref<Specialist> specialistId, std::int64_t answers, Millis waited) {
    auto specialist = tx.get(specialists, specialistId);
    if (!specialist) return notFound();
    specialist->answeredRequests += answers;
    specialist->answeredAfterMs += waited.count();
    specialist->responseTime = meanHours(specialist->answeredAfterMs, specialist->answeredRequests);
    return tx.replace(specialists, *specialist);
}

Result<void> refreshPublication(Tx& tx, User const& user, Instant now) {
    auto const current = specialistOf(tx, user.id);
    if (!current) return ok;
    auto updated = *current;
    updated.published = isPublished(updated, user);
    // Written whether it changes or not: a PATCH that decides the same at this moment from the account as it was meets us here, and decides again.
    return store(tx, *current, updated, now);
}

Result<void> accountChanged(Tx& tx, User const& user, Instant now) {
    CHECK(refreshPublication(tx, user, now));
    auto const customer = customerOf(tx, user.id);
    if (!customer) return ok;
    auto const status = user.isActive ? CustomerStatus::active : CustomerStatus::suspended;
    return change(tx, customers, customer->id, set(customers->status, status).set(customers->updatedAt, now));
}

Result<void> emailVerified(Tx& tx, User const& user, Instant now) {
    CHECK(refreshPublication(tx, user, now));
    auto const customer = customerOf(tx, user.id);
    if (!customer) return ok;
    return change(tx, customers, customer->id, set(customers->emailVerified, user.isVerified).set(customers->updatedAt, now));
}

} // namespace visavis::profiles
