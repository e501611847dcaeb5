// Unix socket: a Stream over a socket of the file system, as LMTP servers have it.
#pragma once

#include <memory>
#include <string>

#include "base/deadline.h"
#include "base/error.h"
#include "net/stream.h"

namespace mailcheck::net {

// Errors: stage connect; kind connect ("/run/lmtp: connection refused"), or timeout where the server's queue stays
// full.
[[nodiscard]] base::Result<std::unique_ptr<Stream>> connect_unix_socket(const std::string& path,
                                                                        base::Deadline deadline);

}  // namespace mailcheck::net
