#include "mail/bounce_words.h"

#include "support/catch2.h"

using namespace mailcheck;

TEST_CASE("the words of a report are found across lines and case, but not in what is quoted") {
  CHECK(mail::speaks_of_bounce("Your message COULD not\n   be\tdelivered."));
  CHECK_FALSE(mail::speaks_of_bounce("> Your message could not be delivered."));
  CHECK_FALSE(mail::speaks_of_bounce("  > Your message could not be delivered."));
  CHECK_FALSE(mail::speaks_of_bounce("Delivered."));
  CHECK_FALSE(mail::speaks_of_bounce(""));
}

TEST_CASE("a delay is one as long as nobody has given up") {
  CHECK(mail::speaks_of_delay("Warning: message 1r32Xk-0001AB-2C delayed 24 hours\nhas not yet been delivered"));
  CHECK(mail::speaks_of_delay("Delivery Status Notification (Delay)"));
  CHECK_FALSE(mail::speaks_of_delay("It has been delayed, and I've given up."));
  CHECK_FALSE(mail::speaks_of_delay("It could not be delivered."));
}

TEST_CASE("a line that announces the original is marked as one") {
  CHECK(mail::announces_original("--- Below this line is a copy of the message."));
  CHECK(mail::announces_original("Original message headers:"));
  CHECK_FALSE(mail::announces_original("The original message was received at noon"));
  CHECK_FALSE(mail::announces_original("----- Transcript of session follows -----"));
}

TEST_CASE("a subject of a report begins as one") {
  CHECK(mail::is_bounce_subject("Undelivered Mail Returned to Sender"));
  CHECK(mail::is_bounce_subject("failure notice"));
  CHECK_FALSE(mail::is_bounce_subject("Re: Undelivered Mail Returned to Sender"));
  CHECK_FALSE(mail::is_bounce_subject("Mail check"));
}
