// The one reply in some bytes of a server, and what it means.
#pragma once

#include <string>
#include <string_view>

#include "smtp/reply_class.h"
#include "support/catch2.h"
#include "unit/smtp/framed_replies.h"

namespace mailcheck::test {

inline smtp::Reply reply_of(std::string_view wire) {
  const auto framed = framed_replies(wire);
  INFO(wire << " " << framed.reason);
  REQUIRE(framed.replies.size() == 1);
  return framed.replies[0];
}

inline std::string class_of(base::Stage stage, std::string_view wire) {
  return std::string(base::to_string(smtp::reply_class(stage, reply_of(wire))));
}

}  // namespace mailcheck::test
