// Transcript: the dialogue as lines for a person (-vvv, --transcript).
//
//       12.4 ms C: a1 LOGIN probe ***
//       57.0 ms S: a1 OK Logged in
//       57.1 ms -- TLS 1.3 established
//
// Milliseconds since the transcript was made. Masked (with the secrets that the mask knows when the line is recorded),
// made printable, and bounded: 1000 bytes of a line, and of the whole the first 48 KiB and the last 16 KiB; what was
// left out is counted in its place. Recording::off keeps nothing and costs a comparison.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/mask.h"

namespace mailcheck::net {

enum class Recording { off, on };

class Transcript {
 public:
  // Clock and mask must outlive the transcript; secrets may be added to the mask at any time.
  Transcript(const base::Clock& clock, const base::Mask& mask, Recording recording = Recording::on)
      : clock_(&clock), mask_(&mask), recording_(recording), start_(clock.now()) {}

  // What we send, as it may be shown: "a1 LOGIN probe ***". Text of several lines becomes several entries.
  void sent(std::string_view display) { record("C: ", display); }
  void received(std::string_view line) { record("S: ", line); }
  // Our own words: "TLS 1.3 established".
  void event(std::string_view text) { record("-- ", text); }

  [[nodiscard]] bool is_recording() const { return recording_ == Recording::on; }
  // Without line ends.
  [[nodiscard]] std::vector<std::string> lines() const;

 private:
  void record(std::string_view direction, std::string_view text);
  void keep(std::string line);

  const base::Clock* clock_;
  const base::Mask* mask_;
  Recording recording_;
  base::TimePoint start_;
  std::vector<std::string> first_;
  std::deque<std::string> last_;
  std::size_t first_bytes_ = 0;
  std::size_t last_bytes_ = 0;
  std::size_t omitted_lines_ = 0;
  std::size_t omitted_bytes_ = 0;
};

}  // namespace mailcheck::net
