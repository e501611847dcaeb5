#include "imap/special_use.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "base/ascii.h"
#include "imap/list.h"
#include "imap/mailbox_name.h"

namespace mailcheck::imap {
namespace {

constexpr std::array<std::string_view, 2> kJunkAttributes = {"\\Junk", "\\Spam"};
constexpr std::array<std::string_view, 1> kTrashAttributes = {"\\Trash"};

// English first, then what servers call it in other languages.
constexpr auto kJunkNames = std::to_array<std::string_view>({"Junk",
                                                             "Spam",
                                                             "Junk E-mail",
                                                             "Junk Email",
                                                             "Junk-E-Mail",
                                                             "Junk Mail",
                                                             "Bulk Mail",
                                                             "Bulk",
                                                             "Probably Spam",
                                                             "Spamverdacht",
                                                             "Unerwünscht",
                                                             "Courrier indésirable",
                                                             "Indésirables",
                                                             "Posta indesiderata",
                                                             "Correo no deseado",
                                                             "Lixo Eletrônico",
                                                             "Ongewenste e-mail",
                                                             "Ongewenst",
                                                             "Skräppost",
                                                             "Søppelpost",
                                                             "Roskaposti",
                                                             "Wiadomości-śmieci",
                                                             "Спам",
                                                             "Нежелательная почта"});
constexpr auto kTrashNames = std::to_array<std::string_view>(
    {"Trash", "Deleted Items", "Deleted Messages", "Bin", "Papierkorb", "Gelöschte Elemente", "Corbeille",
     "Éléments supprimés", "Cestino", "Posta eliminata", "Papelera", "Elementos eliminados", "Lixeira",
     "Itens Excluídos", "Prullenbak", "Verwijderde items", "Papperskorgen", "Kosz", "Корзина"});

constexpr std::size_t kLongestName = 1000;  // of a folder that somebody would want to open

bool may_be_opened(const ListedMailbox& mailbox) {
  return !mailbox.name.empty() && mailbox.name.size() <= kLongestName && exists(mailbox) &&
         std::none_of(mailbox.attributes.begin(), mailbox.attributes.end(),
                      [](const auto& attribute) { return base::equals_ignoring_case(attribute, "\\Noselect"); });
}

bool has_one_of(const ListedMailbox& mailbox, std::span<const std::string_view> attributes) {
  return std::any_of(mailbox.attributes.begin(), mailbox.attributes.end(), [&](const std::string& one) {
    return std::any_of(attributes.begin(), attributes.end(),
                       [&](std::string_view wanted) { return base::equals_ignoring_case(one, wanted); });
  });
}

// "Junk", "INBOX.Junk", "INBOX/Junk", "[Gmail]/Junk".
bool is_called(std::string_view name, std::string_view wanted) {
  constexpr std::array<std::string_view, 3> kParents = {"INBOX", "[Gmail]", "[Google Mail]"};
  for (const std::string_view parent : kParents) {
    const bool is_below = name.size() > parent.size() + 1 &&
                          base::equals_ignoring_case(name.substr(0, parent.size()), parent) &&
                          (name[parent.size()] == '.' || name[parent.size()] == '/');
    if (is_below) name.remove_prefix(parent.size() + 1);
  }
  return base::equals_ignoring_case(name, wanted);
}

}  // namespace

std::optional<std::string> find_special_use(const std::vector<ListedMailbox>& listed, SpecialUse use) {
  const bool is_junk = use == SpecialUse::junk;
  const std::span<const std::string_view> attributes = is_junk ? std::span<const std::string_view>(kJunkAttributes)
                                                               : std::span<const std::string_view>(kTrashAttributes);
  for (const ListedMailbox& mailbox : listed) {
    if (may_be_opened(mailbox) && has_one_of(mailbox, attributes)) return mailbox.name;
  }
  const std::span<const std::string_view> names =
      is_junk ? std::span<const std::string_view>(kJunkNames) : std::span<const std::string_view>(kTrashNames);
  for (const std::string_view name : names) {
    for (const ListedMailbox& mailbox : listed) {
      if (may_be_opened(mailbox) && is_called(decode_mailbox_name(mailbox.name), name)) return mailbox.name;
    }
  }
  return std::nullopt;
}

}  // namespace mailcheck::imap
