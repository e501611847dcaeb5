#include "tls/certificate_reader.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include "base/base64.h"
#include "crypto/digest.h"
#include "tls/asn1_time.h"
#include "tls/handles.h"

namespace mailcheck::tls {
namespace {

std::string name_text(const X509_NAME* name) {
  const BioHandle bio(BIO_new(BIO_s_mem()));
  constexpr unsigned long kUtf8 = XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  if (!bio || X509_NAME_print_ex(bio.get(), name, 0, kUtf8) < 0) return {};
  const char* text = nullptr;
  const long size = BIO_ctrl(bio.get(), BIO_CTRL_INFO, 0, &text);
  return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

std::string hex(const unsigned char* bytes, std::size_t size) {
  return crypto::hex({reinterpret_cast<const char*>(bytes), size});
}

std::string_view bytes_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::string serial_text(const X509* certificate) {
  const ASN1_INTEGER* serial = X509_get0_serialNumber(certificate);
  return hex(ASN1_STRING_get0_data(serial), static_cast<std::size_t>(ASN1_STRING_length(serial)));
}

std::string address_text(std::string_view bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = bytes.size() == 4 ? AF_INET : AF_INET6;
  if (bytes.size() != 4 && bytes.size() != 16) return {};
  return inet_ntop(family, bytes.data(), text.data(), text.size()) == nullptr ? std::string()
                                                                              : std::string(text.data());
}

void read_names(const X509* certificate, Certificate& out) {
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
      &GENERAL_NAMES_free);
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    int type = 0;
    const void* value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type);
    if (type == GEN_DNS) out.dns_names.emplace_back(bytes_of(static_cast<const ASN1_STRING*>(value)));
    if (type == GEN_IPADD) out.ip_addresses.push_back(address_text(bytes_of(static_cast<const ASN1_STRING*>(value))));
  }
}

std::string curve_text(const EVP_PKEY* key) {
  std::array<char, 64> group{};
  std::size_t size = 0;
  if (EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) != 1) return "EC";
  const std::string_view name(group.data(), size);
  if (name == "prime256v1") return "EC P-256";
  if (name == "secp384r1") return "EC P-384";
  if (name == "secp521r1") return "EC P-521";
  return fmt::format("EC {}", name);
}

std::string key_text(const X509* certificate) {
  const EVP_PKEY* key = X509_get0_pubkey(certificate);
  if (key == nullptr) return "unknown";
  const int type = EVP_PKEY_get_base_id(key);
  if (type == EVP_PKEY_EC) return curve_text(key);
  if (type == EVP_PKEY_RSA || type == EVP_PKEY_RSA_PSS) return fmt::format("RSA {}", EVP_PKEY_get_bits(key));
  const char* name = EVP_PKEY_get0_type_name(key);
  return name == nullptr ? OBJ_nid2sn(type) : name;
}

std::string fingerprint(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) return {};
  return hex(digest.data(), size);
}

std::string public_key_digest(const X509* certificate) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &bytes);
  if (size <= 0) return {};
  const std::string_view text(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  const auto digest = crypto::digest_of(crypto::Digest::sha256, text);
  OPENSSL_free(bytes);
  return digest ? base::base64_encode(*digest) : std::string();
}

std::string algorithm_text(const X509* certificate) {
  const int algorithm = X509_get_signature_nid(certificate);
  return algorithm == NID_undef ? "unknown" : OBJ_nid2ln(algorithm);
}

}  // namespace

Certificate describe(const x509_st* certificate) {
  Certificate out;
  out.subject = name_text(X509_get_subject_name(certificate));
  out.issuer = name_text(X509_get_issuer_name(certificate));
  out.serial = serial_text(certificate);
  read_names(certificate, out);
  out.not_before = wall_time_of(X509_get0_notBefore(certificate)).value_or(base::WallTime{});
  out.not_after = wall_time_of(X509_get0_notAfter(certificate)).value_or(base::WallTime{});
  out.key = key_text(certificate);
  out.signature_algorithm = algorithm_text(certificate);
  out.sha256 = fingerprint(certificate);
  out.public_key_sha256 = public_key_digest(certificate);
  out.is_self_issued = X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) == 0;
  return out;
}

std::vector<Certificate> describe(const stack_st_X509* chain) {
  std::vector<Certificate> out;
  out.reserve(static_cast<std::size_t>(std::max(0, sk_X509_num(chain))));
  for (int i = 0; i < sk_X509_num(chain); ++i) out.push_back(describe(sk_X509_value(chain, i)));
  return out;
}

}  // namespace mailcheck::tls
