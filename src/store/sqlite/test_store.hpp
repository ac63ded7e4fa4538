// A directory of its own for a test's store, removed with everything in it.
#pragma once

#include "store/sqlite/engine.hpp"

#include <cstdlib>
#include <stdexcept>

namespace visavis::inline store::sqlite {

class TestPlace {
public:
    TestPlace() {
        std::string name = (std::filesystem::temp_directory_path() / "visavis-store-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
        path = name;
    }
    TestPlace(TestPlace const&) = delete;
    TestPlace& operator=(TestPlace const&) = delete;
    ~TestPlace() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }

    SqliteSettings settings() const {
        SqliteSettings chosen;
        chosen.file = path / "store.db";
        return chosen;
    }

    std::filesystem::path path;
};

} // namespace visavis::store::sqlite
