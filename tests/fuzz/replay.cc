// fuzz.replay: replays every corpus file, then mutates them for a bounded time, always in the same way.
//
//   fuzz_replay FOLDER [MILLISECONDS]     FOLDER/<target>/* are the files; the time is shared by the targets (1600)
//   fuzz_replay FILE TARGET               one file, for the hunt
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/number.h"
#include "target.h"

namespace {

using namespace mailcheck::fuzz;
namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;

constexpr std::array<std::pair<std::string_view, void (*)(std::string_view)>, 9> kTargets = {
    {{"imap_session", imap_session},
     {"smtp_session", smtp_session},
     {"upgrade_session", upgrade_session},
     {"scram", scram},
     {"range", range},
     {"mailbox_name", mailbox_name},
     {"mta_sts_policy", mta_sts_policy},
     {"authentication_results", authentication_results},
     {"delivery_report", delivery_report}}};

std::string_view g_input;  // that is being tried

// What broke a promise is found again in the file fuzz_replay.last.
extern "C" void save_input(int number) {
  const int file = open("fuzz_replay.last", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  [[maybe_unused]] const ssize_t size = write(file, g_input.data(), g_input.size());
  std::signal(number, SIG_DFL);
  std::raise(number);
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes;
  std::array<char, 4096> buffer{};
  while (file.read(buffer.data(), buffer.size()) || file.gcount() > 0) {
    bytes.append(buffer.data(), static_cast<std::size_t>(file.gcount()));
  }
  return bytes;
}

// The words of a libFuzzer dictionary: name="bytes", with \\, \" and \xNN.
std::vector<std::string> read_words(const fs::path& path) {
  std::vector<std::string> words;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const std::size_t begin = line.find('"');
    if (line.starts_with('#') || begin == std::string::npos) continue;
    std::string word;
    for (std::size_t i = begin + 1; i < line.size() && line[i] != '"'; ++i) {
      if (line[i] != '\\') {
        word += line[i];
      } else if (line[++i] == 'x') {
        word += static_cast<char>(std::stoi(line.substr(i + 1, 2), nullptr, 16));
        i += 2;
      } else {
        word += line[i];
      }
    }
    words.push_back(word);
  }
  return words;
}

class Mutator {
 public:
  Mutator(std::vector<std::string> seeds, std::vector<std::string> words)
      : seeds_(std::move(seeds)), words_(std::move(words)) {}

  std::string next() {
    std::string text = pick(seeds_);
    for (std::size_t changes = 1 + below(6); changes > 0; --changes) change(text);
    return text;
  }

 private:
  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : random_() % limit; }
  const std::string& pick(const std::vector<std::string>& from) { return from[below(from.size())]; }

  void change(std::string& text) {
    const std::size_t at = below(text.size() + 1);
    switch (below(7)) {
      case 0: text.insert(at, 1, static_cast<char>(below(256))); break;
      case 1: text.erase(at, 1 + below(8)); break;
      case 2: text.resize(at); break;
      case 3: text.insert(at, pick(words_)); break;
      case 4: text.insert(at, text.substr(below(text.size() + 1), below(40))); break;
      case 5: text.replace(at, std::min(text.size() - at, std::size_t{16}), pick(seeds_).substr(0, 40)); break;
      default:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
    }
  }

  std::vector<std::string> seeds_;
  std::vector<std::string> words_;
  std::mt19937 random_{20260615};
};

// The number of inputs, 0 if there is no corpus.
std::size_t run_target(const fs::path& folder, std::string_view name, void (*target)(std::string_view),
                       std::chrono::milliseconds limit) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder / name)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<std::string> seeds;
  for (const auto& file : files) {
    seeds.push_back(read_file(file));
    g_input = seeds.back();
    target(g_input);
  }
  if (seeds.empty()) return 0;
  auto words = read_words(folder / (std::string(name) + ".dict"));
  if (words.empty()) return 0;
  Mutator mutator(seeds, std::move(words));
  std::size_t count = seeds.size();
  for (const auto end = Steady::now() + limit; Steady::now() < end; ++count) {
    const std::string input = mutator.next();
    g_input = input;
    target(input);
  }
  return count;
}

}  // namespace

int main(int count, char** values) {
  if (count < 2) return 2;
  std::signal(SIGABRT, save_input);
  std::signal(SIGSEGV, save_input);
  const std::string_view second = count > 2 ? values[2] : "1600";
  const auto milliseconds = mailcheck::base::parse_unsigned(second);
  for (const auto& [name, target] : kTargets) {
    if (!milliseconds) {
      if (name == second) target(read_file(values[1]));
      continue;
    }
    const std::chrono::milliseconds limit(*milliseconds / kTargets.size());
    const std::size_t inputs = run_target(values[1], name, target, limit);
    std::printf("%.*s: %zu inputs\n", static_cast<int>(name.size()), name.data(), inputs);
    if (inputs == 0) return 1;
  }
  return 0;
}
