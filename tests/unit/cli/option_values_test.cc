#include "cli/option_values.h"

#include <sys/stat.h>
#include <unistd.h>

#include "support/catch2.h"
#include "unit/cli/command_line.h"

using namespace mailcheck;
using namespace mailcheck::cli;
using namespace std::chrono_literals;

namespace {

// What a reader says about a bad value.
template <typename Reader>
std::string refusal(Reader reader, std::string_view value) {
  try {
    (void)reader(value);
  } catch (const plugin::UsageError& error) {
    return error.text;
  }
  return "accepted";
}

}  // namespace

TEST_CASE("ports are 1 to 65535") {
  CHECK(read_port("1") == 1);
  CHECK(read_port("65535") == 65535);
  CHECK(refusal(read_port, "70000") == "expected a number from 1 to 65535, got '70000'");
  CHECK(refusal(read_port, "") == "expected a number from 1 to 65535, got nothing");
  for (const auto* bad : {"0", "65536", "-1", "+25", "25 ", "imap", "0x19", "25.0", "18446744073709551641"}) {
    CAPTURE(bad);
    CHECK(refusal(read_port, bad) != "accepted");
  }
}

TEST_CASE("time-outs are seconds with decimals, more than nothing and at most a day") {
  CHECK(read_timeout("10") == 10s);
  CHECK(read_timeout("0.25") == 250ms);
  CHECK(read_timeout("86400") == 24h);
  for (const auto* bad :
       {"", "0", "0.0", "-1", "86400.1", "1,5", "10s", "500ms", "inf", "nan", "1e3", "0.0000000001"}) {
    CAPTURE(bad);
    CHECK(refusal(read_timeout, bad).starts_with("expected seconds, more than 0 and at most 86400"));
  }
}

TEST_CASE("seconds keep to their bounds, which belong to them") {
  const auto read = [](std::string_view value) { return read_seconds(value, 0.05, 600); };
  CHECK(read("0.05") == 50ms);
  CHECK(read("600") == 600s);
  for (const auto* bad : {"", "0.049", "600.1", "-1", "1,5", "10s", "auto"}) {
    CAPTURE(bad);
    CHECK(refusal(read, bad).starts_with("expected seconds, from 0.05 to 600, got "));
  }
}

TEST_CASE("addresses are numeric, brackets are for IPv6 only") {
  CHECK(read_ip_address("192.0.2.1") == "192.0.2.1");
  CHECK(read_ip_address("2001:db8::1") == "2001:db8::1");
  CHECK(read_ip_address("[2001:db8::1]") == "2001:db8::1");
  CHECK(read_ip_address("fe80::1%eth0") == "fe80::1%eth0");
  for (const auto* bad : {"", "localhost", "192.0.2", "192.0.2.256", "[192.0.2.1]", "[]", "[::1", "2001:db8::1%eth0",
                          "fe80::1%", "::1 ", "192.0.2.1:25", "0x7f000001", "127.1"}) {
    CAPTURE(bad);
    CHECK(refusal(read_ip_address, bad).starts_with("expected a numeric IPv4 or IPv6 address, got "));
  }
}

TEST_CASE("a resolver is an address and perhaps a port") {
  for (const auto* good : {"192.0.2.53", "192.0.2.53:5353", "2001:db8::53", "[2001:db8::53]", "[2001:db8::53]:53"}) {
    CHECK(read_resolver(good) == good);
  }
  for (const auto* bad : {"", "ns.example", "ns.example:53", "192.0.2.53:", "192.0.2.53:0", "192.0.2.53:65536",
                          "[::1]:", ":53", "[192.0.2.1]:53", "[::1]53", "192.0.2.53:53:53", "[::1", "::1]"}) {
    CAPTURE(bad);
    CHECK(refusal(read_resolver, bad).starts_with("expected ADDRESS or ADDRESS:PORT"));
  }
}

TEST_CASE("a host is a name or an address, without port, space or dash in front") {
  for (const auto* good : {"mail.example.test", "mail.example.test.", "localhost", "192.0.2.1", "2001:db8::1",
                           "a_b.example", "b\xc3\xbc\x63her.example", "xn--bcher-kva.example"}) {
    CHECK(read_host(good) == good);
  }
  CHECK(read_host("[2001:db8::1]") == "2001:db8::1");
  CHECK(refusal(read_host, "mail:993") ==
        "expected a host name or IP address (the port goes to --port), got 'mail:993'");
  for (const auto* bad :
       {"", ".", "..", ".example", "-v", "a b", "imaps://mail", "a/b", "user@mail", "[mail]", "a|b", "a,b"}) {
    CAPTURE(bad);
    CHECK(refusal(read_host, bad).starts_with("expected a host name or IP address"));
  }
  for (const auto* bad : {"a..b", "a.b..", "b\xc3\xbc..c", "a...", "..a"}) {
    CAPTURE(bad);
    CHECK(refusal(read_host, bad).starts_with("expected a host name or IP address, got "));
  }
  for (const auto* bad : {"\xff.example", "b\xfc\x63her.example", "a\xc3"}) {
    CHECK(refusal(read_host, bad).starts_with("expected a host name in UTF-8"));
  }
  const std::string label(63, 'a');
  CHECK(read_host("x." + label + ".test") == "x." + label + ".test");
  CHECK(refusal(read_host, "b\xc3\xbc." + label + "a.test")
            .starts_with("expected a host name with labels of at most 63"));
  CHECK(refusal(read_host, label + "a").starts_with("expected a host name with labels of at most 63"));
  const std::string longest = label + "." + label + "." + label + "." + std::string(61, 'b');
  CHECK(read_host(longest) == longest);
  CHECK(read_host(longest + ".") == longest + ".");
  CHECK(refusal(read_host, longest + "a").starts_with("expected a host name of at most 253 bytes"));
}

TEST_CASE("numbers keep to their bounds") {
  CHECK(read_number("0", 0, 9) == 0);
  CHECK(read_number("9", 0, 9) == 9);
  CHECK(refusal([](std::string_view v) { return read_number(v, 1, 9); }, "0") ==
        "expected a number from 1 to 9, got '0'");
  CHECK(refusal([](std::string_view v) { return read_number(v, 0, 9); }, "99999999999") != "accepted");
  CHECK(refusal([](std::string_view v) { return read_number(v, 0, 9); }, "-1") != "accepted");
}

TEST_CASE("choices are blind to case and come back as they are spelled in the list") {
  CHECK(read_choice("scram-sha-1", {"PLAIN", "SCRAM-SHA-1"}) == "SCRAM-SHA-1");
  CHECK(refusal(
            [](std::string_view v) {
              return read_choice(v, {"a", "b", "c"});
            },
            "d") == "expected a, b or c, got 'd'");
}

TEST_CASE("files and folders are looked at, not opened") {
  const test::Folder folder;
  const std::string file = folder.write("ca.pem", "x");
  CHECK(read_readable_file(file) == file);
  CHECK(read_readable_directory(folder.path()) == folder.path());
  CHECK(refusal(read_readable_file, folder.path() + "/none") ==
        "cannot read '" + folder.path() + "/none': No such file or directory");
  CHECK(refusal(read_readable_file, folder.path()) == "expected a file, got '" + folder.path() + "'");
  CHECK(refusal(read_readable_directory, file) != "accepted");
  CHECK(refusal(read_readable_file, "") == "expected a value, got nothing");
  const std::string pipe = folder.path() + "/pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(read_readable_file(pipe) == pipe);
}

TEST_CASE("a file that may not be read is refused") {
  if (::geteuid() == 0) return;  // root may read everything
  const test::Folder folder;
  const std::string file = folder.write("key.pem", "x");
  REQUIRE(::chmod(file.c_str(), 0) == 0);
  CHECK(refusal(read_readable_file, file) == "cannot read '" + file + "': Permission denied");
}

TEST_CASE("what a user typed is shown on one line and cut") {
  CHECK(in_quotes("a\nb|c<d>") == "'a b/c[d]'");
  CHECK(in_quotes(std::string(500, 'x')).size() < 70);
}
