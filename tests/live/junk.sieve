# Marked mail, and mail to an address with "+junk", goes to Junk.
require ["fileinto", "mailbox", "envelope", "subaddress"];

if anyof (header :is "X-Spam-Flag" "YES", envelope :detail "to" "junk") {
  fileinto :create "Junk";
}
