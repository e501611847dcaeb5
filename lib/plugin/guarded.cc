#include "plugin/guarded.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <exception>
#include <vector>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/printable.h"
#include "plugin/render_json.h"
#include "plugin/render_prometheus.h"
#include "plugin/usage_error.h"

namespace mailcheck::plugin {
namespace {

// More than a headline's: a usage error lists what would have been right.
constexpr std::size_t kTextOfError = 2000;

// For machines: JSON or Prometheus.
std::string render_for(Format format, const Report& report, const std::string& summary) {
  if (format == Format::json) return render_json(report, summary, 0);
  return render_prometheus(report, summary, base::SystemClock().wall(), {});
}

Outcome unknown(std::string_view service, Format format, std::string_view name, std::string_view text) {
  const std::string clean = base::printable(text, kTextOfError);
  if (format == Format::plain) return {3, base::printable(service) + " UNKNOWN - " + clean + '\n'};
  Report report;
  report.service = service;
  report.findings.push_back({.name = std::string(name), .status = Status::unknown, .text = clean});
  return {3, render_for(format, report, clean)};
}

Outcome internal_error(std::string_view service, Format format, std::string_view what) {
  return unknown(service, format, "internal-error", "internal error: " + std::string(what));
}

// JSON has the text as a list of lines, the fact "text"; for Prometheus they are comments.
Outcome information(std::string_view service, Format format, std::string text) {
  if (!text.ends_with('\n')) text += '\n';
  if (format == Format::plain) return {3, std::move(text)};
  std::vector<std::string> lines;
  for (std::size_t begin = 0, end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    lines.push_back(text.substr(begin, end - begin));
  }
  Report report;
  report.service = service;
  report.findings.push_back({.name = "information", .status = Status::unknown, .text = lines.front()});
  report.facts.push_back({"text", lines});
  std::string comments;
  if (format == Format::prometheus) {
    for (const std::string& line : lines) comments += "#| " + line + '\n';  // "# HELP ..." would not be a comment
  }
  return {3, comments + render_for(format, report, base::printable(lines.front()))};
}

Outcome checked(Outcome outcome) {
  if (outcome.code < 0 || outcome.code > 3) outcome.code = 3;
  return outcome;
}

Outcome run(std::string_view service, Format format, const std::function<Outcome()>& body) {
  try {
    return checked(body());
  } catch (const UsageError& error) {
    return unknown(service, format, "usage", error.text);
  } catch (const InformationRequest& request) {
    return information(service, format, request.text);
  } catch (const std::exception& exception) {
    return internal_error(service, format, exception.what());
  } catch (...) {
    return internal_error(service, format, "an exception of unknown type");
  }
}

// A stdout that somebody made non-blocking is waited for, a second at most.
bool wait_until_writable() {
  pollfd entry{STDOUT_FILENO, POLLOUT, 0};
  int ready = 0;
  do {
    ready = ::poll(&entry, 1, 1000);
  } while (ready < 0 && errno == EINTR);
  return ready > 0;
}

bool write_all(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written > 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (written < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      if (!wait_until_writable()) return false;
    } else if (written == 0 || errno != EINTR) {
      return false;
    }
  }
  return true;
}

// "--ou" to "--output": what getopt_long would take for it, given the other options.
bool is_output_option(std::string_view name) {
  constexpr std::string_view kOutput = "--output";
  return name.size() >= 4 && kOutput.starts_with(name);
}

Format to_format(std::string_view value) {
  if (base::equals_ignoring_case(value, "prometheus")) return Format::prometheus;
  return base::equals_ignoring_case(value, "json") ? Format::json : Format::plain;
}

// Short enough for the string to need no memory of its own.
const char* last_words(Format format) {
  switch (format) {
    case Format::json: return "{\"code\":3}\n";
    case Format::prometheus: return "# UNKNOWN\n";
    case Format::plain: break;
  }
  return "UNKNOWN\n";
}

}  // namespace

Outcome run_guarded(std::string_view service, Format format, const std::function<Outcome()>& body) noexcept {
  try {
    return run(service, format, body);
  } catch (...) {
    return {3, last_words(format)};  // only memory that has run out leads here
  }
}

int guarded(std::string_view service, Format format, const std::function<Outcome()>& body) {
  std::signal(SIGPIPE, SIG_IGN);
  const Outcome outcome = run_guarded(service, format, body);
  return write_all(outcome.output) ? outcome.code : 3;
}

Format find_format(std::span<char* const> arguments) {
  Format format = Format::plain;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (argument == "--") break;
    const std::size_t equals = argument.find('=');
    if (!is_output_option(argument.substr(0, equals))) continue;
    if (equals != std::string_view::npos) {
      format = to_format(argument.substr(equals + 1));
    } else if (i + 1 < arguments.size()) {
      format = to_format(arguments[++i]);
    }
  }
  return format;
}

}  // namespace mailcheck::plugin
