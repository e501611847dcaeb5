#include "probe/tls_survey.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "policy/host_pattern.h"
#include "probe/session_probe.h"
#include "probe/tls_look.h"
#include "probe/tls_targets.h"
#include "tls/trust.h"

namespace mailcheck::probe {
namespace {

using base::Stage;
using tls::Version;

struct OldVersion {
  Version version;
  std::string_view name;
};
constexpr OldVersion kOldVersions[] = {{Version::tls1_0, "TLS 1.0"}, {Version::tls1_1, "TLS 1.1"}};

class Survey {
 public:
  Survey(const TlsSurveyRequest& request, const TlsSurveyEnvironment& environment)
      : request_(request),
        environment_(environment),
        world_(environment.world),
        whole_(world_.clock, request.timeout),
        deadlines_(world_.clock, request.timeout),
        timeline_(world_.clock) {}

  TlsSurveyFacts run() {
    facts_.now = world_.clock.wall();
    if (request_.dane == DaneQuestion::asked) {
      facts_.resolver = environment_.records.name();
      facts_.is_resolver_local = environment_.records.is_on_loopback();
    }
    auto targets = TlsTargets(request_, environment_).find(timeline_, deadlines_.session(), facts_);
    facts_.unfinished_step = timeline_.unfinished();
    if (!request_.mta_sts_domain.empty()) fetch_policy();
    count(targets);
    for (PlannedTarget& target : targets) {
      look_at(target);
      target.facts.is_in_mta_sts_policy = is_in_policy(target.facts.host);
      facts_.targets.push_back(std::move(target.facts));
    }
    timeline_.stop();
    merge();
    return std::move(facts_);
  }

 private:
  void count(const std::vector<PlannedTarget>& targets) {
    for (const PlannedTarget& target : targets) left_ += target.connections.size() * request_.key_types.size();
  }

  // Half of the time at most: the server is what matters.
  void fetch_policy() {
    timeline_.begin(Stage::policy);
    const base::Deadline deadline = deadlines_.session().at_most(deadlines_.session().remaining() / 2);
    policy::MtaStsSources sources{environment_.records, world_.resolver, environment_.fetcher};
    if (const auto trust = tls::choose_trust(request_.tls, tls::system_trust_places())) {
      sources.ca_file = trust->file;
      sources.ca_path = trust->directory;
    }
    facts_.mta_sts = policy::fetch_mta_sts(ascii_name(request_.mta_sts_domain), sources, deadline);
    using Status = policy::MtaStsFacts::Status;
    const bool is_answered = facts_.mta_sts->status != Status::unreachable &&
                             facts_.mta_sts->status != Status::lookup_failed &&
                             facts_.mta_sts->status != Status::not_fetched;
    if (is_answered) timeline_.finish();
  }

  // Half of what is left, all of it for the last: one that hangs leaves time for the others, and where none hangs each
  // has plenty. Questions that come on top have what the connections asked for have left.
  base::Duration next_share() {
    const base::Duration remaining = whole_.remaining();  // each connection keeps a reserve of its own
    const base::Duration share = left_ > 1 ? remaining / 2 : remaining;
    if (left_ > 0) --left_;
    return share;
  }

  // Everything that was read from files stands in the context.
  [[nodiscard]] tls::ClientOptions tls_options(const PlannedTarget& target, tls::SurveyOptions question) const {
    const tls::ClientOptions& given = request_.tls;
    const bool is_of_host = request_.server_name == TlsSurveyRequest::ServerName::of_host;
    const bool has_tlsa = target.facts.tlsa && !target.facts.tlsa->records.empty();
    if (has_tlsa) question.tlsa = target.facts.tlsa->records;
    question.tlsa_names = target.tlsa_names;
    question.dane_rules = given.survey->dane_rules;
    tls::ClientOptions options;
    // RFC 7672 section 8.1: with DANE the TLSA base domain is the name that the server is asked for.
    const std::string& own = has_tlsa ? target.facts.tlsa->base : target.facts.host;
    options.server_name = is_of_host ? own : given.server_name;
    options.verify_names = given.verify_names.empty() ? std::vector{target.facts.host} : given.verify_names;
    options.survey = std::move(question);
    options.context = given.context;
    return options;
  }

  TlsLook connect(const PlannedTarget& target, const client::Target& connection, const tls::SurveyOptions& question) {
    return look({request_, connection, tls_options(target, question)}, world_, next_share());
  }

  [[nodiscard]] bool is_in_policy(const std::string& host) const {
    if (!facts_.mta_sts) return false;
    const auto& patterns = facts_.mta_sts->mx;
    return std::any_of(patterns.begin(), patterns.end(), [name = ascii_name(host)](const std::string& pattern) {
      return policy::matches(pattern, name);
    });
  }

  void look_at(PlannedTarget& target) {
    for (const client::Target& connection : target.connections) {
      for (const tls::KeyType key_type : request_.key_types) {
        target.facts.looks.push_back(look_with(target, connection, key_type));
      }
    }
    const bool asks_old = request_.old_versions == OldVersionQuestion::asked;
    if (asks_old && has_any_handshake(target.facts)) target.facts.old_versions = ask_old_versions(target);
  }

  [[nodiscard]] static bool has_any_handshake(const TlsTarget& target) {
    return std::any_of(target.looks.begin(), target.looks.end(), has_handshake);
  }

  TlsLook look_with(const PlannedTarget& target, const client::Target& connection, tls::KeyType key_type) {
    TlsLook first = connect(target, connection, {.key_type = key_type});
    const bool is_steered = key_type != tls::KeyType::any;
    if (is_steered ? !has_ended_before_certificate(first) : !first.is_offer_refused) return first;
    ++left_;  // a question on top
    return is_steered ? why_not_this_key(target, connection, std::move(first))
                      : why_no_suite(target, connection, std::move(first));
  }

  // Servers refuse a key type that they do not have by an alert, or hang up (Dovecot). If they come to terms with
  // whoever asks for any, that was the reason; else the answer to that is the truth.
  TlsLook why_not_this_key(const PlannedTarget& target, const client::Target& connection, TlsLook first) {
    TlsLook second = look_with(target, connection, tls::KeyType::any);
    const bool has_certificate = has_handshake(second) && !second.session.tls->sent_chain.empty() &&
                                 second.session.tls->survey->suite.has_encryption;
    first.is_offer_refused = has_certificate;
    if (has_certificate) return first;
    second.key_type = first.key_type;
    second.is_offer_refused = false;
    return with_dialogue_of(first, std::move(second));
  }

  // A server that refuses every suite with a certificate is asked for the others alone.
  TlsLook why_no_suite(const PlannedTarget& target, const client::Target& connection, TlsLook first) {
    TlsLook second = connect(target, connection, {.suites = tls::Suites::nobody});
    return has_handshake(second) ? with_dialogue_of(first, std::move(second)) : first;
  }

  [[nodiscard]] static TlsLook with_dialogue_of(const TlsLook& first, TlsLook second) {
    auto& dialogue = second.session.dialogue;
    dialogue.insert(dialogue.begin(), first.session.dialogue.begin(), first.session.dialogue.end());
    return second;
  }

  OldVersions ask_old_versions(const PlannedTarget& target) {
    OldVersions answers;
    for (const client::Target& connection : target.connections) {
      const bool is_one_of_several = target.connections.size() > 1;
      const std::string place =
          is_one_of_several ? fmt::format(" at {}", connection.addresses.front().to_string()) : std::string();
      for (const auto& [version, name] : kOldVersions) {
        const TlsLook answer = connect(target, connection, {.only_version = version});
        switch (old_version_answer(answer)) {
          case OldVersionAnswer::accepted: answers.accepted.push_back(std::string(name) + place); break;
          case OldVersionAnswer::refused: break;
          case OldVersionAnswer::unknown:
            answers.unknown.push_back(fmt::format("{}{}: {}", name, place, answer.session.error->detail));
        }
      }
    }
    return answers;
  }

  // Of each step the longest of all connections: what a user would have had to wait for at worst.
  void merge() {
    std::vector<base::Timeline::Step> steps = timeline_.steps();
    if (!facts_.unfinished_step) facts_.unfinished_step = timeline_.unfinished();
    for (const TlsTarget& target : facts_.targets) {
      for (const TlsLook& look : target.looks) {
        for (const auto& step : look.session.steps) add_longest(steps, step);
        if (!facts_.unfinished_step) facts_.unfinished_step = look.session.unfinished_step;
        facts_.dialogue.insert(facts_.dialogue.end(), look.session.dialogue.begin(), look.session.dialogue.end());
      }
    }
    const auto is_done = [&](const auto& step) { return step.stage == facts_.unfinished_step; };
    if (std::any_of(steps.begin(), steps.end(), is_done)) facts_.unfinished_step.reset();
    facts_.steps = std::move(steps);
    facts_.total = timeline_.total();
  }

  static void add_longest(std::vector<base::Timeline::Step>& steps, const base::Timeline::Step& step) {
    const auto known =
        std::find_if(steps.begin(), steps.end(), [&](const auto& other) { return other.stage == step.stage; });
    if (known == steps.end()) {
      steps.push_back(step);
    } else {
      known->duration = std::max(known->duration, step.duration);
    }
  }

  const TlsSurveyRequest& request_;
  const TlsSurveyEnvironment& environment_;
  const Environment& world_;
  base::Deadline whole_;
  Deadlines deadlines_;  // of what comes before the connections
  base::Timeline timeline_;
  std::size_t left_ = 0;  // connections that are still to be made
  TlsSurveyFacts facts_;
};

}  // namespace

TlsSurveyFacts tls_survey(const TlsSurveyRequest& request, const TlsSurveyEnvironment& environment) {
  return Survey(request, environment).run();
}

}  // namespace mailcheck::probe
