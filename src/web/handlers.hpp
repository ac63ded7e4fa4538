// The pages' functions, by file.
#pragma once

#include "web/visit.hpp"

namespace visavis::web {

Result<Answer> home(Visit& visit); // directory.cpp

// profile.cpp
Result<Answer> profile(Visit& visit);
Result<Answer> embedded(Visit& visit);

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
