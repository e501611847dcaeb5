// Transfer: one request under way, as libcurl's callbacks see it, and how its failure is put into words. Inside of the
// module only.
#pragma once

#include <curl/curl.h>

#include <cstddef>

#include "http/module/module_interface.h"

namespace mailcheck::http {

struct Transfer {
  const ModuleRequest& request;
  ModuleAnswer& answer;
  bool is_connected = false;  // TLS has begun
  bool is_after_headers = false;
  std::size_t header_bytes = 0;
  const char* too_large = nullptr;   // what was cut off by a limit of ours; null: nothing
  char words[CURL_ERROR_SIZE] = {};  // libcurl's; may hold the server's
};

// The answer becomes a failure: "what: words", or "what" alone.
void fail(ModuleAnswer& answer, base::ErrorKind kind, const char* what, const char* words = "");

// The same for a transfer that libcurl ended with `code`.
void say_what_failed(CURL* easy, CURLcode code, const Transfer& transfer);

}  // namespace mailcheck::http
