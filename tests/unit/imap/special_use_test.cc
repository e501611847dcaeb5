#include "imap/special_use.h"

#include "support/catch2.h"

using mailcheck::imap::find_special_use;
using mailcheck::imap::ListedMailbox;
using mailcheck::imap::SpecialUse;

namespace {

std::string junk(std::vector<ListedMailbox> listed) {
  return find_special_use(listed, SpecialUse::junk).value_or("none");
}

}  // namespace

TEST_CASE("special use: an attribute counts before any name") {
  CHECK(junk({{"Junk", {}}, {"Unwanted", {"\\HasNoChildren", "\\junk"}}}) == "Unwanted");
  CHECK(junk({{"INBOX", {}}, {"[Gmail]/Spam", {"\\Spam"}}}) == "[Gmail]/Spam");
  CHECK(find_special_use({{"Bin", {}}, {"T", {"\\Trash"}}}, SpecialUse::trash) == "T");
}

TEST_CASE("special use: the usual names, at the top, below INBOX or below Gmail's own folder") {
  CHECK(junk({{"INBOX", {}}, {"junk e-mail", {}}}) == "junk e-mail");
  CHECK(junk({{"INBOX.Spam", {}}}) == "INBOX.Spam");
  CHECK(junk({{"inbox/Junk", {}}}) == "inbox/Junk");
  CHECK(junk({{"[Google Mail]/Spam", {}}}) == "[Google Mail]/Spam");
  CHECK(junk({{"Courrier ind&AOk-sirable", {}}}) == "Courrier ind&AOk-sirable");
  CHECK(junk({{"Spam", {}}, {"Junk", {}}}) == "Junk");
  CHECK(find_special_use({{"Deleted Items", {}}}, SpecialUse::trash) == "Deleted Items");
}

TEST_CASE("special use: a folder of a user that only sounds like it is none") {
  CHECK(junk({{"Projects/Spam", {}}, {"Spam filters", {}}, {"INBOXSpam", {}}}) == "none");
  CHECK(junk({}) == "none");
}

TEST_CASE("special use: what cannot be opened is none") {
  CHECK(junk({{"Junk", {"\\Noselect"}}, {"Spam", {"\\NonExistent"}}, {"Bulk", {}}}) == "Bulk");
  CHECK(junk({{"X", {"\\Junk", "\\Noselect"}}}) == "none");
  CHECK(junk({{"", {"\\Junk"}}, {std::string(1001, 'x'), {"\\Junk"}}}) == "none");
}
