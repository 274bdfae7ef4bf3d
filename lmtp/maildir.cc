#include "lmtp/maildir.h"

#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "lmtp/disk.h"
#include "lmtp/maildir_name.h"

namespace postroom {

std::string Maildir::write_tmp(const std::string& mailbox, MessageNumber number, std::string_view text,
                               const std::string& host) const {
  const std::string name = new_base_name(number, text, host);
  const std::string path = directory(mailbox, {}) + "/tmp/" + name;
  const unsigned mode = mode_ & 0666U;
  try {
    write_durably(path, mode, text);
  } catch (const std::system_error& failure) {
    if (failure.code().value() != ENOENT) throw;
    make_folder(mailbox, {});
    write_durably(path, mode, text);
  }
  return name;
}

bool Maildir::publish(const Place& place) const {
  const std::string from = directory(place.mailbox, {}) + "/tmp/" + place.file;
  const std::string to = directory(place.mailbox, place.folder) + "/new/" + place.file;
  int error = move_without_replacing(from, to);
  if (error == ENOENT) {
    if (!exists(from)) return false;
    make_folder(place.mailbox, place.folder);
    error = move_without_replacing(from, to);
  }
  if (error != 0) disk_error(error, "publish", to);
  return true;
}

void Maildir::sync_folder(const std::string& mailbox, const std::vector<std::string>& folder) const {
  sync_directory(directory(mailbox, folder) + "/new");
}

bool Maildir::is_in(const Place& place) const {
  const std::string folder = directory(place.mailbox, place.folder);
  return exists(folder + "/new/" + place.file) || find_base_name(folder + "/cur", place.file);
}

void Maildir::remove_tmp(const std::string& mailbox, const std::string& file) const noexcept {
  try {
    unlink((directory(mailbox, {}) + "/tmp/" + file).c_str());
  } catch (...) {
    return;  // clean_tmp() takes it in 36 hours
  }
}

}  // namespace postroom
