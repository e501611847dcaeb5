// When a session becomes secret: from the first byte, by an upgrade that must succeed, or never.
#pragma once

namespace mailcheck::probe {

enum class Encryption { implicit, starttls, none };

}  // namespace mailcheck::probe
