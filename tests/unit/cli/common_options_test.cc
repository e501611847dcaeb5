#include "cli/common_options.h"

#include "support/catch2.h"
#include "unit/cli/command_line.h"

using namespace mailcheck;
using namespace mailcheck::cli;
using namespace std::chrono_literals;
using mailcheck::plugin::Status;

namespace {

struct Fixture {
  explicit Fixture(CommonContext context = standard()) { add_common_options(table, options, context); }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;

  static CommonContext standard() {
    return {.program = {"check_test", "-H HOST [options]", "Tests."},
            .labels = {"dns", "tls", "total", "unseen", "cert_days", "chain_days"},
            .findings = {"untrusted", "expired", "auth-failed"}};
  }
  void run(std::initializer_list<std::string> words) {
    test::CommandLine line(words);
    parse(table, line.argv());
  }
  std::string error(std::initializer_list<std::string> words) { return test::error_of(table, words); }
  [[nodiscard]] std::string warning(std::string_view label) const {
    const auto& range = options.thresholds.limits(label).warning;
    return range ? range->print() : "none";
  }
  [[nodiscard]] std::string critical(std::string_view label) const {
    const auto& range = options.thresholds.limits(label).critical;
    return range ? range->print() : "none";
  }

  OptionTable table;
  CommonOptions options;
};

struct SocketFixture : Fixture {
  SocketFixture() : Fixture(context()) {}
  static CommonContext context() {
    CommonContext context = standard();
    context.endpoint.unix_socket = UnixSocket::allowed;
    return context;
  }
};

struct NoDefaultLabelFixture : Fixture {
  NoDefaultLabelFixture() : Fixture(context()) {}
  static CommonContext context() {
    CommonContext context = standard();
    context.default_label = "";
    context.timeout = 50s;
    return context;
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "without options but the host the defaults stand") {
  run({"-H", "mail.example.test"});
  CHECK(options.hostname == "mail.example.test");
  CHECK_FALSE(options.port.has_value());
  CHECK(options.family == Family::any);
  CHECK(options.timeout == 10s);
  CHECK(options.verbosity == 0);
  CHECK(options.output == plugin::Format::plain);
  CHECK(options.results.empty());
}

TEST_CASE_METHOD(Fixture, "every common option lands in its place") {
  run({"-Hmail", "-p", "993", "-6", "--address", "[::1]", "--resolver=192.0.2.53:53", "-t2.5", "-vv", "-v", "--output",
       "json", "--transcript", "/tmp/t", "--result", "untrusted=warning", "--result", "expired=OK",
       "--result=untrusted=ok"});
  CHECK(options.hostname == "mail");
  CHECK(options.port == 993);
  CHECK(options.family == Family::ipv6);
  CHECK(options.address == "::1");
  CHECK(options.resolver == "192.0.2.53:53");
  CHECK(options.timeout == 2500ms);
  CHECK(options.verbosity == 3);
  CHECK(options.output == plugin::Format::json);
  CHECK(options.transcript_file == "/tmp/t");
  CHECK(options.results == std::map<std::string, Status>{{"untrusted", Status::ok}, {"expired", Status::ok}});
}

TEST_CASE_METHOD(Fixture, "an error about a threshold can name the option that gave it") {
  run({"-H", "a", "-w", "total=5", "-c", "unseen=5"});
  CHECK(threshold_option(options, "total") == "--warning");
  CHECK(threshold_option(options, "unseen") == "--critical");
  run({"-H", "a", "-D", "5"});
  CHECK(threshold_option(options, "chain_days") == "--cert-days");
}

TEST_CASE_METHOD(Fixture, "the host is required") {
  CHECK(error({}) == "--hostname: expected HOST, got nothing; it is required");
  CHECK(error({"-H", ""}) == "--hostname: expected a host name or IP address, got nothing");
  CHECK(error({"-H", "/run/imap"}) == "--hostname: expected a host name or IP address, got '/run/imap'");
}

TEST_CASE_METHOD(SocketFixture, "a Unix socket is a host where the plugin says so, if it is short enough") {
  run({"-H", "/run/dovecot/lmtp"});
  CHECK(options.hostname == "/run/dovecot/lmtp");
  CHECK(error({"-H", "/" + std::string(107, 'x')})
            .starts_with("--hostname: expected a socket path of at most 107 bytes"));
}

TEST_CASE_METHOD(Fixture, "bad ports and time-outs name the option and what was expected") {
  CHECK(error({"-H", "a", "-p", "0"}) == "--port: expected a number from 1 to 65535, got '0'");
  CHECK(error({"-H", "a", "--port=70000"}) == "--port: expected a number from 1 to 65535, got '70000'");
  CHECK(error({"-H", "a", "-t", "0"}).starts_with("--timeout: expected seconds"));
  CHECK(error({"-H", "a", "--resolver=ns"}).starts_with("--resolver: expected ADDRESS or ADDRESS:PORT"));
  CHECK(error({"-H", "a", "--address=ns"}).starts_with("--address: expected a numeric IPv4 or IPv6 address"));
  CHECK(error({"-H", "a", "--output=xml"}) == "--output: expected plain, json or prometheus, got 'xml'");
}

TEST_CASE_METHOD(Fixture, "--perfdata takes labels that exist, between commas; given again it replaces") {
  run({"-H", "a", "--perfdata", "dns", "--perfdata", "total,unseen"});
  CHECK(options.perfdata_labels == std::vector<std::string>{"total", "unseen"});
  const std::string known =
      "--perfdata: expected LABEL,... with LABEL one of dns, tls, total, unseen, cert_days or "
      "chain_days, got ";
  CHECK(error({"-H", "a", "--perfdata", "tls,speed"}) == known + "'tls,speed'");
  CHECK(error({"-H", "a", "--perfdata", "tls, dns"}) == known + "'tls, dns'");
  CHECK(error({"-H", "a", "--perfdata", "tls,"}) == known + "'tls,'");
  CHECK(error({"-H", "a", "--perfdata="}) == known + "nothing");
}

TEST_CASE_METHOD(Fixture, "labels for Prometheus are collected; a name given again gets the later value") {
  run({"-H", "a", "--output", "Prometheus", "--prometheus-label", "account=a=b", "--prometheus-label", "site=x",
       "--prometheus-label", "account="});
  CHECK(options.output == plugin::Format::prometheus);
  CHECK(options.prometheus_labels == plugin::PrometheusLabels{{"account", ""}, {"site", "x"}});
  for (const std::string bad : {"account", "host=b", "a-b=c", "=c"}) {
    CHECK(error({"-H", "a", "--prometheus-label", bad}).starts_with("--prometheus-label: expected NAME=VALUE with "));
  }
}

TEST_CASE_METHOD(Fixture, "IPv4 only and IPv6 only contradict each other") {
  CHECK(error({"-H", "a", "-4", "-6"}) == "--ipv6: contradictory: IPv4 only and IPv6 only");
  CHECK(error({"-H", "a", "-64"}) == "--ipv6: contradictory: IPv4 only and IPv6 only");
}

TEST_CASE_METHOD(Fixture, "a family contradicts an address of the other one") {
  CHECK(error({"-H", "a", "-4", "--address", "::1"}) == "--ipv4: contradicts --address ::1");
}

TEST_CASE_METHOD(Fixture, "a family contradicts a host that is an address of the other one") {
  CHECK(error({"-H", "192.0.2.1", "-6"}) == "--ipv6: contradicts --hostname 192.0.2.1");
}

TEST_CASE_METHOD(Fixture, "ranges without a label mean the total") {
  run({"-H", "a", "-w5", "-c", "@10:20", "-w", "unseen=:100", "-c", "tls=~:2", "-w", "dns=-10:-2"});
  CHECK(warning("total") == ":5");
  CHECK(critical("total") == "@10:20");
  CHECK(warning("unseen") == ":100");
  CHECK(critical("tls") == "~:2");
  CHECK(warning("dns") == "-10:-2");
  CHECK(warning("tls") == "none");
}

TEST_CASE_METHOD(Fixture, "of two ranges for one label the last wins") {
  run({"-H", "a", "-w5", "-w", "7", "-w", "total=9"});
  CHECK(warning("total") == ":9");
}

TEST_CASE_METHOD(Fixture, "bad ranges are refused and the option is named") {
  const auto* range = GENERATE("500ms", "1,5", "abc", "2:1", "", "-5", "10:20:30", "@", "1e3", "inf");
  CAPTURE(range);
  const auto refuses = [](const std::string& text, const std::string& option) {
    return text.starts_with(option + ": ") && text.size() > option.size() + 10;
  };
  CHECK(refuses(error({"-H", "a", "-w", range}), "--warning"));
  CHECK(refuses(error({"-H", "a", std::string("--critical=tls=") + range}), "--critical"));
}

TEST_CASE_METHOD(Fixture, "an unknown label is refused and the known ones are named") {
  CHECK(error({"-H", "a", "-w", "tsl=5"}) ==
        "--warning: expected [LABEL=]RANGE with LABEL one of dns, tls, total, unseen, cert_days or chain_days, got "
        "'tsl=5'");
  CHECK(error({"-H", "a", "-c", "=5"}).starts_with("--critical: "));
}

TEST_CASE_METHOD(NoDefaultLabelFixture, "without a default label a range needs one") {
  CHECK(options.timeout == 50s);
  CHECK(error({"-H", "a", "-w", "21"}).starts_with("--warning: expected LABEL=RANGE with LABEL one of dns, "));
  run({"-H", "a", "-w", "cert_days=21:"});
  CHECK(warning("cert_days") == "21:");
}

TEST_CASE_METHOD(Fixture, "certificate days set both labels, warning and critical") {
  run({"-H", "a", "-D", "21,7.5"});
  CHECK(warning("cert_days") == "21:");
  CHECK(warning("chain_days") == "21:");
  CHECK(critical("cert_days") == "7.5:");
  CHECK(critical("chain_days") == "7.5:");
}

TEST_CASE_METHOD(Fixture, "a range for a certificate label has the last word, wherever it stands") {
  run({"-H", "a", "-w", "cert_days=3:", "-D", "21"});
  CHECK(warning("cert_days") == "3:");
  CHECK(warning("chain_days") == "21:");
  CHECK(critical("cert_days") == "none");
}

TEST_CASE_METHOD(Fixture, "bad certificate days are refused") {
  const auto* days = GENERATE("", "abc", "-1", "21,", ",7", "21,7,1", "21:", "7,21", "21d");
  CAPTURE(days);
  CHECK(error({"-H", "a", "-D", days}).starts_with("--cert-days: expected WARN[,CRIT]"));
}

TEST_CASE_METHOD(Fixture, "results need a known finding and a state") {
  CHECK(error({"-H", "a", "--result", "untrusted"}) ==
        "--result: expected FINDING=STATE, as in untrusted=warning, got 'untrusted'");
  CHECK(error({"-H", "a", "--result", "untrused=ok"}) ==
        "--result: expected a known finding, got 'untrused'; did you mean untrusted?");
  CHECK(error({"-H", "a", "--result", "weather=ok"}) == "--result: expected a known finding, got 'weather'");
  CHECK(error({"-H", "a", "--result", "untrusted=fine"}) ==
        "--result: expected ok, warning, critical or unknown after the =, got 'untrusted=fine'");
  CHECK(error({"-H", "a", "--result", "untrusted="}) != "");
}

TEST_CASE_METHOD(Fixture, "help and version need no host and read no file") {
  CHECK_THROWS_AS(run({"--help"}), plugin::InformationRequest);
  CHECK_THROWS_AS(run({"--extra-opts=@/nonexistent", "-V"}), plugin::InformationRequest);
}

TEST_CASE("with a prefix the long names carry it and no letter is taken") {
  OptionTable table;
  CommonOptions common;
  EndpointOptions smtp;
  add_common_options(table, common, Fixture::standard());
  add_endpoint_options(table, smtp, {.prefix = "smtp-", .hostname = EndpointContext::Hostname::optional});
  test::CommandLine line({"-H", "imap.example", "--smtp-hostname=smtp.example", "--smtp-port", "587", "--smtp-ipv4"});
  parse(table, line.argv());
  CHECK(common.hostname == "imap.example");
  CHECK(smtp.hostname == "smtp.example");
  CHECK(smtp.port == 587);
  CHECK(smtp.family == Family::ipv4);
  CHECK(test::error_of(table, {"-H", "a", "--smtp-port=0"}) ==
        "--smtp-port: expected a number from 1 to 65535, got '0'");
}

TEST_CASE("certificate days go to the labels that the plugin names") {
  CommonContext context = Fixture::standard();
  context.labels = {"total", "smtp_cert_days", "imap_cert_days"};
  context.certificate_labels = {"smtp_cert_days", "imap_cert_days"};
  Fixture fixture(context);
  fixture.run({"-H", "a", "-D", "21"});
  CHECK(fixture.warning("smtp_cert_days") == "21:");
  CHECK(fixture.warning("imap_cert_days") == "21:");
  CHECK(fixture.warning("cert_days") == "none");
  CHECK(threshold_option(fixture.options, "imap_cert_days") == "--cert-days");
  CHECK(threshold_option(fixture.options, "total") == "--critical");
}

TEST_CASE("a port that would not say whose it is is refused, and not in the help") {
  CommonContext context = Fixture::standard();
  context.endpoint.no_port = "which side?";
  Fixture fixture(context);
  CHECK(fixture.error({"-H", "a", "-p", "25"}) == "--port: which side?");
  CHECK(fixture.error({"-H", "a", "--port=25"}) == "--port: which side?");
  CHECK(help_page(fixture.table, context.program).find("--port") == std::string::npos);
}
