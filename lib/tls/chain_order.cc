#include "tls/chain_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

#include "base/utc.h"

namespace mailcheck::tls {
namespace {

using Kind = ChainRemark::Kind;

constexpr std::size_t kRemarkLimit = 16;

bool holds(std::span<const Certificate> certificates, const Certificate& wanted) {
  return std::any_of(certificates.begin(), certificates.end(),
                     [&wanted](const Certificate& one) { return one.sha256 == wanted.sha256; });
}

ChainRemark not_needed(Kind kind, const Certificate& certificate, base::WallTime now) {
  std::string detail =
      fmt::format("{}{} is not needed", certificate.is_self_issued ? "root " : "", certificate.subject);
  if (certificate.not_after < now)
    detail += fmt::format(", and expired {}", base::utc_text(certificate.not_after, base::Precision::day));
  return {kind, std::move(detail)};
}

std::optional<ChainRemark> wrong_order(const std::vector<Certificate>& path) {
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (path[i - 1].issuer == path[i].subject) continue;
    return ChainRemark{Kind::wrong_order, fmt::format("{} is followed by {}, not by its issuer {}", path[i - 1].subject,
                                                      path[i].subject, path[i - 1].issuer)};
  }
  return std::nullopt;
}

}  // namespace

std::vector<ChainRemark> find_chain_remarks(const std::vector<Certificate>& sent,
                                            const std::vector<Certificate>& verified, base::WallTime now) {
  std::vector<ChainRemark> remarks;
  std::vector<Certificate> path;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    const Certificate& one = sent[i];
    if (holds(std::span(sent).first(i), one)) {
      remarks.push_back({Kind::duplicate, one.subject + " was sent twice"});
    } else if (i > 0 && !verified.empty() && !holds(verified, one)) {
      remarks.push_back(not_needed(Kind::surplus, one, now));
    } else {
      if (i > 0 && one.is_self_issued) remarks.push_back(not_needed(Kind::root_sent, one, now));
      path.push_back(one);
    }
    if (remarks.size() == kRemarkLimit) return remarks;
  }
  if (auto remark = wrong_order(path)) remarks.push_back(std::move(*remark));
  return remarks;
}

}  // namespace mailcheck::tls
