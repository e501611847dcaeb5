#include "plugin/range.h"

#include <limits>
#include <optional>

#include "base/number.h"

namespace mailcheck::plugin {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
// The smallest double has its first digit at the 324th place; 17 more than that are never needed to tell two apart.
constexpr int kMostDecimals = 341;

// The shortest text without exponent that reads back as the same double.
std::string print_exact(double value) {
  for (int decimals = 0; decimals < kMostDecimals; ++decimals) {
    std::string text = base::print_fixed(value, decimals);
    if (base::parse_decimal(text) == value) return text;
  }
  return base::print_fixed(value, kMostDecimals);
}

tl::unexpected<std::string> refuse(std::string_view text, std::string_view reason) {
  constexpr std::size_t kQuotedAtMost = 60;
  std::string quoted(text.substr(0, kQuotedAtMost));
  if (text.size() > kQuotedAtMost) quoted += "...";
  return tl::unexpected<std::string>("'" + quoted + "' " + std::string(reason));
}

constexpr std::string_view kExpected =
    "is not a range; expected [@][START:][END] with plain numbers, for example 5, 2:5, 2:, ~:5 or @2:5";

// Adding zero turns -0 into 0, so that "-0" and "0" are one range with one text.
std::optional<double> parse_number(std::string_view text) {
  const auto value = base::parse_decimal(text);
  return value ? std::optional<double>(*value + 0.0) : std::nullopt;
}

std::optional<double> parse_start(std::string_view text) {
  if (text.empty()) return 0.0;
  return text == "~" ? -kInfinity : parse_number(text);
}

std::optional<double> parse_end(std::string_view text) {
  return text.empty() ? kInfinity : parse_number(text);
}

}  // namespace

tl::expected<Range, std::string> Range::parse(std::string_view text) {
  const bool is_inverted = text.starts_with('@');
  const std::string_view body = is_inverted ? text.substr(1) : text;
  if (body.empty()) return refuse(text, kExpected);
  const std::size_t colon = body.find(':');
  const bool is_lone_end = colon == std::string_view::npos;
  const auto start = is_lone_end ? std::optional<double>(0.0) : parse_start(body.substr(0, colon));
  const auto end = parse_end(is_lone_end ? body : body.substr(colon + 1));
  if (!start || !end) return refuse(text, kExpected);
  if (*start > *end && is_lone_end) {
    return refuse(text,
                  "is a lone end below 0, where the range starts; expected a start too, for example -10:-5 or ~:-5");
  }
  if (*start > *end) return refuse(text, "starts above its end; expected the smaller number first");
  return Range(*start, *end, is_inverted ? Alert::inside : Alert::outside);
}

Range Range::at_least(double start) {
  return {start, kInfinity, Alert::outside};
}

bool Range::alerts(double value) const {
  const bool is_inside = value >= start_ && value <= end_;
  return is_inside == (alert_ == Alert::inside);
}

std::string Range::print() const {
  std::string text = alert_ == Alert::inside ? "@" : "";
  if (start_ == -kInfinity) {
    text += '~';
  } else if (start_ != 0 || end_ == kInfinity) {
    text += print_exact(start_);
  }
  text += ':';
  if (end_ != kInfinity) text += print_exact(end_);
  return text;
}

std::string Range::print_perfdata() const {
  const bool is_from_zero = alert_ == Alert::outside && start_ == 0 && end_ != kInfinity;
  return is_from_zero ? print_exact(end_) : print();
}

}  // namespace mailcheck::plugin
