#include "plugin/headline.h"

#include <algorithm>

#include "base/printable.h"

namespace mailcheck::plugin {
namespace {

constexpr std::size_t kShownAtMost = 3;
// One talkative server must not push the other findings out.
constexpr std::size_t kOneOfSeveral = 256;

using Chosen = std::vector<const Finding*>;

Chosen problems(const Report& report) {
  Chosen chosen;
  for (const Finding& finding : report.findings) {
    if (finding.status != Status::ok) chosen.push_back(&finding);
  }
  std::stable_sort(chosen.begin(), chosen.end(),
                   [](const Finding* left, const Finding* right) { return is_worse(left->status, right->status); });
  return chosen;
}

Chosen notes(const Report& report) {
  Chosen chosen;
  for (const Finding& finding : report.findings) {
    if (finding.status == Status::ok) chosen.push_back(&finding);
  }
  return chosen;
}

void append_clause(std::string& text, std::string_view clause) {
  if (clause.empty()) return;
  if (!text.empty()) text += "; ";
  text += clause;
}

// A finding without words still has its name.
std::string words(const Finding& finding, std::size_t limit) {
  return base::printable(finding.text.empty() ? finding.name : finding.text, limit);
}

void append_findings(std::string& text, const Chosen& chosen, std::string_view prefix) {
  const std::size_t shown = std::min(chosen.size(), kShownAtMost);
  const std::size_t limit = chosen.size() == 1 ? kHeadlineLimit : kOneOfSeveral;
  for (std::size_t i = 0; i < shown; ++i) append_clause(text, std::string(prefix) + words(*chosen[i], limit));
  if (chosen.size() > shown) append_clause(text, "and " + std::to_string(chosen.size() - shown) + " more");
}

}  // namespace

std::string headline(const Report& report, int verbosity) {
  std::string text;
  const Chosen bad = problems(report);
  append_findings(text, bad, "");
  append_clause(text, base::printable(report.summary, kHeadlineLimit));
  const bool wants_notes = bad.empty() && (verbosity >= 1 || text.empty());
  text = base::printable(text, kHeadlineLimit);
  append_clause(text, base::printable(report.caveat, kHeadlineLimit));
  if (!wants_notes) return text;
  const std::size_t limit = std::max(kHeadlineLimit, text.size());
  append_findings(text, notes(report), "note: ");
  return base::printable(text, limit);
}

}  // namespace mailcheck::plugin
