#include <fmt/format.h>

#include <algorithm>

#include "conf/check.h"

namespace postroom {
namespace {

bool is_general(const Channel& channel) { return channel.general == Switch::on; }
bool is_absent(const Operator* person) { return person->absent == Switch::on; }

void about_absence(const Desk& desk, std::vector<std::string>& warnings) {
  for (const Queue& queue : desk.queues) {
    const std::vector<const Operator*> members = operators_of(desk, queue.group);
    if (!members.empty() && std::all_of(members.begin(), members.end(), is_absent))
      warnings.push_back(fmt::format("all operators of queue '{}' are absent", queue.name));
  }
}

}  // namespace

std::vector<std::string> warnings_of(const Settings& settings) {
  const Desk& desk = settings.desk;
  std::vector<std::string> warnings;
  if (desk.recipient_delimiter == '\0')
    warnings.push_back(
        "recipient_delimiter is empty, so there are no signed reply addresses: an answer finds its ticket "
        "only by "
        "its References or by the number in its subject");
  if (desk.duplicates.channel == WhichChannel::specific &&
      std::none_of(desk.channels.begin(), desk.channels.end(), is_general))
    warnings.push_back("duplicates.channel is specific, but no channel is general: the first one wins");
  about_absence(desk, warnings);
  return warnings;
}

}  // namespace postroom
