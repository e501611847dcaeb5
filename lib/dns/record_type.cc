#include "dns/record_type.h"

#include <array>

namespace mailcheck::dns {
namespace {

struct Row {
  RecordType type;
  std::string_view name;
  int number;
};

constexpr std::array kRows = {Row{RecordType::a, "A", 1},         Row{RecordType::aaaa, "AAAA", 28},
                              Row{RecordType::cname, "CNAME", 5}, Row{RecordType::mx, "MX", 15},
                              Row{RecordType::txt, "TXT", 16},    Row{RecordType::tlsa, "TLSA", 52},
                              Row{RecordType::caa, "CAA", 257}};

const Row& row_of(RecordType type) {
  for (const Row& row : kRows) {
    if (row.type == type) return row;
  }
  return kRows.front();
}

}  // namespace

std::string_view to_string(RecordType type) {
  return row_of(type).name;
}

int wire_number(RecordType type) {
  return row_of(type).number;
}

}  // namespace mailcheck::dns
