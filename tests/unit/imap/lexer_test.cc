#include "imap/lexer.h"

#include "support/catch2.h"

using namespace mailcheck;
using imap::Lexer;

namespace {

std::string nested(int depth) {
  return std::string(static_cast<std::size_t>(depth), '(') + std::string(static_cast<std::size_t>(depth), ')');
}

// What is not there leaves the position where it was.
template <typename Take>
void check_refused(std::string_view input, Take take) {
  CAPTURE(input);
  Lexer lexer(input);
  CHECK_FALSE(take(lexer).has_value());
  CHECK(lexer.offset() == 0);
}

}  // namespace

TEST_CASE("an atom ends at space, parenthesis, quote and the line's end") {
  struct Row {
    std::string_view input, atom, rest;
  };
  const auto row = GENERATE(
      values<Row>({{"UID 5", "UID", " 5"},
                   {"UID)", "UID", ")"},
                   {"UID(", "UID", "("},
                   {"a\"b\"", "a", "\"b\""},
                   {"a\r\nb", "a", "\r\nb"},
                   {"\\Seen)", "\\Seen", ")"},
                   {"a{3}", "a{3}", ""},
                   {"BODY[TEXT] x", "BODY[TEXT]", " x"},
                   {"BODY[HEADER.FIELDS (DATE FROM)] {3}", "BODY[HEADER.FIELDS (DATE FROM)]", " {3}"},
                   {"body[HEADER.FIELDS (\"DATE\" \"FROM\")] {3}", "body[HEADER.FIELDS (\"DATE\" \"FROM\")]", " {3}"},
                   {"BODY[]<0> NIL", "BODY[]<0>", " NIL"},
                   {"$Label[1) UID", "$Label[1", ") UID"},
                   {"[Gmail]/Spam", "[Gmail]/Spam", ""}}));
  CAPTURE(row.input);
  Lexer lexer(row.input);
  CHECK(lexer.atom() == row.atom);
  CHECK(lexer.rest() == row.rest);
}

TEST_CASE("what begins a literal, a list or nothing is no atom") {
  for (const std::string_view input : {"", " a", "(a", ")", "\"a\"", "{3}\r\nabc", "~{3}\r\nabc", "\r\n"}) {
    check_refused(input, [](Lexer& lexer) { return lexer.atom(); });
  }
}

TEST_CASE("a number is digits and nothing else, of 32 bits or of 64") {
  Lexer lexer("4294967295)");
  CHECK(lexer.number() == 4294967295U);
  CHECK(lexer.peek() == ')');
  Lexer large("18446744073709551615)");
  CHECK_FALSE(large.number().has_value());
  CHECK(large.number64() == 18446744073709551615U);
  CHECK(large.peek() == ')');
  for (const std::string_view input : {"", "-1", "+1", "1x", "NIL", "18446744073709551616", "\"1\""}) {
    check_refused(input, [](Lexer& other) { return other.number(); });
    check_refused(input, [](Lexer& other) { return other.number64(); });
  }
  check_refused("4294967296", [](Lexer& other) { return other.number(); });
}

TEST_CASE("a quoted string knows the escapes of quote and backslash") {
  struct Row {
    std::string_view input, text, rest;
  };
  const auto row = GENERATE(values<Row>({{"\"\"", "", ""},
                                         {"\"a b\" c", "a b", " c"},
                                         {R"("a\"b\\c")", "a\"b\\c", ""},
                                         {R"("\\")", "\\", ""},
                                         {R"("{3}" x)", "{3}", " x"},
                                         {"\"\xc3\xa4\"", "\xc3\xa4", ""}}));
  CAPTURE(row.input);
  Lexer lexer(row.input);
  CHECK(lexer.string() == row.text);
  CHECK(lexer.rest() == row.rest);
}

TEST_CASE("a literal is exactly as long as announced, whatever is in it") {
  struct Row {
    std::string_view input, text, rest;
  };
  using namespace std::string_view_literals;
  const auto row = GENERATE(values<Row>({{"{3}\r\nabc d", "abc", " d"},
                                         {"{3}\nabc d", "abc", " d"},
                                         {"{3+}\r\nabc", "abc", ""},
                                         {"~{4}\r\na\0\r\n)"sv, "a\0\r\n"sv, ")"},
                                         {"{0}\r\n", "", ""},
                                         {"{5}\r\n{2}\r\n)", "{2}\r\n", ")"}}));
  CAPTURE(row.input);
  Lexer lexer(row.input);
  CHECK(lexer.string() == row.text);
  CHECK(lexer.rest() == row.rest);
}

TEST_CASE("a string that is cut, open or mistaken is refused") {
  for (const std::string_view input :
       {"", "\"", "\"abc", "\"abc\\", "\"abc\\\"", "\"a\r\nb\"", "{3}\r\nab", "{3}", "{3}abc", "{x}\r\nabc", "{}\r\n",
        "~", "~3", "{99999999999999999999}\r\nabc", "{x} foo {3}\r\nabc", "NIL", "abc", "(abc)"}) {
    check_refused(input, [](Lexer& lexer) { return lexer.string(); });
  }
}

TEST_CASE("an astring is an atom or a string, an nstring a string or NIL") {
  CHECK(Lexer("INBOX").astring() == "INBOX");
  CHECK(Lexer("\"INBOX\"").astring() == "INBOX");
  CHECK(Lexer("{5}\r\nINBOX").astring() == "INBOX");
  CHECK(Lexer("NIL").astring() == "NIL");
  CHECK(Lexer("NIL").nstring() == "");
  CHECK(Lexer("nil)").nstring() == "");
  CHECK(Lexer("\"NIL\"").nstring() == "NIL");
  CHECK(Lexer("{3}\r\nNIL").nstring() == "NIL");
  for (const std::string_view input : {"NILS", "INBOX", "(", ""}) {
    check_refused(input, [](Lexer& lexer) { return lexer.nstring(); });
  }
}

TEST_CASE("any value can be skipped") {
  const std::string_view value =
      GENERATE(as<std::string_view>{}, "a", "12", "NIL", "\"a)\"", "{2}\r\n))", "()", "(a b)", "(a(b)c)", "( a  b )",
               "((\"a\" NIL) {1}\r\n( (x))", "BODY[HEADER.FIELDS (A B)]", "(\\Seen $x[1 y)");
  CAPTURE(value);
  const std::string input = std::string(value) + " rest";
  Lexer lexer(input);
  CHECK(lexer.skip_value());
  CHECK(lexer.rest() == " rest");
}

TEST_CASE("values that are not whole cannot be skipped") {
  for (const std::string_view input : {"", ")", "(", "(a", "(a (b)", "(\"a)", "({9}\r\na)", " a"}) {
    CAPTURE(input);
    CHECK_FALSE(Lexer(input).skip_value());
  }
}

TEST_CASE("lists may be nested to a limit, and no deeper") {
  const std::string deepest = nested(Lexer::kNestingLimit + 1);
  CHECK(Lexer(deepest).skip_value());
  const std::string deeper = nested(Lexer::kNestingLimit + 2);
  CHECK_FALSE(Lexer(deeper).skip_value());
  const std::string abyss(1000 * 1000, '(');
  CHECK_FALSE(Lexer(abyss).skip_value());
}

TEST_CASE("spaces are taken together, and their absence is told") {
  Lexer lexer("   a");
  CHECK(lexer.space());
  CHECK_FALSE(lexer.space());
  CHECK(lexer.peek() == 'a');
  CHECK_FALSE(lexer.take('b'));
  CHECK(lexer.take('a'));
  CHECK(lexer.is_at_end());
  CHECK(lexer.peek() == '\0');
  CHECK_FALSE(lexer.take('\0'));
}
