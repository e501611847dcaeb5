#include "tls/pem_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "tls/local_error.h"

namespace mailcheck::tls {

base::Result<void> check_pem_file(std::string_view what, const std::string& path, std::string_view input) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || ::access(path.c_str(), R_OK) != 0) {
    const std::string reason = std::generic_category().message(errno);
    return local_error("cannot read " + std::string(what) + " " + path + ": " + reason, input);
  }
  if (!S_ISREG(status.st_mode)) return local_error(std::string(what) + " " + path + " is not a regular file", input);
  return {};
}

}  // namespace mailcheck::tls
