// The pages' functions, by file.
#pragma once

#include "web/visit.hpp"

namespace visavis::web {

Result<Answer> home(Visit& visit); // directory.cpp

// profile.cpp
Result<Answer> profile(Visit& visit);
Result<Answer> embedded(Visit& visit);

// book.cpp
Result<Answer> bookingForm(Visit& visit);
Result<Answer> createBooking(Visit& visit);

// bookings.cpp
Result<Answer> bookings(Visit& visit);
Result<Answer> calendar(Visit& visit);

// manage.cpp
Result<Answer> manage(Visit& visit);
Result<Answer> cancelBooking(Visit& visit);
Result<Answer> sendMessage(Visit& visit);
Result<Answer> completeBooking(Visit& visit);
Result<Answer> reviewBooking(Visit& visit);
Result<Answer> noteBooking(Visit& visit);
Result<Answer> reportAbsence(Visit& visit);

// move.cpp
Result<Answer> moveBooking(Visit& visit);
Result<Answer> confirmMove(Visit& visit);
Result<Answer> doMove(Visit& visit);

// pay.cpp
Result<Answer> pay(Visit& visit);

// accounts.cpp
Result<Answer> login(Visit& visit);
Result<Answer> logIn(Visit& visit);
Result<Answer> registration(Visit& visit);
Result<Answer> registerAccount(Visit& visit);
Result<Answer> verifyEmail(Visit& visit);
Result<Answer> consumeToken(Visit& visit);
Result<Answer> resendVerification(Visit& visit);
Result<Answer> forgotPassword(Visit& visit);
Result<Answer> askReset(Visit& visit);
Result<Answer> resetPassword(Visit& visit);
Result<Answer> setPassword(Visit& visit);
Result<Answer> logOut(Visit& visit);

} // namespace visavis::web
