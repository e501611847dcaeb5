#include "imap/mailbox_name.h"

#include "support/catch2.h"

using namespace mailcheck;
using imap::decode_mailbox_name;
using imap::encode_mailbox_name;

TEST_CASE("names and their wire forms are inverse to each other") {
  struct Row {
    std::string_view name, wire;
  };
  const auto row = GENERATE(values<Row>({
      {"", ""},
      {"INBOX", "INBOX"},
      {"Sent Items", "Sent Items"},
      {"a&b", "a&-b"},
      {"&", "&-"},
      {"&&", "&-&-"},
      {"Entwürfe", "Entw&APw-rfe"},
      {"Gelöschte Elemente", "Gel&APY-schte Elemente"},
      {"~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"},  // RFC 3501 section 5.1.3
      {"☺!", "&Jjo-!"},
      {"Jjo", "Jjo"},
      {"ü&ü", "&APw-&-&APw-"},
      {"-", "-"},
      {"ü-", "&APw--"},
      {"Корзина", "&BBoEPgRABDcEOAQ9BDA-"},
      {"😀", "&2D3eAA-"},  // beyond the BMP: surrogates
      {"a😀😀b", "a&2D3eANg93gA-b"},
      {"\xef\xbf\xbf", "&,,8-"},         // U+FFFF
      {"\xf4\x8f\xbf\xbf", "&2,,f,w-"},  // U+10FFFF
      {"\x7f", "&AH8-"},
      {"\t", "&AAk-"},
      {"%*\"\\(){}[]", "%*\"\\(){}[]"},
  }));
  CAPTURE(row.name);
  CHECK(encode_mailbox_name(row.name) == std::string(row.wire));
  CHECK(decode_mailbox_name(row.wire) == row.name);
}

TEST_CASE("every character survives the way there and back") {
  for (char32_t code = 1; code <= 0x10ffff; code += code < 0x3000 ? 1 : 257) {
    if (code == U'\r' || code == U'\n' || (code >= 0xd800 && code <= 0xdfff)) continue;
    std::string name = "a";
    if (code < 0x80) {
      name += static_cast<char>(code);
    } else if (code < 0x800) {
      name += static_cast<char>(0xc0 | (code >> 6));
      name += static_cast<char>(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
      name += static_cast<char>(0xe0 | (code >> 12));
      name += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
      name += static_cast<char>(0x80 | (code & 0x3f));
    } else {
      name += static_cast<char>(0xf0 | (code >> 18));
      name += static_cast<char>(0x80 | ((code >> 12) & 0x3f));
      name += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
      name += static_cast<char>(0x80 | (code & 0x3f));
    }
    const auto wire = encode_mailbox_name(name);
    if (!wire || decode_mailbox_name(*wire) != name) FAIL("U+" << std::hex << static_cast<unsigned>(code));
  }
  SUCCEED();
}

TEST_CASE("text that is not UTF-8, or would break a line, has no wire form") {
  using namespace std::string_view_literals;
  for (const std::string_view text :
       {"\xff"sv, "\xc3"sv, "a\xc3"sv, "\xc3("sv, "\x80"sv, "\xc0\xaf"sv, "\xe0\x80\x80"sv, "\xed\xa0\x80"sv,
        "\xed\xbf\xbf"sv, "\xf4\x90\x80\x80"sv, "\xf0\x8f\xbf\xbf"sv, "\xf5\x80\x80\x80"sv, "\xf0\x9f\x98"sv, "a\r"sv,
        "a\nb"sv, "a\0b"sv}) {
    CAPTURE(text);
    CHECK_FALSE(encode_mailbox_name(text).has_value());
  }
}

TEST_CASE("what is not modified UTF-7 is given back as it is") {
  for (const std::string_view wire : {"a&b", "&", "&APw", "&AP!-", "&2D0-", "&3gA-", "&2D0AYQ-", "&A-", "&AP-", "&APx-",
                                      "&AP/8-", "Entw\xc3\xbcrfe", "&AAAA-"}) {
    CAPTURE(wire);
    CHECK(decode_mailbox_name(wire) == wire);
  }
}

TEST_CASE("INBOX compares without case, other names with it") {
  CHECK(imap::is_same_mailbox("inbox", "InBox"));
  CHECK(imap::is_same_mailbox("Sent", "Sent"));
  CHECK_FALSE(imap::is_same_mailbox("Sent", "sent"));
  CHECK_FALSE(imap::is_same_mailbox("INBOX.a", "inbox.a"));
  CHECK_FALSE(imap::is_same_mailbox("INBOX", ""));
}
