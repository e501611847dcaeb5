#include "http/curl_fetcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>

#include "base/ascii.h"
#include "http/load_module.h"

namespace mailcheck::http {
namespace {

tl::unexpected<base::Error> refuse(std::string detail, std::string_view input = {}) {
  return base::fail(
      {.stage = base::Stage::policy, .kind = base::ErrorKind::local, .detail = std::move(detail), .input = input});
}

// Nothing but a name: "user@host", "host/path" and "host:port" would ask somebody else.
bool is_host_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    const char upper = base::to_upper(c);
    return (upper >= 'A' && upper <= 'Z') || base::is_digit(c) || c == '-' || c == '.' || c == '_';
  });
}

bool is_path(std::string_view text) {
  return !text.empty() && text.front() == '/' &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

base::Result<void> check(const Request& request) {
  if (!is_host_name(request.host)) return refuse(fmt::format("\"{}\" is not a host name", request.host));
  if (!is_path(request.path)) return refuse(fmt::format("\"{}\" is not a path", request.path));
  if (request.addresses.empty()) return refuse(fmt::format("no address of {} is known", request.host));
  if (request.ca_file.empty() && request.ca_path.empty()) {
    return refuse(fmt::format("no CA certificates to verify {} with", request.host), "ca-file");
  }
  return {};
}

long milliseconds_left(const void* context) {
  const auto remaining = static_cast<const base::Deadline*>(context)->remaining();
  return static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(remaining).count());
}

const char* or_null(const std::string& text) {
  return text.empty() ? nullptr : text.c_str();
}

}  // namespace

base::Result<Response> CurlFetcher::get(const Request& request, base::Deadline deadline) {
  if (auto checked = check(request); !checked) return tl::unexpected(checked.error());
  if (module_ == nullptr) {
    auto loaded = load_module();
    if (!loaded) return tl::unexpected(loaded.error());
    module_ = *loaded;
  }
  const std::string url = fmt::format("https://{}:{}{}", request.host, request.port, request.path);
  const std::string resolve = fmt::format("{}:{}:{}", request.host, request.port, fmt::join(request.addresses, ","));
  std::string body(request.largest_body, '\0');
  const ModuleRequest asked{.url = url.c_str(),
                            .host = request.host.c_str(),
                            .resolve = resolve.c_str(),
                            .ca_file = or_null(request.ca_file),
                            .ca_path = or_null(request.ca_path),
                            .user_agent = "monitoring-plugins-mail/" MAILCHECK_VERSION,
                            .body = body.data(),
                            .body_size = body.size(),
                            .milliseconds_left = milliseconds_left,
                            .context = &deadline};
  ModuleAnswer answer{};
  module_->get(&asked, &answer);
  if (answer.is_failure != 0) {
    return base::fail({.stage = base::Stage::policy, .kind = answer.kind, .detail = answer.detail});
  }
  body.resize(answer.body_length);
  return Response{.status = answer.status, .content_type = answer.content_type, .body = std::move(body)};
}

}  // namespace mailcheck::http
