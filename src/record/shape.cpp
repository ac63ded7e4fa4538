// Look-ups in shapes.
#include "record/shape.hpp"

namespace visavis {
inline namespace record {

Field const* Shape::find(std::string_view wanted) const {
    for (auto const& field : fields)
        if (field.name == wanted) return &field;
    return nullptr;
}

Field const* Shape::findNext(std::string_view wanted, std::size_t& expected) const {
    auto const* field = expected < fields.size() && fields[expected].name == wanted ? &fields[expected] : find(wanted);
    if (field != nullptr) expected = static_cast<std::size_t>(field - fields.data()) + 1;
    return field;
}

Shape const* shapeAt(Shape const& root, std::string_view dottedPath) {
    auto const* shape = &root;
    while (!dottedPath.empty()) {
        while (shape->kind == Kind::optional || shape->kind == Kind::array) shape = shape->inner;
        if (shape->kind != Kind::record) return nullptr;
        auto const dot = dottedPath.find('.');
        auto const step = dottedPath.substr(0, dot);
        auto const* field = shape->find(step == "_id" ? "id" : step);
        if (field == nullptr) return nullptr;
        shape = field->shape;
        dottedPath = dot == dottedPath.npos ? std::string_view{} : dottedPath.substr(dot + 1);
    }
    return shape;
}

} // namespace record
} // namespace visavis
