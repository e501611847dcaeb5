// SingleResponse: a mechanism that is one message of the client and nothing else (PLAIN, EXTERNAL). The message leaves
// the object with the first respond(); a challenge in front of it or after it is a protocol_error.
#pragma once

#include <string_view>

#include "sasl/mechanism.h"

namespace mailcheck::sasl {

class SingleResponse final : public Mechanism {
 public:
  // name must outlive the object (a literal).
  SingleResponse(std::string_view name, base::Secret response) : name_(name), response_(std::move(response)) {}

  [[nodiscard]] std::string_view name() const override { return name_; }
  [[nodiscard]] bool is_client_first() const override { return true; }
  [[nodiscard]] base::Result<base::Secret> respond(std::string_view challenge) override;
  // An empty message (EXTERNAL) need not have been asked for.
  [[nodiscard]] base::Result<void> finish() override;

 private:
  std::string_view name_;
  base::Secret response_;
  bool has_spoken_ = false;
};

}  // namespace mailcheck::sasl
