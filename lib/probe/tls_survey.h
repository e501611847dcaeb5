// The probe behind check_mail_tls: reach a mail port as a mail client or a sending server does, upgrade, and look at
// everything that the encryption shows. Nobody logs in and nothing is sent.
//
// One connection for each host, or for each of its addresses with Addresses::all, and for each key type asked for. Two
// more for old versions, and one more where a handshake failed before the certificate, to learn whether the server
// only has suites that prove or hide nothing. Every connection has a fair share of the time that is left.
//
// With DANE the addresses come from the resolver that is asked for TLSA records, and nowhere else (RFC 7672 section
// 2.2): neither /etc/hosts nor nsswitch is looked at. Otherwise as every client finds them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/upgrade_client.h"
#include "dns/record_source.h"
#include "http/fetcher.h"
#include "net/transcript.h"
#include "probe/encryption.h"
#include "probe/environment.h"
#include "probe/tls_survey_facts.h"

namespace mailcheck::probe {

enum class Addresses { first_that_answers, all };
enum class OldVersionQuestion { left_out, asked };
enum class DaneQuestion { left_out, asked };

struct TlsSurveyRequest {
  client::Protocol protocol = client::Protocol::smtp;
  Encryption encryption = Encryption::starttls;  // never none
  client::Target target;                         // its host may be empty with exchanges_of
  std::string exchanges_of;                      // domain whose mail exchangers are the targets; empty: `target` is
  Addresses addresses = Addresses::first_that_answers;
  // With its context, and a survey (of which dane_rules counts). verify_names empty: each target's own name.
  tls::ClientOptions tls;
  enum class ServerName { of_host, as_given } server_name = ServerName::of_host;
  std::vector<tls::KeyType> key_types = {tls::KeyType::any};
  OldVersionQuestion old_versions = OldVersionQuestion::left_out;
  DaneQuestion dane = DaneQuestion::left_out;
  std::string mta_sts_domain;  // empty: no policy is looked for
  std::string hello_name;
  base::Duration timeout{};
  net::Recording recording = net::Recording::off;
};

// What a survey needs of the world besides.
struct TlsSurveyEnvironment {
  Environment world;
  dns::RecordSource& records;
  http::Fetcher& fetcher;
};

[[nodiscard]] TlsSurveyFacts tls_survey(const TlsSurveyRequest& request, const TlsSurveyEnvironment& environment);

}  // namespace mailcheck::probe
