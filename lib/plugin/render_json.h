// The JSON half of render.h. Apart, so that one file alone pays for compiling the JSON library.
#pragma once

#include <string>
#include <string_view>

#include "plugin/report.h"

namespace mailcheck::plugin {

// summary: the headline, clean already. Ends with a line feed.
[[nodiscard]] std::string render_json(const Report& report, std::string_view summary, int verbosity);

}  // namespace mailcheck::plugin
