#pragma once
// What one thread answers another: a value, or why there is none. Exceptions themselves are not shared
// between threads: every thread throws its own.

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>
#include <variant>

#include "schema/store.h"

namespace postroom {

struct Failure {
  std::string text;
  int error = 0;  // errno of a file system's failure; 0: the store's

  explicit Failure(std::string what) : text{std::move(what)} {}
  explicit Failure(const std::exception& failure) : text{failure.what()} {
    const auto* disk = dynamic_cast<const std::system_error*>(&failure);
    if (!disk) return;
    error = disk->code().value();
    const std::string end = ": " + disk->code().message();  // std::system_error adds it by itself
    if (text.ends_with(end)) text.resize(text.size() - end.size());
  }

  // The message is recorded: whoever waits must not take this for the store's, and remove the file.
  static Failure after_commit(const std::exception& failure) {
    Failure told{failure};
    if (told.error == 0) told.error = EIO;
    return told;
  }

  [[noreturn]] void raise() const {
    if (error != 0) throw std::system_error{error, std::generic_category(), text};
    throw StoreError{text};
  }
};

template <typename Value>
using Result = std::variant<Value, Failure>;

// Throws StoreError or std::system_error if it is a failure.
template <typename Value>
Value value_of(Result<Value> result) {
  if (const auto* failure = std::get_if<Failure>(&result)) failure->raise();
  return std::move(std::get<Value>(result));
}

}  // namespace postroom
