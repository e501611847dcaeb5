#include "base/secret.h"

#include <string.h>  // explicit_bzero

#include <algorithm>
#include <utility>

namespace mailcheck::base {

void wipe(char* data, std::size_t size) noexcept {
  if (size != 0) explicit_bzero(data, size);
}

void wipe(std::string& text) noexcept {
  text.resize(text.capacity());  // never allocates: the capacity is there already
  wipe(text.data(), text.size());
  text.clear();
}

Secret::Secret(Secret&& other) noexcept
    : data_(std::move(other.data_)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this == &other) return *this;
  clear();
  data_ = std::move(other.data_);
  size_ = std::exchange(other.size_, 0);
  capacity_ = std::exchange(other.capacity_, 0);
  return *this;
}

Secret Secret::take(std::string& source) {
  Secret result(source);
  wipe(source);
  return result;
}

void Secret::append(std::string_view bytes) {
  if (size_ + bytes.size() > capacity_) {
    const std::size_t capacity = std::max<std::size_t>(64, 2 * (size_ + bytes.size()));
    auto grown = std::make_unique<char[]>(capacity);
    std::copy_n(data_.get(), size_, grown.get());
    if (data_) wipe(data_.get(), capacity_);
    data_ = std::move(grown);
    capacity_ = capacity;
  }
  std::copy(bytes.begin(), bytes.end(), data_.get() + size_);
  size_ += bytes.size();
}

void Secret::clear() noexcept {
  if (data_) wipe(data_.get(), capacity_);
  data_.reset();
  size_ = 0;
  capacity_ = 0;
}

}  // namespace mailcheck::base
