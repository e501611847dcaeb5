// Stage: the steps of all sessions, in order of time. A stage's name is the perfdata label of its duration: an API.
#pragma once

#include <string_view>

namespace mailcheck::base {

enum class Stage {
  state,
  dns,
  policy,
  connect,
  greeting,
  ehlo,
  capability,
  starttls,
  tls,
  auth,
  select,
  list,
  search,
  fetch,
  quota,
  look,     // for new mail: NOOP, IDLE, STATUS, NOTIFY
  cleanup,  // STORE, EXPUNGE, MOVE
  mail,
  rcpt,
  rset,
  body,
  data,
  quit,
  logout,
};

[[nodiscard]] std::string_view to_string(Stage stage);

}  // namespace mailcheck::base
