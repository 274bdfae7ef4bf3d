#include "milter/standing.h"

#include <fmt/format.h>

#include <utility>

namespace postroom {

Standing::Standing(std::string database, std::chrono::milliseconds busy, const Log& log)
    : database_{std::move(database)}, busy_{busy}, log_{log} {}

std::optional<std::string> Standing::status_of(const std::string& address) {
  const std::lock_guard lock{mutex_};
  try {
    if (!store_) store_ = open_store(database_, OpenMode::read_only, busy_);
    const auto customer = store_->customer(address);
    failing_ = false;
    return customer ? customer->status : std::string{};
  } catch (const StoreError& error) {
    store_.reset();
    if (!std::exchange(failing_, true))
      log_.warning(fmt::format("mail passes untagged, postroom-lmtp decides: {}", error.what()));
    return std::nullopt;
  }
}

}  // namespace postroom
