// FakeFetcher: an HTTPS server that answers every request alike, and remembers them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "http/fetcher.h"

namespace mailcheck::test {

class FakeFetcher : public http::Fetcher {
 public:
  void answer(http::Response response) { response_ = std::move(response); }
  void answer(const std::string& body) { answer({.status = 200, .content_type = "text/plain", .body = body}); }
  void fail(base::ErrorKind kind, std::string detail) {
    response_ = base::fail({.stage = base::Stage::policy, .kind = kind, .detail = std::move(detail)});
  }

  [[nodiscard]] base::Result<http::Response> get(const http::Request& request, base::Deadline deadline) override {
    requests_.push_back(request);
    if (deadline.has_expired()) fail(base::ErrorKind::timeout, "no answer in time");
    return response_;
  }
  [[nodiscard]] const std::vector<http::Request>& requests() const { return requests_; }

 private:
  base::Result<http::Response> response_ = http::Response{.status = 404, .content_type = "", .body = ""};
  std::vector<http::Request> requests_;
};

}  // namespace mailcheck::test
