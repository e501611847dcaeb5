// http_get HOST PATH PORT ADDRESS[,ADDRESS...] CA TIMEOUT_SECONDS - one GET through http::CurlFetcher, for tests that
// need a server. CA is a file or, with a '/' at its end, a hashed folder; "-" is none. Prints "STATUS content-type
// size" and the body, exit 0; or "KIND detail", exit 2.
#include <signal.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/curl_fetcher.h"

namespace {

using namespace mailcheck;

void stop(int) {
  base::Deadline::interrupt();
}

http::Request read_request(char** words) {
  http::Request request{.host = words[1], .path = words[2]};
  request.port = static_cast<std::uint16_t>(std::atoi(words[3]));
  std::istringstream addresses(words[4]);
  for (std::string one; std::getline(addresses, one, ',');) request.addresses.push_back(one);
  const std::string authorities = words[5];
  if (authorities != "-") (authorities.back() == '/' ? request.ca_path : request.ca_file) = authorities;
  return request;
}

}  // namespace

int main(int count, char** words) {
  if (count != 7) return 3;
  signal(SIGTERM, stop);
  signal(SIGPIPE, SIG_IGN);
  const base::SystemClock clock;
  const auto timeout = std::chrono::milliseconds(static_cast<long>(std::atof(words[6]) * 1000));
  http::CurlFetcher fetcher;
  const auto response = fetcher.get(read_request(words), base::Deadline(clock, timeout));
  if (!response) {
    const base::Error& error = response.error();
    if (error.stage != base::Stage::policy) return 3;
    std::printf("%s %s\n", std::string(base::to_string(error.kind)).c_str(), error.detail.c_str());
    return 2;
  }
  std::printf("%d %s %zu\n%s", response->status, response->content_type.c_str(), response->body.size(),
              response->body.c_str());
  return 0;
}
