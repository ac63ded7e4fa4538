// Profiles over HTTP: the directory, and what people say of themselves.
#include "profiles/api.hpp"

#include "profiles/search.hpp"

namespace visavis::profiles {

PublicSpecialist publicView(Specialist const& specialist) {
    auto view = project<PublicSpecialist>(specialist);
    view.availability = project<PublicAvailability>(specialist.availability);
    return view;
}

Result<Page<PublicSpecialist>> listSpecialists(Call& call, SpecialistSearch const& wanted) {
    TRY(auto const found, visavis::read(call.store, [&](Reader& reader) { return search(call, reader, wanted); }));
    Page<PublicSpecialist> page{{}, found.nextCursor};
    for (auto const& specialist : found.items) page.items.push_back(publicView(specialist));
    return page;
}

Result<PublicSpecialist> showSpecialist(Call& call, SpecialistPath const& path) {
    auto const found = visavis::read(call.store, [&](Reader& reader) { return publishedSpecialist(reader, path.idOrSlug); });
    if (!found) return notFound();
    return publicView(*found);
}

Result<OwnProfile> mySpecialist(Call& call) {
    auto const found = visavis::read(call.store, [&](Reader& reader) { return reader.get(specialists, call.specialist()); });
    if (!found) return notFound();
    return project<OwnProfile>(*found);
}

Result<Specialist> patchSpecialistIn(Call& call, Tx& tx, SpecialistPatch const& patch) {
    auto const current = tx.get(specialists, call.specialist());
    if (!current) return notFound();
    TRY(auto const wanted, patch.onto(project<WritableSpecialist>(*current)));
    return updateSpecialist(call, tx, *current, wanted);
}

Result<OwnProfile> patchSpecialist(Call& call, SpecialistPatch const& patch) {
    return call.transact([&](Tx& tx) -> Result<OwnProfile> {
        TRY(auto const updated, patchSpecialistIn(call, tx, patch));
        return project<OwnProfile>(updated);
    });
}

Result<Customer> myCustomer(Call& call) {
    auto const found = visavis::read(call.store, [&](Reader& reader) { return reader.get(customers, call.customer()); });
    if (!found) return notFound();
    return *found;
}

Result<Customer> patchCustomer(Call& call, CustomerPatch const& patch) {
    return call.transact([&](Tx& tx) -> Result<Customer> {
        auto const current = tx.get(customers, call.customer());
        if (!current) return notFound();
        TRY(auto const wanted, patch.onto(project<WritableCustomer>(*current)));
        return updateCustomer(call, tx, *current, wanted);
    });
}

} // namespace visavis::profiles
