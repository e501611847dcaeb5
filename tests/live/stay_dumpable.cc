// Preloaded into a plugin by secrets_test.py where the test may not read the memory of others: the process then stays
// readable for its own user, and its memory can be searched as a core dump's would be.
extern "C" int prctl(int /*option*/, ...) {
  return 0;
}
