#include "tls/asn1_time.h"

#include <openssl/asn1.h>

#include <ctime>

namespace mailcheck::tls {

std::optional<base::WallTime> wall_time_of(const asn1_string_st* time) {
  std::tm parts{};
  // For nullptr OpenSSL would answer the system's time.
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  using namespace std::chrono;
  const auto day = year(parts.tm_year + 1900) / (parts.tm_mon + 1) / parts.tm_mday;
  return sys_days(day) + hours(parts.tm_hour) + minutes(parts.tm_min) + seconds(parts.tm_sec);
}

}  // namespace mailcheck::tls
