#define CATCH_CONFIG_MAIN
#include "support/catch2.h"
