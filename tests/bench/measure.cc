// measure COMMAND [ARG...] - runs COMMAND once with its streams on /dev/null and prints "wall-us cpu-us peak-KiB
// exit-code". It is a small program of its own because Linux counts the memory of the process that calls exec into the
// peak of the program executed: a Python parent would hide every plugin behind its own 10 MiB.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <initializer_list>

namespace {

long long microseconds(const timeval& value) {
  return value.tv_sec * 1000000LL + value.tv_usec;
}

long long now() {
  timespec value{};
  clock_gettime(CLOCK_MONOTONIC, &value);
  return value.tv_sec * 1000000LL + value.tv_nsec / 1000;
}

[[noreturn]] void become(char** command) {
  const int null = open("/dev/null", O_RDWR);
  for (const int stream : {0, 1, 2}) dup2(null, stream);
  execv(command[0], command);
  _exit(127);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const long long begin = now();
  const pid_t child = fork();
  if (child == 0) become(argv + 1);
  int status = 0;
  rusage usage{};
  if (child < 0 || wait4(child, &status, 0, &usage) != child) return 1;
  const long long wall = now() - begin;
  std::printf("%lld %lld %ld %d\n", wall, microseconds(usage.ru_utime) + microseconds(usage.ru_stime), usage.ru_maxrss,
              WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  return 0;
}
