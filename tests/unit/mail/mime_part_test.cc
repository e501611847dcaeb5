#include "mail/mime_part.h"

#include "mail/transfer_encoding.h"
#include "support/catch2.h"

using namespace mailcheck;
using mail::decode_transfer;
using mail::parse_content_type;

namespace {

// "text/plain=a|text/html=b"
std::string leaves(std::string_view message) {
  std::string text;
  for (const auto& part : mail::read_mime_parts(message)) {
    text += (text.empty() ? "" : "|") + part.type + "=" + part.text;
  }
  return text;
}

}  // namespace

TEST_CASE("a content type is read with its parameters, quoted or not") {
  const auto type = parse_content_type("Multipart/Report; report-type=delivery-status;\tBOUNDARY=\"a;b \\\"c\\\"\"; x");
  CHECK(type.type == "multipart/report");
  CHECK(type.parameter("report-type") == "delivery-status");
  CHECK(type.parameter("boundary") == "a;b \"c\"");
  CHECK(type.parameter("x").empty());
  CHECK(parse_content_type("text/plain (a; (b) \\) boundary=x); charset = utf-8").parameter("charset") == "utf-8");
  CHECK(parse_content_type("text/plain (a; boundary=x").parameter("boundary").empty());
  CHECK(parse_content_type("a/b; boundary*0=\"one \"; boundary*1=two").parameter("boundary") == "onetwo");
  CHECK(parse_content_type("").type == "text/plain");
  CHECK(parse_content_type("nonsense").type == "text/plain");
}

TEST_CASE("base64 is decoded as far as it goes") {
  CHECK(decode_transfer("SGVs\r\nbG8=\r\n", "BASE64") == "Hello");
  CHECK(decode_transfer("SGVsbG8", "base64") == "Hello");
  CHECK(decode_transfer("SGVsb", "base64") == "Hel");
  CHECK(decode_transfer("!S G*V\ts", "base64") == "Hel");
  CHECK(decode_transfer("", "base64").empty());
}

TEST_CASE("quoted-printable is decoded, and what is none stays") {
  CHECK(decode_transfer("a=3Db=\nc=20=\t \r\nd", "quoted-printable") == "a=bc d");
  CHECK(decode_transfer("=e4=E4", "Quoted-Printable") == "\xe4\xe4");
  CHECK(decode_transfer("a=XYb=4", "quoted-printable") == "a=XYb=4");
  CHECK(decode_transfer("a=", "quoted-printable") == "a");
  CHECK(decode_transfer("a=3D", "8bit") == "a=3D");
  CHECK(decode_transfer("a=3D", "x-unknown") == "a=3D");
}

TEST_CASE("a message without parts is one leaf") {
  CHECK(leaves("Subject: x\n\nbody\n") == "text/plain=body\n");
  CHECK(leaves("\nbody") == "text/plain=body");
  CHECK(leaves("Content-Type: text/html\nContent-Transfer-Encoding: base64\n\nYQ0KYg==\n") == "text/html=a\nb");
  CHECK(leaves("Content-Type: message/rfc822\n\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\ny\n--x--\n") ==
        "message/rfc822=Content-Type: multipart/mixed; boundary=x\n\n--x\n\ny\n--x--\n");
  CHECK(leaves("").empty() == false);
}

TEST_CASE("parts are split at their boundary and at nothing that looks like it") {
  CHECK(leaves("Content-Type: multipart/mixed; boundary=\"a b\"\n\npreamble\n--a b\n\none\n--a bc\n --a b\n--a b \t\n"
               "Content-Type: text/html\n\ntwo\n--a b--\nepilogue\n--a b\n\nthree\n") ==
        "text/plain=one\n--a bc\n --a b\n|text/html=two\n");
}

TEST_CASE("parts nest, also when one boundary begins with the other") {
  CHECK(leaves("Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/alternative; boundary=xy\n\n"
               "--xy\n\none\n--xy\n\ntwo\n--xy--\n--x\n\nthree\n--x--\n") ==
        "text/plain=one\n|text/plain=two\n|text/plain=three\n");
  CHECK(leaves("Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/alternative; boundary=y\n\n"
               "--y\n\nnot closed\n--x\n\nthree\n--x--\n") == "text/plain=not closed\n|text/plain=three\n");
}

TEST_CASE("a missing boundary is guessed, and a missing end is the end") {
  CHECK(leaves("Content-Type: multipart/mixed\n\n--q\n\none\n--q\n\ntwo") == "text/plain=one\n|text/plain=two");
  CHECK(leaves("Content-Type: multipart/mixed\n\nnothing\n").empty());
  CHECK(leaves("Content-Type: multipart/mixed; boundary=q\n\nnothing\n").empty());
  CHECK(leaves("Content-Type: multipart/mixed; boundary=q\n").empty());
}

TEST_CASE("depth and number of parts are bounded") {
  std::string deep, wide = "Content-Type: multipart/mixed; boundary=w\n\n";
  for (int i = 0; i < 200; ++i) {
    deep += "Content-Type: multipart/mixed; boundary=d" + std::to_string(i) + "\n\n--d" + std::to_string(i) + "\n";
    wide += "--w\n\nx\n";
  }
  CHECK(mail::read_mime_parts(deep).empty());
  CHECK(mail::read_mime_parts(wide).size() == 64);
}

TEST_CASE("line ends become line feeds, and lone carriage returns stay") {
  CHECK(mail::with_line_feeds("a\r\nb\nc\rd\r\r\n\r") == "a\nb\nc\rd\r\n\r");
}
