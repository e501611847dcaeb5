// Range: when a number raises an alert, exactly as the monitoring-plugin-guidelines write it (definitions/01).
//
//   [@][START:][END]    alert outside START..END, end points belong to the range; "@" turns it round: alert inside
//   START               a number, or "~" for minus infinity; omitted: 0
//   END                 a number; omitted (after a colon): infinity
//
//   10      alert below 0 or above 10        :10     the same
//   10:     alert below 10                   ~:10    alert above 10
//   10:20   alert outside 10..20             @10:20  alert inside 10..20
//   :       alert below 0: both halves may be omitted, so this is "0:" (and the C plugins read it so)
//
// Numbers are [-+]digits[.digits] with a point whatever the locale says: no unit, comma, exponent, inf, nan or space.
// Refused besides: nothing at all ("" and "@"), START greater than END, and so a lone negative END ("-5" is 0:-5).
// A Range is a value; nothing here throws.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace mailcheck::plugin {

class Range {
 public:
  // The error is a clause for a person: what was given and what was expected. It may hold the user's own bytes, so it
  // goes through base/printable.h before it is printed (guarded.h does).
  [[nodiscard]] static tl::expected<Range, std::string> parse(std::string_view text);
  // "N:", alert below: days left of a certificate.
  [[nodiscard]] static Range at_least(double start);

  [[nodiscard]] bool alerts(double value) const;

  // Canonical: START omitted where it is 0 (":100", "@:100", but "0:"), shortest numbers that read back exactly.
  // parse(print()) is this range again, for every range.
  [[nodiscard]] std::string print() const;
  // As perfdata carries it: the bare END where the range is 0:END, because Icinga's core drops every warn and crit that
  // is not one number (Icinga/icinga2#9038); canonical otherwise, for those who read ranges.
  [[nodiscard]] std::string print_perfdata() const;

  bool operator==(const Range&) const = default;

 private:
  enum class Alert { outside, inside };
  Range(double start, double end, Alert alert) : start_(start), end_(end), alert_(alert) {}

  double start_;  // may be -infinity
  double end_;    // may be +infinity
  Alert alert_;
};

}  // namespace mailcheck::plugin
