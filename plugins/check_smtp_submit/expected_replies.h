// --expect STAGE=CODE[,CODE]: which replies a step must get, by code or by class.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/stage.h"

namespace mailcheck::plugins::smtp_submit {

struct ExpectedReply {
  base::Stage stage = base::Stage::greeting;
  std::vector<std::string> codes;  // "550", "5xx"

  [[nodiscard]] bool accepts(int code) const;
  // "550 or 5xx"
  [[nodiscard]] std::string in_words() const;
};

// Names of the stages that can be expected of, in the order of a session.
[[nodiscard]] std::vector<std::string_view> expectable_stages();

// "rcpt=550,451", "mail=5xx". Throws plugin::UsageError.
[[nodiscard]] ExpectedReply parse_expected_reply(std::string_view text);

}  // namespace mailcheck::plugins::smtp_submit
