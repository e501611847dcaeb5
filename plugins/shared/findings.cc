#include "plugins/shared/findings.h"

#include <algorithm>
#include <array>

namespace mailcheck::plugins {
namespace {

using enum plugin::Status;

constexpr auto kRows = std::to_array<FindingRow>({
    // reaching the server
    {"dns", critical, "The host name cannot be resolved.",
     "Check the name and the resolver of the monitoring machine; --address connects without a look-up."},
    {"connect", critical, "No address of the host accepts a connection.",
     "Is the service running, and does a firewall between here and there let the port through?"},
    {"address-failed", ok, "An address of the host did not answer, a later one did.",
     "Users with only that address family wait or fail; repair the address or take it out of DNS."},
    {"timeout", critical, "The deadline passed while the step was under way.",
     "The step named is the one that hangs; -vvv shows the dialogue up to there."},
    {"connection-lost", critical, "The server closed or reset the connection in mid-session.",
     "The server's log of that moment says why."},
    {"greeting", critical, "The server's greeting is missing, turns the connection away, or is not the protocol's.",
     "Is it the right port, and is the server overloaded or refusing this address?"},
    {"protocol-error", critical, "A reply breaks the protocol or its limits.",
     "-vvv shows the dialogue; something between here and the server may be changing it."},
    {"command-refused", critical, "The server refused a command that has no finding of its own.",
     "The server's words stand in the line; -vvv shows the command.", Decided::by_result, Scope::imap},
    // upgrade to TLS
    {"starttls-absent", critical, "STARTTLS is not offered.",
     "Either the server has no TLS on this port or somebody in between removes the offer."},
    {"starttls-refused", critical, "STARTTLS is offered, and refused when asked for.",
     "Most often the server cannot read its certificate or key; its log says which."},
    {"starttls-injected", critical, "Plain text follows the go-ahead of STARTTLS.",
     "Somebody in between may be injecting commands, or the server is vulnerable; do not trust the connection."},
    {"preauth", critical, "The server greets as logged in already on a plain connection, so that TLS is impossible.",
     "Somebody in between may be keeping the session in clear; a server for clients must not do this.",
     Decided::by_result, Scope::upgrade},
    {"plain-text-on-tls-port", critical, "The server speaks plain text where TLS was expected.",
     "The port may want --tls starttls; or the server's TLS listener is configured without TLS."},
    {"tls-on-plain-port", critical, "The server speaks TLS where plain text was expected.",
     "Use --tls implicit for this port."},
    {"tls-handshake", critical, "The TLS handshake failed.",
     "The reason stands in the line; compare the versions and ciphers that both sides allow."},
    {"old-protocol", critical, "The server's TLS version is older than the minimum.",
     "Update the server, or lower --tls-min-version knowingly."},
    {"old-protocol-accepted", warning,
     "The server accepts TLS 1.0 or 1.1 from those who offer no better (--old-protocols).",
     "Switch them off where no old client needs them; RFC 8996 forbids both.", Decided::by_result, Scope::tls},
    {"no-forward-secrecy", warning,
     "The key exchange has no forward secrecy: who gets the key later can read what was recorded.",
     "Put ECDHE suites first, or drop those that begin with RSA.", Decided::by_result, Scope::tls},
    {"weak-signature", critical, "The server signs the key exchange with a broken digest.",
     "Clients of today refuse that; let the server sign with SHA-256.", Decided::by_result, Scope::tls},
    {"no-secure-renegotiation", critical, "The server lacks secure renegotiation (RFC 5746).",
     "OpenSSL 3 refuses such servers; update the server's TLS library.", Decided::by_result, Scope::tls},
    {"weak-group", critical, "The key exchange uses a group that is too small.",
     "Use X25519 or P-256, or a Diffie-Hellman group of at least 2048 bits.", Decided::by_result, Scope::tls},
    {"weak-cipher", critical, "The cipher is broken or too short.",
     "Switch off RC4, DES, 3DES and everything under 128 bits.", Decided::by_result, Scope::tls},
    {"anonymous-suite", critical, "The server accepts only suites without a certificate: anybody can be in between.",
     "Give the server a certificate and key that it can read.", Decided::by_result, Scope::tls},
    {"null-suite", critical, "The server accepts only suites without encryption.",
     "Allow real cipher suites; NULL suites are for tests.", Decided::by_result, Scope::tls},
    // the certificate
    {"expired", critical, "A certificate has expired.",
     "Renew it, and see why the renewal did not happen by itself; of an intermediate, install the issuer's new one."},
    {"not-yet-valid", critical, "A certificate is not valid yet.",
     "Compare the clocks of this machine and the issuer."},
    {"name-mismatch", critical, "The certificate is for other names than the host's.",
     "Connect by a name that it has, add the name to it, or name the one you mean by --verify-name."},
    {"self-signed", critical, "The certificate is signed by itself.",
     "Install one of an authority, or trust this one by --ca-file."},
    {"missing-intermediate", critical, "The server does not send the certificate that links its own to an authority.",
     "Configure the full chain, many clients cannot fetch the missing piece; or --ca-file, if the issuer is your own."},
    {"untrusted", critical, "The chain ends at an authority that is not trusted here.",
     "Trust the authority by --ca-file if it is your own; else send the chain up to a known one, or get another "
     "certificate."},
    {"wrong-purpose", critical, "A certificate of the chain is not made for servers (extended key usage).",
     "Get one with the purpose serverAuth."},
    {"weak-key", critical, "A key of the chain is too short.", "Make a new key of at least RSA 2048 or EC P-256."},
    {"weak-digest", critical, "A certificate of the chain is signed with a broken digest.",
     "Get a certificate that is signed with SHA-256 or better."},
    {"revoked", critical, "The staple says that the certificate is revoked.",
     "Replace certificate and key, and find out why it was revoked.", Decided::by_result, Scope::tls},
    {"staple-missing", critical,
     "The certificate demands a staple (must-staple), or --require-staple does, and no good one came.",
     "Many mail servers cannot staple: get a certificate without must-staple, or drop --require-staple.",
     Decided::by_result, Scope::tls},
    {"staple-stale", warning, "The staple is past its time.",
     "The server no longer renews it: its way to the responder, or the responder, is broken.", Decided::by_result,
     Scope::tls},
    {"staple-invalid", warning, "The staple cannot be used: broken, wrongly signed, or for another certificate.",
     "Clients that look at it will refuse; switch stapling off or repair it.", Decided::by_result, Scope::tls},
    {"key-type-absent", critical,
     "The server has no certificate with the key type that was asked for (--key-type, --both-key-types).",
     "Install one, or do not ask for it.", Decided::by_result, Scope::tls},
    {"chain-order", ok, "The certificates are sent in the wrong order.",
     "Most clients cope; RFC 5246 wants each one to be the issuer of the one before.", Decided::by_result, Scope::tls},
    {"surplus-certificate", ok, "The server sends a certificate that nobody needs: a root, a duplicate, a stray one.",
     "Take it out of the chain file; it costs bytes, not trust.", Decided::by_result, Scope::tls},
    {"unverified", ok, "The certificate was not accepted, and --insecure let the session go on.",
     "Repair what the note names and drop --insecure.", Decided::by_result, Scope::log_in},
    // what DNS says of it
    {"dane-mismatch", critical, "None of the TLSA records matches the certificate.",
     "Senders that look at DANE refuse to deliver: publish the record of the new key, or go back to the old key.",
     Decided::by_result, Scope::tls},
    {"dane-bogus", critical, "The DNS answer does not validate, or the resolver fails on it (SERVFAIL).",
     "Senders that look at DANE will defer; check the signatures of the zone and its DS record.", Decided::by_result,
     Scope::tls},
    {"dane-absent", critical, "There is no TLSA record.", "Publish one for this host and port, or drop --dane.",
     Decided::by_result, Scope::tls},
    {"dane-insecure", critical, "The DNS answer is not signed, so that TLSA records mean nothing.",
     "Sign the zone, or ask a resolver that validates (--resolver).", Decided::by_result, Scope::tls},
    {"dane-unusable", warning, "There are only TLSA records that cannot be used.",
     "RFC 7672: usage 2 or 3, matching type 0, 1 or 2, data of the right length.", Decided::by_result, Scope::tls},
    {"dane-unanswered", unknown, "The resolver did not answer the question for TLSA records.",
     "Check the resolver; the server was judged without DANE.", Decided::by_result, Scope::tls},
    {"dane-rollover", ok, "Some TLSA records match and some do not: a key roll-over.",
     "Remove the old record once the old certificate is gone.", Decided::by_result, Scope::tls},
    {"dane-remote-resolver", ok,
     "The resolver that vouches for DNSSEC is not on this machine, so the way to it must be trusted.",
     "Run a validating resolver on this machine.", Decided::by_result, Scope::tls},
    {"mx-invalid", warning, "An MX record names no host that mail could go to.",
     "An MX record holds a host name: no address, no alias, and a null MX stands alone.", Decided::by_result,
     Scope::tls},
    {"mx-null", critical, "The domain takes no mail (null MX, RFC 7505).", "Check the domain of --mx.",
     Decided::by_result, Scope::tls},
    {"mta-sts-absent", critical, "The domain has no MTA-STS record.",
     "Publish the TXT record _mta-sts, or drop --mta-sts.", Decided::by_result, Scope::tls},
    {"mta-sts-invalid", critical, "The MTA-STS record or policy breaks RFC 8461.",
     "Senders ignore it then; the line says what is wrong.", Decided::by_result, Scope::tls},
    {"mta-sts-unreachable", critical, "The MTA-STS policy cannot be fetched.",
     "https://mta-sts.DOMAIN/.well-known/mta-sts.txt must answer 200 with a valid certificate and no redirect.",
     Decided::by_result, Scope::tls},
    {"mta-sts-unanswered", unknown, "The resolver did not answer the question for the MTA-STS record.",
     "Check the resolver; the server was judged without the policy.", Decided::by_result, Scope::tls},
    {"mta-sts-mismatch", critical, "The host is not in the MTA-STS policy.",
     "Once the policy is enforced senders will not deliver to it; add it to the mx lines.", Decided::by_result,
     Scope::tls},
    {"mta-sts-none", warning, "The MTA-STS policy says mode none: it protects nothing.",
     "Set mode testing or enforce, or remove the policy.", Decided::by_result, Scope::tls},
    {"mta-sts-testing", ok, "The MTA-STS policy says mode testing: senders report faults and deliver all the same.",
     "Set mode enforce once the reports are clean.", Decided::by_result, Scope::tls},
    {"mta-sts-short-lived", ok, "The MTA-STS policy is kept for less than a day.", "RFC 8461 recommends weeks.",
     Decided::by_result, Scope::tls},
    {"caa", ok, "The CAA records of the host: who may issue certificates for it.",
     "A record keeps other authorities from issuing.", Decided::by_result, Scope::tls},
    {"tls-rpt", ok, "The TLS-RPT record of the domain: where senders report TLS faults to.",
     "Without it nobody tells you.", Decided::by_result, Scope::tls},
    // log in
    {"plaintext-auth-refused", critical, "The credentials would go over a plain connection; they were not sent.",
     "Use TLS; --tls none --allow-plaintext-auth sends them anyway.", Decided::by_result, Scope::log_in},
    {"tls-required", critical, "The server wants TLS before it goes on.", "Use --tls starttls or --tls implicit."},
    {"no-mechanism", critical, "The server offers no mechanism that fits the credentials or --auth.",
     "-vv shows what it offers.", Decided::by_result, Scope::log_in},
    {"auth-failed", critical, "User name, password or token are refused.",
     "Try the account by hand; the server's log tells whether user, password or policy was the reason.",
     Decided::by_result, Scope::log_in},
    {"auth-unavailable", critical, "Log in is not possible at the moment, whatever the credentials.",
     "The server's user database or its limits (connections per user) are the place to look.", Decided::by_result,
     Scope::log_in},
    // the mailbox
    {"mailbox-unusable", critical, "The log in works, the mailbox does not.",
     "Storage, locks, permissions or a licence of the mailbox; the server's words name it.", Decided::by_result,
     Scope::imap},
    {"quota-unavailable", unknown, "The quota cannot be read.",
     "Does the server have the quota plugin, and the user a limit?", Decided::by_result, Scope::imap},
    {"criteria-refused", unknown, "The server does not accept the criteria of --search.",
     "Compare them with RFC 9051 section 6.4.4; many servers lack extensions, and some the charset.",
     Decided::by_result, Scope::imap},
    // what the server says to a message or its envelope
    {"open-relay", critical, "The server takes mail of a stranger for a foreign domain (--open-relay-test).",
     "Close it at once: spammers find open relays within hours, and block lists soon after.", Decided::by_result,
     Scope::smtp},
    {"relay-denied", critical, "The server does not relay for this client: the recipient is not one of its own.",
     "Log in, or use the server that is responsible for the recipient's domain.", Decided::by_result, Scope::smtp},
    {"blocklisted", critical, "The server refuses this client because a block list has it.",
     "The list is named in the line, if the server names it; ask it why, and to be taken off.", Decided::by_result,
     Scope::transfer},
    {"unknown-recipient", critical, "The recipient does not exist there.",
     "Check --to; if it is right, the server's user data base has lost it.", Decided::by_result, Scope::smtp},
    {"mailbox-full", critical, "The recipient's mailbox is full.", "Clean up the mailbox or raise its quota.",
     Decided::by_result, Scope::smtp},
    {"too-large", critical, "The message is larger than the server or the mailbox takes.",
     "Compare the server's SIZE (-vv) with the size of --body-file.", Decided::by_result, Scope::smtp},
    {"content-rejected", critical, "The message is refused for what it says.",
     "The words say which filter; a probe should look like nothing a filter knows.", Decided::by_result, Scope::smtp},
    {"policy", critical, "The server's rules refuse it: sender, client name, address or authentication.",
     "The server's words name the rule.", Decided::by_result, Scope::transfer},
    {"permanent", critical, "The server refuses for good, for a reason that has no finding of its own.",
     "The server's words are all there is; -vvv shows the dialogue.", Decided::by_result, Scope::transfer},
    {"greylisted", warning, "The server asks to come back later: it does not know this sender yet.",
     "Nothing is wrong; the next check some minutes later should pass.", Decided::by_result, Scope::transfer},
    {"rate-limited", warning, "Too many connections, log ins or messages in this time.",
     "Raise the check interval, or the limit for the monitoring machine.", Decided::by_result, Scope::transfer},
    {"temporary", warning, "The server cannot take it at the moment, for a reason that has no finding of its own.",
     "If it stays so, mail is waiting in everybody's queues; 452 4.3.1 is the server's own disk.", Decided::by_result,
     Scope::transfer},
    {"service-closing", warning, "The server is closing the connection (421).",
     "It is shutting down, overloaded, or tired of this client; its words say which.", Decided::by_result,
     Scope::transfer},
    {"delivery-unknown", warning,
     "The connection was lost after the final dot: nobody knows whether the message was taken.",
     "The server's log knows; it was not sent again.", Decided::by_result, Scope::smtp},
    {"not-measured", unknown, "What was asked for could not be measured.", "The reason stands in the line."},
    {"not-expected", critical, "An expectation of the command line is not met.", "What was found stands in the line."},
    {"local", unknown, "A file or value on this machine cannot be used.",
     "The line names it; the server was not judged."},
    // notes
    {"alert", ok, "The server sent an ALERT for its user.", "Its words are for people; read them.", Decided::by_result,
     Scope::imap},
    {"referral", ok, "The server refers to another server; referrals are never followed.",
     "Point the check at the server that it names.", Decided::by_result, Scope::imap},
    {"deviation", ok, "The server deviates from the protocol in a way that was tolerated.", "Report it to its makers."},
    {"secret-file-readable", ok, "A file with a secret can be read by everyone on this machine.",
     "chmod it so that only the monitoring user can read it."},
    {"transcript-failed", ok, "The file of --transcript could not be written in the end; the verdict is not touched.",
     "Space and permissions of its folder; -vvv shows the dialogue as well."},
    // those that --result does not know
    {"threshold", warning, "A number is outside its range of -w (WARNING) or -c (CRITICAL).",
     "The range is that of -w or -c for its label; for a time, -v shows which step took it.", Decided::by_range},
    {"usage", unknown, "The options are wrong, or a secret cannot be read; nobody was connected to.",
     "The line names the option and what was expected.", Decided::always},
    {"internal-error", unknown, "The plugin itself failed.", "Please report it, with the command line.",
     Decided::always},
    {"information", unknown, "--help or --version was asked for, with --output json.", "The text is the fact text.",
     Decided::always},
});

const FindingRow* row_of(std::string_view name) {
  const auto* row = std::find_if(kRows.begin(), kRows.end(), [&](const FindingRow& r) { return r.name == name; });
  return row == kRows.end() ? nullptr : row;
}

}  // namespace

std::span<const FindingRow> finding_rows() {
  return kRows;
}

std::vector<std::string_view> finding_names(Scope scope) {
  std::vector<std::string_view> names;
  for (const auto& row : kRows) {
    if (overlaps(row.scope, scope) && row.decided == Decided::by_result) names.push_back(row.name);
  }
  return names;
}

plugin::Finding Findings::make(std::string_view name, std::string text) const {
  plugin::Finding finding{.name = std::string(name), .status = unknown, .text = std::move(text), .hint = {}};
  if (const FindingRow* row = row_of(name)) {
    finding.status = row->state;
    finding.hint = row->advice;
  }
  if (const auto override = overrides_.find(finding.name); override != overrides_.end())
    finding.status = override->second;
  return finding;
}

void Findings::add_advice(plugin::Report& report) {
  for (plugin::Finding& finding : report.findings) {
    const FindingRow* row = row_of(finding.name);
    if (finding.hint.empty() && row != nullptr) finding.hint = row->advice;
  }
}

}  // namespace mailcheck::plugins
