// I18: what the directory shows, against what the account and the profile say.
#include "profiles/records.hpp"
#include "reports/verify_audit.hpp"

namespace visavis::reports {

using profiles::Specialist;
using profiles::specialists;

void checkPublication(Audit& audit) {
    audit.each(specialists, [&](Specialist const& specialist) {
        auto const user = audit.reader.get(identity::users, specialist.userId);
        if (!user) return; // I14
        audit.count();
        bool const mayBeSeen = specialist.availability.isAvailable && user->isVerified && user->isActive;
        audit.expect(specialist.published == mayBeSeen, specialists, specialist,
                     mayBeSeen ? "is not published" : "is published, and may not be");
    });
}

} // namespace visavis::reports
