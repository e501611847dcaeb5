// Owned: an owner for an OpenSSL object that one .cc file uses; what headers hold is in tls/handles.h.
#pragma once

#include <memory>

namespace mailcheck::tls {

template <auto kFree>
struct FreeWith {
  template <typename Object>
  void operator()(Object* object) const noexcept {
    kFree(object);
  }
};

// For example Owned<OCSP_RESPONSE, &OCSP_RESPONSE_free>.
template <typename Object, auto kFree>
using Owned = std::unique_ptr<Object, FreeWith<kFree>>;

}  // namespace mailcheck::tls
