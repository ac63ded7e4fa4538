// An engine on MongoDB that remembers what it is asked, so that a test can say which questions read a whole collection.
#pragma once

#include "store/mongo/engine.hpp"

namespace visavis::support {

std::unique_ptr<Engine> watched(std::unique_ptr<MongoEngine> engine);
// Questions of this engine that no index leads, each told once in a process; nothing of an engine that is not watched.
std::vector<std::string> unledQuestions(Engine& engine);

} // namespace visavis::support
