// FakeMechanism: a sasl::Mechanism that answers from a list, and remembers what it was asked.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sasl/mechanism.h"

namespace mailcheck::test {

class FakeMechanism : public sasl::Mechanism {
 public:
  struct Script {
    std::string name = "FAKE";
    bool is_client_first = true;
    std::vector<std::string> responses = {};  // one that is not there is a protocol_error
    std::string finish_error = {};            // empty: none
    std::string server_error = {};
  };
  FakeMechanism(Script script, std::vector<std::string>& challenges)
      : script_(std::move(script)), challenges_(challenges) {}

  [[nodiscard]] std::string_view name() const override { return script_.name; }
  [[nodiscard]] bool is_client_first() const override { return script_.is_client_first; }
  [[nodiscard]] base::Result<base::Secret> respond(std::string_view challenge) override {
    challenges_.emplace_back(challenge);
    if (challenges_.size() > script_.responses.size())
      return base::fail({base::Stage::auth, base::ErrorKind::protocol_error, "a challenge too many"});
    return base::Secret(script_.responses[challenges_.size() - 1]);
  }
  [[nodiscard]] base::Result<void> finish() override {
    if (script_.finish_error.empty()) return {};
    return base::fail({base::Stage::auth, base::ErrorKind::auth_failed, script_.finish_error});
  }
  [[nodiscard]] std::string server_error() const override { return script_.server_error; }

 private:
  Script script_;
  std::vector<std::string>& challenges_;
};

}  // namespace mailcheck::test
