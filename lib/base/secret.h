// Secret: bytes that must not be seen. It has no stream operator and no formatter, in every build, and cannot be copied
// by accident; its storage is overwritten when it is destroyed, moved from, shortened or grown. Not a promise against a
// debugger while the secret is in use, only that nothing is left behind afterwards.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace mailcheck::base {

// Overwrites memory in a way that the compiler may not drop.
void wipe(char* data, std::size_t size) noexcept;
// Overwrites the whole capacity of the string and empties it.
void wipe(std::string& text) noexcept;

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view bytes) { append(bytes); }
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { clear(); }

  // Takes the text over and leaves the source wiped and empty.
  [[nodiscard]] static Secret take(std::string& source);
  // A deliberate copy.
  [[nodiscard]] Secret clone() const { return Secret(expose()); }

  // The one way to the bytes; the view dies with the next change of this object.
  [[nodiscard]] std::string_view expose() const { return {data_.get(), size_}; }
  void append(std::string_view bytes);
  void clear() noexcept;
  [[nodiscard]] bool is_empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  std::unique_ptr<char[]> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace mailcheck::base
