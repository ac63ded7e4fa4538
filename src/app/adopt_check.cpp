// What must hold among documents before any of them is touched: references, and what unique indexes will ask.
#include "app/adopt_image.hpp"

#include "reports/verify_audit.hpp"

namespace visavis::app {
namespace {

// The ids of every collection that an adoption knows.
std::map<CollectionSpec const*, std::set<ObjectId>> idsOf(Image& image) {
    std::map<CollectionSpec const*, std::set<ObjectId>> ids;
    image.each([&]<class T>(Collection<T> const& in, Table<T> const& table) {
        auto& known = ids[&in.spec()];
        for (auto const& [id, entry] : table) known.insert(id.id);
    });
    return ids;
}

bool isFresh(bool isOurs, bool isAltered) { return !isOurs || isAltered; }

// The keys of a document in a unique index; several for one over an array.
std::vector<std::string> keysOf(IndexSpec const& index, Bson const& document) {
    std::vector<std::string> keys{""};
    for (auto const& key : index.keys) {
        std::vector<std::string> longer;
        for (auto const& value : bsonAt(document.bytes, key.path))
            for (auto const& before : keys) longer.push_back(before + "\n" + wrapScalar(value).bytes);
        keys = std::move(longer);
    }
    return keys;
}

bool isIn(IndexSpec const& index, Bson const& document) {
    if (!index.where || !index.where->equals) return true; // without the member there is no key either
    auto const found = bsonAt(document.bytes, index.where->path);
    return found.size() == 1 && found.front() == Scalar(*index.where->equals);
}

std::string namesOf(IndexSpec const& index) {
    std::string names;
    for (auto const& key : index.keys) names += (names.empty() ? "" : ", ") + key.path;
    return names;
}

} // namespace

void checkReferences(Adoptee& adoptee) {
    auto const ids = idsOf(adoptee.image);
    adoptee.image.each([&]<class T>(Collection<T> const& in, Table<T> const& table) {
        for (auto const& reference : reports::references()) {
            auto const target = ids.find(reference.to);
            if (reference.from != &in.spec() || target == ids.end()) continue;
            for (auto const& [id, entry] : table) {
                if (!isFresh(entry.isOurs, entry.isAltered)) continue;
                for (auto const& value : bsonAt(toBson(entry.record).bytes, reference.path))
                    if (auto const* named = std::get_if<ObjectId>(&value); named != nullptr && !target->second.contains(*named))
                        adoptee.findings.add(in.spec(), id.id,
                                             reference.path + " names " + reference.to->name + " " + named->hex() + ", which is not there");
            }
        }
    });
}

void checkUnique(Adoptee& adoptee) {
    adoptee.image.each([&]<class T>(Collection<T> const& in, Table<T> const& table) {
        for (auto const& index : in.spec().indexes) {
            if (!index.unique) continue;
            std::map<std::string, ObjectId> holders;
            for (auto const& [id, entry] : table) {
                auto const document = toBson(entry.record);
                if (!isIn(index, document)) continue;
                std::optional<ObjectId> other;
                for (auto const& key : keysOf(index, document))
                    if (auto const [place, isNew] = holders.try_emplace(key, id.id); !isNew && place->second != id.id)
                        other = place->second;
                if (other) adoptee.findings.add(in.spec(), id.id, "has the same " + namesOf(index) + " as " + other->hex());
            }
        }
    });
}

Error Findings::error() const {
    constexpr std::size_t mostListed = 200;
    std::string text = "The database cannot be taken over as it is, and nothing was changed:\n";
    for (std::size_t i = 0; i < std::min(list_.size(), mostListed); ++i) text += "  " + list_[i] + "\n";
    if (list_.size() > mostListed) text += "  and " + std::to_string(list_.size() - mostListed) + " more\n";
    return failure(Code::conflict, "adopt", text + "Mend these with the software that wrote them, and begin again.");
}

} // namespace visavis::app
