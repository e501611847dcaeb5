#include "cli/option_table.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace mailcheck::cli {

void OptionTable::add(Option option) {
  if (option.name.empty() || !option.apply) throw std::logic_error("option without name or effect: " + option.name);
  if (find(option.name) != nullptr || (option.letter != 0 && find_letter(option.letter) != nullptr)) {
    throw std::logic_error("option declared twice: " + option.name);
  }
  options_.push_back(std::move(option));
}

void OptionTable::add_side(std::string_view prefix, const std::string& heading, const std::function<void()>& declare) {
  const std::size_t first = options_.size();
  declare();
  for (std::size_t i = first; i < options_.size(); ++i) {
    Option& option = options_[i];
    option.group = heading;
    if (!option.name.starts_with(prefix)) continue;
    const Option* twin = find(std::string_view(option.name).substr(prefix.size()));
    if (twin != nullptr && twin->visibility == Visibility::listed) option.visibility = Visibility::by_note;
  }
}

void OptionTable::add_note(std::string heading, std::string text) {
  notes_.emplace_back(std::move(heading), std::move(text));
}

std::string_view OptionTable::note(std::string_view heading) const {
  const auto found = std::find_if(notes_.begin(), notes_.end(), [&](const auto& n) { return n.first == heading; });
  return found == notes_.end() ? std::string_view() : found->second;
}

void OptionTable::add_final_check(std::function<void()> check) {
  final_checks_.push_back(std::move(check));
}

void OptionTable::run_final_checks() const {
  for (const auto& check : final_checks_) check();
}

const Option* OptionTable::find(std::string_view name) const {
  const auto found = std::find_if(options_.begin(), options_.end(), [&](const Option& o) { return o.name == name; });
  return found == options_.end() ? nullptr : &*found;
}

const Option* OptionTable::find_letter(char letter) const {
  const auto found = std::find_if(options_.begin(), options_.end(),
                                  [&](const Option& o) { return letter != 0 && o.letter == letter; });
  return found == options_.end() ? nullptr : &*found;
}

std::vector<const Option*> OptionTable::find_abbreviated(std::string_view name) const {
  if (const Option* exact = find(name)) return {exact};
  std::vector<const Option*> candidates;
  for (const Option& option : options_) {
    if (!name.empty() && option.name.starts_with(name)) candidates.push_back(&option);
  }
  return candidates;
}

std::vector<std::string_view> OptionTable::groups() const {
  std::vector<std::string_view> groups;
  for (const Option& option : options_) {
    if (option.visibility == Visibility::hidden) continue;
    if (std::find(groups.begin(), groups.end(), option.group) == groups.end()) groups.push_back(option.group);
  }
  const auto general = std::find(groups.begin(), groups.end(), kGeneralGroup);
  if (general != groups.end()) std::rotate(general, general + 1, groups.end());
  return groups;
}

}  // namespace mailcheck::cli
