// Catch2 2 or 3, whichever the distribution has.
#pragma once
#include MAILCHECK_CATCH2_HEADER
