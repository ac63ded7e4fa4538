// What is known of a user's accounts elsewhere. Rooms and calendars of Zoom and Google have no provider here, so an access to them that was
// taken over from other software is kept, sealed, and not used.
#include "reports/connections.hpp"

#include "payments/service.hpp"
#include "profiles/service.hpp"

namespace visavis::reports {

Result<Connections> listConnections(Call& call) {
    return visavis::read(call.store, [&](Reader& reader) -> Result<Connections> {
        auto const user = reader.get(identity::users, call.user());
        if (!user) return notFound();
        Connection stripe{ConnectionProvider::stripe, true, payments::isLive(call.platform), false, {}};
        if (auto const specialist = profiles::specialistOf(reader, user->id)) stripe.account = specialist->paymentSettings.stripeAccountId;
        stripe.connected = stripe.account.has_value();
        Connection const zoom{ConnectionProvider::zoom, false, false, user->zoomAccessToken.has_value(), {}};
        Connection const google{ConnectionProvider::google, false, false, user->googleAccessToken.has_value(), {}};
        return Connections{{stripe, zoom, google}};
    });
}

} // namespace visavis::reports
