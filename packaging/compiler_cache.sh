# shellcheck shell=sh
# compiler_cache.sh - sourced: lets CMake compile by ccache where that is there and has a folder it can write (users
# without a home have none, and ccache then fails instead of compiling).
if command -v ccache >/dev/null 2>&1; then
  ccache_folder=$(ccache --get-config cache_dir 2>/dev/null)
  if [ -n "$ccache_folder" ] && mkdir -p "$ccache_folder/tmp" 2>/dev/null && [ -w "$ccache_folder/tmp" ]; then
    CMAKE_CXX_COMPILER_LAUNCHER=ccache
    CCACHE_SLOPPINESS=pch_defines,time_macros
    export CMAKE_CXX_COMPILER_LAUNCHER CCACHE_SLOPPINESS
  fi
fi
