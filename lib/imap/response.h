// Response: one frame, understood as far as every response has the same shape (RFC 9051 section 7).
//
//   response  = "+" SP text / tag SP status SP [code SP] text / "*" SP status ... / "*" SP [number SP] name SP data
//
// Data of untagged responses stay unparsed in `data`; capability.h, search.h, fetch.h, list.h and quota.h read them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mailcheck::imap {

enum class ResponseKind { continuation, tagged, status, data };  // status, data: untagged
enum class Condition { ok, no, bad, bye, preauth };

// "OK", "NO", "BAD", "BYE", "PREAUTH".
[[nodiscard]] std::string_view to_string(Condition condition);

struct Response {
  ResponseKind kind = ResponseKind::data;
  std::string tag;                      // tagged only
  Condition condition = Condition::ok;  // tagged and status only
  std::string code;  // response code in upper case without arguments, "AUTHENTICATIONFAILED"; often empty
  std::string code_arguments;
  std::string text;                     // human text of a status response, or what follows "+"
  std::optional<std::uint64_t> number;  // "* 12 EXISTS"
  std::string name;                     // of data, in upper case: "EXISTS", "FETCH", "CAPABILITY"
  std::string data;                     // what follows the name
};

// std::nullopt if the frame has not that shape, or its number more than 32 bits (RFC 9051 section 9, number). A code
// whose bracket never closes is text.
[[nodiscard]] std::optional<Response> parse_response(std::string_view frame);

// "[CODE arguments] text" as a person should read it.
[[nodiscard]] std::string words_of(const Response& response);
// "NO [CODE arguments]", what stands before the text.
[[nodiscard]] std::string reply_code_of(const Response& response);

}  // namespace mailcheck::imap
