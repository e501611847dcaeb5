#include "ledger/check_ledger.h"

#include <fmt/format.h>

#include <utility>

#include "ledger/atomic_file.h"
#include "ledger/local_error.h"

namespace mailcheck::ledger {

base::Result<CheckLedger> CheckLedger::open(const std::string& folder_path, const std::string& check_id,
                                            base::Deadline lock_until) {
  if (!is_check_id(check_id)) return local_error("the check's id is not made of 16 hexadecimal digits");
  auto folder = StateFolder::open(folder_path);
  if (!folder) return base::fail(std::move(folder.error()));
  auto lock = FileLock::take(*folder, "roundtrip-" + check_id, lock_until);
  if (!lock) return base::fail(std::move(lock.error()));
  CheckLedger ledger(std::move(*folder), std::move(*lock), check_id);
  if (auto loaded = ledger.load(); !loaded) return base::fail(std::move(loaded.error()));
  return ledger;
}

base::Result<void> CheckLedger::load() {
  auto content = read_file(folder_, file_name());
  if (!content) return base::fail(std::move(content.error()));
  if (!content->fault.empty()) return put_aside(content->fault);
  if (!content->text) return {};
  auto document = read(*content->text, check_id_);
  if (!document) return put_aside("is damaged, or not the document of this check");
  document_ = std::move(*document);
  return {};
}

base::Result<void> CheckLedger::put_aside(const std::string& fault) {
  const std::string name = file_name();
  set_aside_ = fmt::format("{} {}; it was renamed to {}.bad and is not used", folder_.path_of(name), fault, name);
  return set_file_aside(folder_, name, name + ".bad");
}

base::Result<void> CheckLedger::save(const Document& document) {
  const std::string text = write(document, check_id_);
  if (!read(text, check_id_)) {
    return local_error(fmt::format("{} cannot be written: more than {} messages, or values out of range",
                                   folder_.path_of(file_name()), kMaximumOutstanding));
  }
  auto replaced = replace_file(folder_, file_name(), text);
  if (replaced) document_ = document;
  return replaced;
}

}  // namespace mailcheck::ledger
