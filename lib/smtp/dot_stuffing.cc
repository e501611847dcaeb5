#include "smtp/dot_stuffing.h"

#include <algorithm>

#include "base/ascii.h"

namespace mailcheck::smtp {
namespace {

// Takes the first line, without its line end, off the text.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
  const std::string_view line = text.substr(0, end);
  const bool is_pair = text.substr(end, 2) == "\r\n";
  text.remove_prefix(std::min(end + (is_pair ? 2 : 1), text.size()));
  return line;
}

}  // namespace

std::string stuff_dots(std::string_view message) {
  std::string out;
  out.reserve(message.size() + message.size() / 32 + 8);
  while (!message.empty()) {
    const std::string_view line = take_line(message);
    if (line.starts_with('.')) out += '.';
    out += line;
    out += "\r\n";
  }
  return out += ".\r\n";
}

std::size_t transmitted_size(std::string_view message) {
  std::size_t size = 0;
  while (!message.empty()) size += take_line(message).size() + 2;
  return size;
}

bool has_eight_bit(std::string_view message) {
  return !base::is_ascii(message);
}

}  // namespace mailcheck::smtp
