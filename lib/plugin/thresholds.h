// Thresholds: the ranges that the user gave with -w and -c, by perfdata label. Every label can have its own.
//
// This room knows no list of labels: whether a label exists is the plugin's matter (labels() is for that test).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "plugin/range.h"
#include "plugin/status.h"

namespace mailcheck::plugin {

struct Limits {
  std::optional<Range> warning = {};
  std::optional<Range> critical = {};

  [[nodiscard]] bool is_empty() const { return !warning && !critical; }
  bool operator==(const Limits&) const = default;
};

// CRITICAL is tested first; OK without a range. A value that is not a number cannot be judged: UNKNOWN, if there is a
// range to judge it by.
[[nodiscard]] Status judge(const Limits& limits, double value);

class Thresholds {
 public:
  // The last one given for a label wins.
  void set_warning(std::string_view label, const Range& range) { find_or_add(label).warning = range; }
  void set_critical(std::string_view label, const Range& range) { find_or_add(label).critical = range; }

  // Empty limits for a label that nobody named.
  [[nodiscard]] const Limits& limits(std::string_view label) const;
  [[nodiscard]] bool has(std::string_view label) const;
  // In the order in which they were first named.
  [[nodiscard]] std::vector<std::string> labels() const;

 private:
  [[nodiscard]] Limits& find_or_add(std::string_view label);

  std::vector<std::pair<std::string, Limits>> entries_;
};

// "[LABEL=]RANGE", the value of -w and -c; without a label it is default_label's. The error is a clause for a person,
// as Range::parse gives it.
using LabelledRange = std::pair<std::string, Range>;
[[nodiscard]] tl::expected<LabelledRange, std::string> parse_labelled(std::string_view text,
                                                                      std::string_view default_label);

}  // namespace mailcheck::plugin
