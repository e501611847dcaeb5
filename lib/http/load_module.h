// Where the module with libcurl lies, and how it is loaded: libcurl drags in about 28 shared libraries, 2 to 3 ms of a
// process of 5 ms, so that only a run which fetches something pays for it.
//
// The file is <folder of the executable>/monitoring-plugins-mail/mailcheck_http_curl.so, in the build tree and wherever
// the package is installed or moved to (--prefix, DESTDIR, a copy of the folder). Nothing else is looked at: who can
// write there can replace the executable itself, which cannot be said of a library path, a RUNPATH with ".." in it or
// an environment variable. A RUNPATH would also be searched for every other library, at every start.
#pragma once

#include "base/error.h"
#include "http/module/module_interface.h"

namespace mailcheck::http {

// Loads it, for the rest of the process. Errors: stage policy, kind local: the module is not installed, it cannot be
// loaded (libcurl is not installed), or it is another version's.
[[nodiscard]] base::Result<const Module*> load_module();

}  // namespace mailcheck::http
