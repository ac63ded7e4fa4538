// Look-ups in shapes.
#include "record/shape.hpp"

namespace visavis {
inline namespace record {

Field const* Shape::find(std::string_view wanted) const {
    for (auto const& field : fields)
        if (field.name == wanted) return &field;
    return nullptr;
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

}  // namespace record
}  // namespace visavis
