#include "http/load_module.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <string>
#include <string_view>

namespace mailcheck::http {
namespace {

constexpr std::string_view kFile = "monitoring-plugins-mail/mailcheck_http_curl.so";

tl::unexpected<base::Error> unusable(std::string detail) {
  return base::fail({.stage = base::Stage::policy, .kind = base::ErrorKind::local, .detail = std::move(detail)});
}

// With a '/' at its end; empty: unknown.
std::string folder_of_the_executable() {
  std::array<char, PATH_MAX> path{};
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size());
  if (length <= 0) return {};
  const std::string_view whole(path.data(), static_cast<std::size_t>(length));
  return std::string(whole.substr(0, whole.rfind('/') + 1));
}

std::string last_words() {
  const char* words = dlerror();
  return words == nullptr ? "unknown" : words;
}

}  // namespace

base::Result<const Module*> load_module() {
  const std::string folder = folder_of_the_executable();
  if (folder.empty()) return unusable("HTTPS needs /proc, to find its module beside the executable");
  const std::string path = folder + std::string(kFile);
  if (access(path.c_str(), F_OK) != 0) {
    return unusable(fmt::format("HTTPS is not possible: {}, a part of this package, is not installed", path));
  }
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);  // never closed: libcurl stays until the process ends
  if (handle == nullptr)
    return unusable(fmt::format("HTTPS is not possible (is libcurl installed?): {}", last_words()));
  const auto entry = reinterpret_cast<ModuleEntry>(dlsym(handle, kModuleSymbol));
  if (entry == nullptr) return unusable(fmt::format("{} is not this package's module", path));
  const Module* module = entry();
  if (module->version != std::string_view(MAILCHECK_VERSION)) {
    return unusable(fmt::format("{} is of version {}, this is {}", path, module->version, MAILCHECK_VERSION));
  }
  return module;
}

}  // namespace mailcheck::http
