// Fuzz targets: each is a function that may be given any bytes. It must neither crash nor hang, and what it promises
// besides is checked by hold(), which ends the process with the sentence that was broken.
//
// Run in three ways: libFuzzer (fuzz_<name>, clang, -DMAILCHECK_FUZZ=ON), and in every test run fuzz.replay, which
// replays all corpus files and then mutates them for a bounded time with a fixed seed.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace mailcheck::fuzz {

void imap_session(std::string_view input);
void smtp_session(std::string_view input);
void upgrade_session(std::string_view input);
void scram(std::string_view input);
void range(std::string_view input);
void mailbox_name(std::string_view input);
void mta_sts_policy(std::string_view input);
void authentication_results(std::string_view input);
void delivery_report(std::string_view input);

inline void hold(bool is_kept, const char* promise) {
  if (is_kept) return;
  std::fputs("broken promise: ", stderr);
  std::fputs(promise, stderr);
  std::fputs("\n", stderr);
  std::abort();
}

}  // namespace mailcheck::fuzz
