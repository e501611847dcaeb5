// BoundedLookup: a look-up that may block for as long as it likes, waited for only until the deadline.
//
// The work runs in a thread of its own. If the deadline passes first, the thread is left behind (it owns all it uses)
// and the caller goes on; its late result is dropped. All signals are blocked in that thread, so that SIGTERM always
// wakes the thread that waits.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "base/deadline.h"
#include "base/error.h"
#include "dns/address.h"

namespace mailcheck::dns {

using Answer = base::Result<std::vector<Address>>;

// The question's answer, or kind timeout: "<who> did not answer within N s". An interruption by a signal is noticed
// within 50 ms. The question must not refer to anything that may die before it returns.
[[nodiscard]] Answer answer_before(base::Deadline deadline, std::string_view who, std::function<Answer()> question);

// The same for any work, which leaves its result in something that it shares with the caller. That may be read only
// after a success: after an error the work may still be at it.
[[nodiscard]] base::Result<void> run_before(base::Deadline deadline, std::string_view who, std::function<void()> work);

}  // namespace mailcheck::dns
