// CurlFetcher: the Fetcher that plugins use. libcurl itself lies in a module that the first get() loads
// (http/load_module.h); no executable links libcurl.
#pragma once

#include "http/fetcher.h"

namespace mailcheck::http {

struct Module;

class CurlFetcher : public Fetcher {
 public:
  [[nodiscard]] base::Result<Response> get(const Request& request, base::Deadline deadline) override;

 private:
  const Module* module_ = nullptr;
};

}  // namespace mailcheck::http
