// libFuzzer: whatever stands in a mail log, and whatever becomes of the messages it tells of.

#include <algorithm>
#include <cstdint>
#include <string>

#include "rules/audit.h"
#include "rules/maillog.h"
#include "tests/fuzz/require.h"

using namespace postroom;
using fuzz::require;
using fuzz::require_utf8;

namespace {

const LogClock of_tests{std::chrono::sys_seconds{std::chrono::seconds{1795400000}}};

Desk small() {
  Desk desk;
  desk.channels = {{"support@desk.test", "support"}};
  return desk;
}

void check(std::string_view text) {
  const Desk desk = small();
  Audit audit{desk, [](const AuditPair&, const auto&) { return DeskSays{DeskSays::Answer::unknown, "no"}; }};
  audit.add(QueuedMail{"3F2A91C0A1", {"support@desk.test"}});
  std::int64_t lines = 1;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto read = read_mail_log(line, of_tests);
    if (!read) continue;
    ++lines;
    require_utf8({read->sender, read->recipient, read->status, read->reply, read->message_id});
    require(read->queue_id.size() <= 40 && read->reply.size() <= 1000);
    require(read->time <= of_tests.now + std::chrono::days{366 * 8000});
    audit.add(*read);
  }
  const Audit::Result result = audit.finish();
  require(result.counts.accepted() >= 0 && result.counts.accepted() <= lines);
  require(static_cast<std::int64_t>(result.problems.size()) <= lines);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text{reinterpret_cast<const char*>(bytes), size};
  check(text);
  fuzz::require_linear(text, check);
  return 0;
}
