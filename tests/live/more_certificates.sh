# Read by test_ca.sh: certificates that only the live tests need.
#   policy-expired    of the MTA-STS policy host of expired.example.test; ended on 2025-01-01
# shellcheck shell=sh disable=SC2154
chained policy-expired intermediate ec DNS:mta-sts.expired.example.test "$begin" 20250101000000Z
