#pragma once
// What the store knows of a customer's standing, asked while Postfix receives his message. Thread-safe.

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "conf/log.h"
#include "schema/store.h"

namespace postroom {

class Standing {
 public:
  // Opens the database (read only) at the first question, and again after a failure.
  Standing(std::string database, std::chrono::milliseconds busy, const Log& log);

  // "" if nothing is known; nullopt if the database cannot be read now: it is missing, locked, or of another
  // version. The first of several such answers is logged.
  std::optional<std::string> status_of(const std::string& address);

 private:
  std::string database_;
  std::chrono::milliseconds busy_;
  const Log& log_;
  std::mutex mutex_;
  std::unique_ptr<Store> store_;
  bool failing_ = false;
};

}  // namespace postroom
