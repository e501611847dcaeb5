#include "dns/record_data.h"

#include <arpa/nameser.h>
#include <resolv.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "dns/answer_section.h"

namespace mailcheck::dns {
namespace {

constexpr unsigned char kCritical = 0x80;

unsigned char byte(std::string_view data, std::size_t at) {
  return static_cast<unsigned char>(data[at]);
}

bool is_letter_or_digit(char c) {
  return base::is_digit(c) || (base::to_lower(c) >= 'a' && base::to_lower(c) <= 'z');
}

}  // namespace

std::optional<std::string> read_name(std::string_view data) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(data.data());
  std::array<unsigned char, NS_MAXCDNAME> name{};
  // With the name alone as the whole message, a compression pointer has nowhere to lead to but into a circle.
  const int size = ns_name_unpack(bytes, bytes + data.size(), bytes, name.data(), name.size());
  std::array<char, NS_MAXDNAME> text{};
  if (size < 0 || static_cast<std::size_t>(size) != data.size()) return std::nullopt;
  if (ns_name_ntop(name.data(), text.data(), text.size()) < 0) return std::nullopt;
  return std::string(without_final_stop(text.data()));
}

std::optional<MailExchange> read_mx(std::string_view data) {
  if (data.size() < 3) return std::nullopt;
  auto host = read_name(data.substr(2));
  if (!host) return std::nullopt;
  return MailExchange{.preference = static_cast<std::uint16_t>(byte(data, 0) << 8 | byte(data, 1)),
                      .host = std::move(*host)};
}

std::optional<std::string> read_txt(std::string_view data) {
  if (data.empty()) return std::nullopt;
  std::string text;
  while (!data.empty()) {
    const std::size_t size = byte(data, 0);
    if (size >= data.size()) return std::nullopt;
    text += data.substr(1, size);
    data.remove_prefix(size + 1);
  }
  return text;
}

std::optional<CertificationAuthority> read_caa(std::string_view data) {
  if (data.size() < 2) return std::nullopt;
  const std::size_t tag_size = byte(data, 1);
  if (tag_size == 0 || data.size() < tag_size + 2) return std::nullopt;
  std::string tag(data.substr(2, tag_size));
  if (!std::all_of(tag.begin(), tag.end(), is_letter_or_digit)) return std::nullopt;
  std::transform(tag.begin(), tag.end(), tag.begin(), [](char c) { return base::to_lower(c); });
  return CertificationAuthority{.is_critical = (byte(data, 0) & kCritical) != 0,
                                .tag = std::move(tag),
                                .value = std::string(data.substr(tag_size + 2))};
}

}  // namespace mailcheck::dns
