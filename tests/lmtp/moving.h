#pragma once
// Messages in real Maildirs that are to move.

#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "lmtp/maildir.h"
#include "rules/message.h"
#include "rules/tags.h"
#include "tests/support/tempdir.h"

namespace postroom::tests {

struct Folders {
  TempDir dir;
  Maildir maildir{dir / "mail", Layout::fs, 0770};
  Keys keys{"a secret of more than thirty-two bytes!"};

  // A message of ours in new/ of Support.
  Place letter(MessageNumber number) const {
    std::string text;
    for (const Header& header : write_stored_tags({}, {keys, "v", "f", "s", "d", "m"}, 1, number))
      text += header.name + ": " + header.value + "\n";
    text += "Subject: x\n\nmessage " + std::to_string(number) + "\n";
    const Place place{"Support", {}, maildir.write_tmp("Support", number, text, "mx.test")};
    maildir.publish(place);
    return place;
  }

  // The client flags it: new/x -> cur/x:2,FLAGS.
  std::string flag(const Place& place, const std::string& flags) const {
    const std::string folder = maildir.directory(place.mailbox, place.folder);
    const std::string to = folder + "/cur/" + place.file + ":2," + flags;
    std::filesystem::rename(folder + "/new/" + place.file, to);
    return to;
  }

  // All files, as paths below the mailboxes, sorted: "Support/new/...".
  std::vector<std::string> files() const {
    std::vector<std::string> found;
    const std::string root = dir / "mail";
    for (const auto& entry : std::filesystem::recursive_directory_iterator{root}) {
      if (entry.is_regular_file()) found.push_back(entry.path().native().substr(root.size() + 1));
    }
    std::sort(found.begin(), found.end());
    return found;
  }
  // Those that a client sees.
  std::vector<std::string> mails() const {
    std::vector<std::string> found = files();
    std::erase_if(found, [](const std::string& file) {
      const std::string inner = std::filesystem::path{file}.parent_path().filename();
      return inner != "new" && inner != "cur";
    });
    return found;
  }
};

inline Move move_of(std::int64_t id, const Place& place, MessageNumber number,
                    std::vector<std::string> folder) {
  return {id, number, 1, place, {"Support", std::move(folder)}};
}

enum class Killed { yes, ended };

// Runs `work` in a process of its own that is killed when it enters or leaves its n-th system call.
inline Killed kill_at(int n, const std::function<void()>& work) {
  const pid_t child = fork();
  if (child == 0) {
    ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    raise(SIGSTOP);
    work();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  for (int i = 0; i < n; ++i) {
    if (ptrace(PTRACE_SYSCALL, child, nullptr, nullptr) != 0) throw std::runtime_error{"ptrace"};
    waitpid(child, &status, 0);
    if (WIFEXITED(status) || WIFSIGNALED(status)) return Killed::ended;
  }
  kill(child, SIGKILL);
  waitpid(child, &status, 0);
  return Killed::yes;
}

}  // namespace postroom::tests
