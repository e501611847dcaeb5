// The module that holds libcurl: see module_interface.h for its border and http/fetcher.h for what it promises.
#include <curl/curl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string_view>

#include "http/module/transfer.h"

namespace mailcheck::http {
namespace {

using base::ErrorKind;

constexpr long kSlice = 50;  // a signal that comes just before poll() does not interrupt it
constexpr std::size_t kMostHeaderBytes = std::size_t{64} * 1024;

template <auto function>
struct Caller {
  template <typename T>
  void operator()(T* pointer) const {
    function(pointer);
  }
};
using Easy = std::unique_ptr<CURL, Caller<curl_easy_cleanup>>;
using Multi = std::unique_ptr<CURLM, Caller<curl_multi_cleanup>>;
using List = std::unique_ptr<curl_slist, Caller<curl_slist_free_all>>;

// --- what libcurl calls

std::size_t take_body(char* bytes, std::size_t, std::size_t count, void* context) {
  auto& transfer = *static_cast<Transfer*>(context);
  if (count > transfer.request.body_size - transfer.answer.body_length) {
    transfer.too_large = "the body is larger than allowed";
    return 0;
  }
  if (count == 0) return 0;
  std::memcpy(transfer.request.body + transfer.answer.body_length, bytes, count);
  transfer.answer.body_length += count;
  return count;
}

std::size_t take_header(char* bytes, std::size_t, std::size_t count, void* context) {
  auto& transfer = *static_cast<Transfer*>(context);
  constexpr std::string_view kStatusLine = "HTTP/";
  const std::string_view line(bytes, count);
  if (line == "\r\n" || line == "\n") transfer.is_after_headers = true;
  if (line.substr(0, kStatusLine.size()) == kStatusLine) transfer.is_after_headers = false;  // the one after a 1xx, too
  transfer.header_bytes += count;
  if (transfer.header_bytes <= kMostHeaderBytes) return count;
  transfer.too_large = "the headers are larger than allowed";
  return 0;
}

// libcurl itself would accept a common name where there is no subjectAltName.
CURLcode set_up_verification(CURL*, void* context, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  transfer.is_connected = true;
  X509_VERIFY_PARAM* const parameters = SSL_CTX_get0_param(static_cast<SSL_CTX*>(context));
  X509_VERIFY_PARAM_set_hostflags(parameters,
                                  X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  if (X509_VERIFY_PARAM_set1_ip_asc(parameters, transfer.request.host) == 1) return CURLE_OK;
  ERR_clear_error();
  return X509_VERIFY_PARAM_set1_host(parameters, transfer.request.host, 0) == 1 ? CURLE_OK : CURLE_SSL_CERTPROBLEM;
}

// --- the request

void load_error_texts() {  // the plugin keeps OpenSSL from loading them at start
#if OPENSSL_VERSION_MAJOR < 4 && !defined(OPENSSL_NO_DEPRECATED_3_0)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  ERR_load_SSL_strings();
#pragma GCC diagnostic pop
#endif
}

// Remembers whether libcurl took every option.
class Options {
 public:
  explicit Options(CURL* easy) : easy_(easy) {}
  template <typename T>
  void set(CURLoption option, T value) {
    if (curl_easy_setopt(easy_, option, value) != CURLE_OK) are_set_ = false;
  }
  [[nodiscard]] bool are_set() const { return are_set_; }

 private:
  CURL* easy_;
  bool are_set_ = true;
};

void set_limits(Options& options) {
#if LIBCURL_VERSION_NUM >= 0x075500
  options.set(CURLOPT_PROTOCOLS_STR, "https");
#else
  options.set(CURLOPT_PROTOCOLS, static_cast<long>(CURLPROTO_HTTPS));
#endif
  options.set(CURLOPT_FOLLOWLOCATION, 0L);
  options.set(CURLOPT_PROXY, "");  // not the environment's
  options.set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  options.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  options.set(CURLOPT_HTTP09_ALLOWED, 0L);
  options.set(CURLOPT_NOSIGNAL, 1L);
}

void set_tls(Options& options, Transfer& transfer) {
  options.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  options.set(CURLOPT_SSL_VERIFYPEER, 1L);
  options.set(CURLOPT_SSL_VERIFYHOST, 2L);
  options.set(CURLOPT_CAINFO, transfer.request.ca_file);  // null: no bundle; libcurl's own costs 20 ms
  options.set(CURLOPT_CAPATH, transfer.request.ca_path);
  options.set(CURLOPT_SSL_OPTIONS, static_cast<long>(CURLSSLOPT_NO_PARTIALCHAIN));  // an intermediate is no anchor
  options.set(CURLOPT_SSL_CTX_FUNCTION, set_up_verification);
  options.set(CURLOPT_SSL_CTX_DATA, &transfer);
}

void set_request(Options& options, Transfer& transfer, curl_slist* resolve) {
  options.set(CURLOPT_URL, transfer.request.url);
  options.set(CURLOPT_RESOLVE, resolve);
  options.set(CURLOPT_USERAGENT, transfer.request.user_agent);
  // of several addresses one may use up half of it
  options.set(CURLOPT_CONNECTTIMEOUT_MS, std::max(1L, transfer.request.milliseconds_left(transfer.request.context)));
  options.set(CURLOPT_ERRORBUFFER, transfer.words);
  options.set(CURLOPT_WRITEFUNCTION, take_body);
  options.set(CURLOPT_WRITEDATA, &transfer);
  options.set(CURLOPT_HEADERFUNCTION, take_header);
  options.set(CURLOPT_HEADERDATA, &transfer);
}

// --- the answer

void take_answer(CURL* easy, ModuleAnswer& answer) {
  long status = 0;
  const char* type = nullptr;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type);
  answer.status = static_cast<int>(status);
  std::snprintf(answer.content_type, sizeof answer.content_type, "%s", type == nullptr ? "" : type);
}

// Until the transfer is over, or the time is: CURLE_OPERATION_TIMEDOUT.
CURLcode run(CURLM* multi, const ModuleRequest& request) {
  int running = 1;
  for (;;) {
    if (curl_multi_perform(multi, &running) != CURLM_OK) return CURLE_FAILED_INIT;
    if (running == 0) break;
    const long left = request.milliseconds_left(request.context);
    if (left == 0) return CURLE_OPERATION_TIMEDOUT;
    curl_multi_poll(multi, nullptr, 0, static_cast<int>(std::min(left, kSlice)), nullptr);
  }
  int waiting = 0;
  const CURLMsg* const message = curl_multi_info_read(multi, &waiting);
  return message == nullptr ? CURLE_FAILED_INIT : message->data.result;
}

void get(const ModuleRequest* request, ModuleAnswer* answer) {
  *answer = ModuleAnswer{};
  Transfer transfer{.request = *request, .answer = *answer};
  load_error_texts();
  const Easy easy(curl_easy_init());
  const Multi multi(curl_multi_init());
  const List resolve(curl_slist_append(nullptr, request->resolve));
  if (!easy || !multi || !resolve) return fail(*answer, ErrorKind::local, "libcurl cannot be set up");
  Options options(easy.get());
  set_limits(options);
  set_tls(options, transfer);
  set_request(options, transfer, resolve.get());
  if (!options.are_set()) {
    return fail(*answer, ErrorKind::local, "this libcurl lacks what is needed (is it built with OpenSSL?)",
                curl_version());
  }
  curl_multi_add_handle(multi.get(), easy.get());
  const CURLcode code = run(multi.get(), *request);
  if (code != CURLE_OK) {
    say_what_failed(easy.get(), code, transfer);
  } else if (!transfer.is_after_headers) {
    fail(*answer, ErrorKind::connection_lost, "the answer is not whole");
  } else {
    take_answer(easy.get(), *answer);
  }
  curl_multi_remove_handle(multi.get(), easy.get());
}

constexpr Module kModule{.version = MAILCHECK_VERSION, .get = get};

}  // namespace
}  // namespace mailcheck::http

extern "C" __attribute__((visibility("default"))) const mailcheck::http::Module* mailcheck_http_module() {
  return &mailcheck::http::kModule;
}
