#include "smtp/extensions.h"

#include "support/catch2.h"

using mailcheck::smtp::Extensions;
using mailcheck::smtp::Reply;
using Texts = std::vector<std::string>;

namespace {

Extensions offered(Texts lines) {
  Reply reply{.code = 250, .enhanced = {}, .lines = {"mail.example.test greets you"}};
  for (auto& line : lines) reply.lines.push_back(std::move(line));
  return Extensions::parse(reply);
}

}  // namespace

TEST_CASE("keywords compare without case, the first line is none") {
  const auto extensions = offered({"PIPELINING", "size 1000", "X-Thing a b"});
  CHECK(extensions.has("pipelining"));
  CHECK(extensions.has("SIZE"));
  CHECK_FALSE(extensions.has("mail.example.test"));
  CHECK_FALSE(extensions.has("PIPE"));
  CHECK(extensions.parameters("x-thing") == "a b");
  CHECK(extensions.parameters("PIPELINING").empty());
}

TEST_CASE("mechanisms stand behind AUTH and AUTH=, each counts once") {
  CHECK(offered({"AUTH PLAIN LOGIN", "AUTH=PLAIN LOGIN CRAM-MD5"}).mechanisms() == Texts{"PLAIN", "LOGIN", "CRAM-MD5"});
  CHECK(offered({"AUTH=LOGIN"}).mechanisms() == Texts{"LOGIN"});
  CHECK(offered({"AUTH", "AUTHX PLAIN"}).mechanisms().empty());
  CHECK(offered({"auth  plain   "}).mechanisms() == Texts{"plain"});
}

TEST_CASE("SIZE may be a number, zero or nothing") {
  CHECK(offered({"SIZE 10240000"}).largest_message() == 10240000U);
  CHECK_FALSE(offered({"SIZE 0"}).largest_message());
  CHECK_FALSE(offered({"SIZE"}).largest_message());
  CHECK_FALSE(offered({"SIZE many"}).largest_message());
  CHECK_FALSE(offered({"SIZE 99999999999999999999"}).largest_message());
}

TEST_CASE("what was never asked is not known") {
  CHECK_FALSE(Extensions().is_known());
  CHECK(offered({}).is_known());
}
