// The border between the plugins and the module that holds libcurl: plain C structures, so that the two need not share
// a C++ library, and nothing is thrown or freed across it. Both are built together; a version that differs ends the
// talk.
#pragma once

#include <cstddef>

#include "base/error.h"

namespace mailcheck::http {

// All texts are valid during the call only; a null pointer is allowed where it says so.
struct ModuleRequest {
  const char* url;
  const char* host;        // the name to be verified
  const char* resolve;     // CURLOPT_RESOLVE: "host:port:address,address"
  const char* ca_file;     // null: none
  const char* ca_path;     // null: none
  const char* user_agent;  //
  char* body;              // the answer's body goes here
  std::size_t body_size;   // and is no larger than this
  // Until the deadline; 0 once it is over or the process is to end. Asked at least every 50 ms.
  long (*milliseconds_left)(const void* context);
  const void* context;
};

struct ModuleAnswer {
  int is_failure;           // not 0: only kind and detail hold something
  base::ErrorKind kind;     // a number to C
  char detail[512];         // ended by NUL
  int status;               //
  char content_type[256];   // ended by NUL; cut if longer
  std::size_t body_length;  //
};

struct Module {
  const char* version;  // the package's
  void (*get)(const ModuleRequest* request, ModuleAnswer* answer);
};

// The one symbol that the module exports: extern "C" const Module* mailcheck_http_module().
inline constexpr const char* kModuleSymbol = "mailcheck_http_module";
using ModuleEntry = const Module* (*)();

}  // namespace mailcheck::http
