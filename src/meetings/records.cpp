// Where the collections of records.hpp and their indexes are made: once, not in every file that names them.
#include "meetings/records.hpp"

namespace visavis::meetings {

DEFINE_COLLECTION(Session, sessions) {
    auto const& it = paths<Session>();
    return collection<Session>("sessions").index(it.bookingId).index(it.zoomMeetingId);
}

} // namespace visavis::meetings
