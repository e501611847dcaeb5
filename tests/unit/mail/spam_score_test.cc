#include "mail/spam_score.h"

#include <clocale>

#include "support/catch2.h"

using namespace mailcheck;

namespace {

std::optional<mail::SpamScore> read(const std::string& header) {
  return mail::read_spam_score(mail::HeaderSection::parse(header));
}

struct Row {
  std::string header;
  double score;
  std::string name;
  bool is_marked;
};

}  // namespace

TEST_CASE("the score of each filter is read") {
  const auto row = GENERATE(
      values<Row>({{"X-Spam-Status: Yes, score=5.1 required=5.0 tests=A,B\n", 5.1, "X-Spam-Status", true},
                   {"X-Spam-Status: No, score=-1.9 required=5.0\n\ttests=DKIM_VALID\n", -1.9, "X-Spam-Status", false},
                   {"X-Spam-Status: No, hits=0.5 required=5.0\n", 0.5, "X-Spam-Status", false},
                   {"X-Spam-Status: Yes, score=8.998, tagged_above=-999 required=6.2\n", 8.998, "X-Spam-Status", true},
                   {"X-Spam-Status: No, autolearn_score=9 score=2\n", 2, "X-Spam-Status", false},
                   {"X-Spamd-Result: default: False [1.20 / 15.00];\n R_SPF_ALLOW(-0.20)[+ip4:192.0.2.1]\n", 1.2,
                    "X-Spamd-Result", false},
                   {"X-Spamd-Result: default: True [16.00 / 15.00]; X(1.00)[]\n", 16, "X-Spamd-Result", true},
                   {"X-Rspamd-Score: 7.5\n", 7.5, "X-Rspamd-Score", false},
                   {"X-Rspamd-Score: 17.5\nX-Spam: Yes\n", 17.5, "X-Rspamd-Score", true},
                   {"X-Spam-Score: 5.1 (+++++)\nX-Spam-Flag: YES\n", 5.1, "X-Spam-Score", true},
                   {"X-Spam-Score: -1.0 (-)\nX-Spam-Flag: NO\n", -1, "X-Spam-Score", false},
                   {"X-MS-Exchange-Organization-SCL: -1\n", -1, "X-MS-Exchange-Organization-SCL", false},
                   {"X-MS-Exchange-Organization-SCL: 5\n", 5, "X-MS-Exchange-Organization-SCL", true},
                   {"X-Forefront-Antispam-Report: CIP:192.0.2.1;CTRY:DE;XSCL:9;SCL:1;SRV:;SFV:NSPM;\n", 1,
                    "X-Forefront-Antispam-Report", false},
                   {"X-Forefront-Antispam-Report: SCL:9;SFV:SPM\n", 9, "X-Forefront-Antispam-Report", true}}));
  CAPTURE(row.header);
  const auto score = read(row.header);
  REQUIRE(score);
  CHECK(score->score == row.score);
  CHECK(score->header == row.name);
  CHECK(score->is_marked == row.is_marked);
}

TEST_CASE("hostile or missing numbers are no score") {
  const auto header = GENERATE(
      as<std::string>{}, "", "X-Spam-Score: nan\n", "X-Spam-Score: inf\n", "X-Spam-Score: -inf\n",
      "X-Spam-Score: 1e999\n", "X-Spam-Score: 1e3\n", "X-Spam-Score: 5,1\n", "X-Spam-Score: 0x10\n",
      "X-Spam-Score: ***\n", "X-Spam-Score:\n", "X-Spam-Score: 1000001\n",
      "X-Spam-Score: 99999999999999999999999999999\n", "X-Spam-Status: Yes\n",
      "X-Spam-Status: Yes, score=nan required=5\n", "X-Spam-Status: Yes, score=\n", "X-Spamd-Result: default: True\n",
      "X-Spamd-Result: default: True [\n", "X-Spamd-Result: default: True [x / 15]\n",
      "X-Forefront-Antispam-Report: SFV:SPM;SCL:;\n", "X-Spam-Flag: YES\n", "Subject: score=5\n");
  CAPTURE(header);
  CHECK_FALSE(read(header));
}

TEST_CASE("the topmost field counts, and one that cannot be read gives way to another kind") {
  CHECK(read("X-Spam-Score: 1\nX-Spam-Score: 9\n")->score == 1);
  CHECK_FALSE(read("X-Spam-Score: x\nX-Spam-Score: 9\n"));
  const auto score = read("X-Spam-Status: Yes, score=nan\nX-Rspamd-Score: 3\n");
  REQUIRE(score);
  CHECK(score->header == "X-Rspamd-Score");
}

TEST_CASE("the locale's comma changes nothing") {
  const std::string before = std::setlocale(LC_ALL, nullptr);
  if (std::setlocale(LC_ALL, "de_DE.UTF-8") == nullptr) SUCCEED("no such locale here");
  CHECK(read("X-Spam-Score: 5.5\n")->score == 5.5);
  std::setlocale(LC_ALL, before.c_str());
}
