// Bytes read and not yet used: one block that is small while a connection idles and grows only while a request needs it.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace visavis::http {

class InputBuffer {
public:
    std::string_view view() const { return {bytes_.get() + begin_, end_ - begin_}; }
    std::size_t size() const { return end_ - begin_; }
    bool empty() const { return begin_ == end_; }
    char* tail() { return bytes_.get() + end_; }
    std::size_t room() const { return capacity_ - end_; }
    void commit(std::size_t bytes) {
        assert(bytes <= room());
        end_ += bytes;
    }
    void consume(std::size_t bytes) {
        assert(bytes <= size());
        begin_ += bytes;
        if (begin_ == end_) begin_ = end_ = 0;
    }
    void clear() { begin_ = end_ = 0; }

    // Makes room for at least `wanted` bytes after the ones held.
    void prepare(std::size_t wanted) {
        if (room() >= wanted) return;
        if (capacity_ - size() >= wanted && begin_ >= capacity_ / 2) {
            std::memmove(bytes_.get(), bytes_.get() + begin_, size());
        } else {
            move(std::max(idleSize, std::max(capacity_ * 2, size() + wanted)));
        }
        end_ -= begin_;
        begin_ = 0;
    }

    // Gives memory back; only while empty and while no read is under way.
    void shrink() {
        assert(empty());
        if (capacity_ > idleSize) *this = InputBuffer();
    }

private:
    static constexpr std::size_t idleSize = 1024; // most requests fit

    void move(std::size_t capacity) {
        auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
        if (!empty()) std::memcpy(bytes.get(), bytes_.get() + begin_, size());
        bytes_ = std::move(bytes);
        capacity_ = capacity;
    }

    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

} // namespace visavis::http
