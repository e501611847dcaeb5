#include "cli/nearest.h"

#include <algorithm>

#include "base/ascii.h"

namespace mailcheck::cli {
namespace {

// Optimal string alignment distance: like Levenshtein's, and two neighbours swapped count once.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool is_same = base::to_lower(a[i - 1]) == base::to_lower(b[j - 1]);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (is_same ? 0U : 1U)});
      const bool is_swapped = i > 1 && j > 1 && base::to_lower(a[i - 1]) == base::to_lower(b[j - 2]) &&
                              base::to_lower(a[i - 2]) == base::to_lower(b[j - 1]);
      if (is_swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

}  // namespace

std::string_view nearest(std::string_view name, const std::vector<std::string_view>& candidates) {
  constexpr std::size_t kLongest = 64;  // the table of costs grows with the square
  std::string_view best;
  std::size_t best_edits = kLongest;
  if (name.size() > kLongest) return best;
  for (const std::string_view candidate : candidates) {
    const std::size_t allowed = std::clamp<std::size_t>(std::max(name.size(), candidate.size()) / 3, 1, 3);
    const std::size_t needed = edits(name, candidate);
    if (needed <= allowed && needed < best_edits) {
      best = candidate;
      best_edits = needed;
    }
  }
  return best;
}

std::string one_of(const std::vector<std::string_view>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i != 0) text += i + 1 == names.size() ? " or " : ", ";
    text += names[i];
  }
  return text;
}

}  // namespace mailcheck::cli
