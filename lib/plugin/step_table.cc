#include <algorithm>
#include <cmath>

#include "base/number.h"
#include "base/printable.h"
#include "plugin/long_output.h"

namespace mailcheck::plugin {
namespace {

constexpr std::size_t kLongestBar = 40;
// Less than this, and less than a hundredth of the whole, is not worth a row.
constexpr double kLeastRest = 0.001;

constexpr std::string_view kNotFinished = "  (not finished)";

struct Row {
  std::string label;
  double seconds = 0;
  bool is_finished = true;
};

struct Table {
  std::vector<Row> rows;
  double total = 0;
  bool has_total = false;
};

// A step about something else than this run (`about`) took none of its time.
void add_step(Table& table, const Metric& step, bool is_last) {
  if (!std::isfinite(step.value) || !step.about.empty()) return;
  const double seconds = std::max(0.0, step.value);
  if (is_last && step.label == "total") {
    table.total = seconds;
    table.has_total = true;
  } else {
    table.rows.push_back({base::printable(step.label), seconds});
  }
}

// The time that no finished step accounts for.
void add_rest(Table& table, double rest, std::string_view unfinished) {
  if (!unfinished.empty() && table.has_total) {
    table.rows.push_back({base::printable(unfinished), std::max(0.0, rest), false});
  } else if (rest >= std::max(kLeastRest, table.total / 100)) {
    table.rows.push_back({"(rest)", rest});
  }
}

Table make_table(const std::vector<Metric>& steps, std::string_view unfinished) {
  Table table;
  for (const Metric& step : steps) add_step(table, step, &step == &steps.back());
  double sum = 0;
  for (const Row& row : table.rows) sum += row.seconds;
  if (!table.has_total) table.total = sum;
  add_rest(table, table.total - sum, unfinished);
  return table;
}

std::string pad_left(std::string text, std::size_t width) {
  text.insert(0, width - std::min(width, columns(text)), ' ');
  return text;
}

std::string pad_right(std::string text, std::size_t width) {
  text.append(width - std::min(width, columns(text)), ' ');
  return text;
}

// Milliseconds: most steps take less than one on a near server.
std::string print_milliseconds(double seconds) {
  return base::print_fixed(seconds * 1000, 1) + " ms";
}

class Layout {
 public:
  explicit Layout(const Table& table) : total_(table.total) {
    label_ = columns("total");
    std::size_t after = 0;
    for (const Row& row : table.rows) {
      if (!row.is_finished) after = kNotFinished.size();
      label_ = std::max(label_, columns(row.label));
      longest_ = std::max(longest_, row.seconds);
      time_ = std::max(time_, columns(print_milliseconds(row.seconds)));
    }
    time_ = std::max(time_, columns(print_milliseconds(total_)));
    const std::size_t before = 2 + label_ + 2 + time_ + 2 + columns("100 %") + 2 + after;
    bar_ = std::min(kLongestBar, kColumns - std::min(kColumns, before));
  }

  [[nodiscard]] std::string print(const Row& row) const {
    const double share = total_ > 0 ? 100 * row.seconds / total_ : 0;
    return "  " + pad_right(row.label, label_) + "  " + pad_left(print_milliseconds(row.seconds), time_) + "  " +
           pad_left(base::print_fixed(share, 0) + " %", columns("100 %"));
  }
  [[nodiscard]] std::string bar(const Row& row) const {
    const double part = longest_ > 0 ? row.seconds / longest_ : 0;
    const auto size = static_cast<std::size_t>(std::lround(part * static_cast<double>(bar_)));
    const std::string text = size == 0 ? "" : "  " + std::string(size, '#');
    return row.is_finished ? text : text + std::string(kNotFinished);
  }

 private:
  double total_;
  double longest_ = 0;
  std::size_t label_ = 0;
  std::size_t time_ = 0;
  std::size_t bar_ = 0;
};

}  // namespace

std::string step_table(const std::vector<Metric>& steps, std::string_view unfinished) {
  const Table table = make_table(steps, unfinished);
  if (table.rows.empty() && !table.has_total) return "";
  const Layout layout(table);
  std::string text = "steps:\n";
  for (const Row& row : table.rows) text += layout.print(row) + layout.bar(row) + '\n';
  if (table.has_total) text += layout.print({"total", table.total}) + '\n';
  return text;
}

}  // namespace mailcheck::plugin
