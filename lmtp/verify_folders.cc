#include "lmtp/verify_folders.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <system_error>
#include <tuple>

#include "lmtp/maildir.h"
#include "lmtp/recorded_files.h"
#include "lmtp/scan.h"

namespace postroom {
namespace {

constexpr std::chrono::minutes on_its_way{5};  // longer than a delivery or a move takes

std::string shown(const Where& where) {
  std::string text = where.mailbox;
  for (const std::string& name : where.folder) text += "/" + name;
  return "'" + text + "'";
}

std::string of_ticket(TicketNumber ticket) {
  return ticket == 0 ? std::string{} : fmt::format(" of ticket {}", ticket);
}

// A file whose name is not recorded where it lies.
struct Stray {
  std::string path;
  Where where;
  MessageNumber message = 0;
  TicketNumber ticket = 0;
};

class Look {
 public:
  Look(Db& db, const VerifyWith& with) : db_{db}, with_{with}, recorded_{with.settings.desk} {}

  std::vector<FolderProblem> run() && {
    each_placed(db_, [&](const PlacedRow& row) {
      recorded_.add(row);
      check_age(row);
    });
    recorded_.sort();
    const auto& settings = with_.settings;
    for (const FolderOnDisk& folder :
         folders_on_disk(settings.paths.mailboxes, settings.mailboxes.layout, settings.desk))
      look_into(folder);
    judge_strays();
    judge_missing();
    judge_tickets();
    return std::move(found_);
  }

 private:
  void tell(FolderProblem problem) { found_.push_back(std::move(problem)); }

  void check_age(const PlacedRow& row) {
    if (row.gone) return;
    const TicketNumber ticket = row.ticket.number;
    if (!row.published && with_.now - row.at > on_its_way)
      tell(
          {"unpublished",
           fmt::format("message {}{} is recorded but was never put into its folder {}; postroom-lmtp does it "
                       "when it starts, or when Postfix brings the message again",
                       row.message, of_ticket(ticket), shown({row.place.mailbox, row.place.folder})),
           ticket, row.message, row.place.file});
    if (row.to && with_.now - row.asked > on_its_way)
      tell({"move-waits",
            fmt::format("message {}{} waits to be moved to {}; postroom-lmtp does it when it runs",
                        row.message, of_ticket(ticket), shown(*row.to)),
            ticket, row.message, row.place.file});
  }

  void look_into(const FolderOnDisk& folder) {
    const auto id = recorded_.folder_id(folder.where);
    for (const std::string& name : files_on_disk(folder)) {
      const std::string path = folder.path + "/" + name;
      RecordedFile* file = recorded_.find(id, base_of_file(name));
      if (!file) {
        read_stray(folder, path);
      } else if (file->gone) {
        tell_gone(*file, path);
      } else if (file->seen) {
        tell_copy(*file, path);
      } else {
        file->seen = true;
      }
    }
  }

  void read_stray(const FolderOnDisk& folder, const std::string& path) {
    const auto headers = header_section(path);
    if (!headers) return;
    const FileIdentity identity = identity_in(*headers, with_.keys);
    if (identity.claim == Claim::forged)
      tell({"forged-identity",
            fmt::format(
                "{} says in X-Postroom-Ticket that it is of this desk, but the signature does not fit: "
                "it is forged, or signed with a key that is not configured any more",
                path),
            0, 0, path});
    if (identity.claim == Claim::ours)
      strays_.push_back({path, folder.where, identity.message, identity.ticket});
  }

  void judge_strays() {
    for (const Stray& stray : strays_) {
      RecordedFile* file = recorded_.find_message(stray.message);
      if (!file) {
        tell({"unknown-file",
              fmt::format("{} is message {}{}, which the database does not know", stray.path, stray.message,
                          of_ticket(stray.ticket)),
              stray.ticket, stray.message, stray.path});
      } else if (file->gone) {
        tell_gone(*file, stray.path);
      } else if (file->seen) {
        tell_copy(*file, stray.path);
      } else {
        file->seen = true;
        tell_other_place(*file, stray);
      }
    }
  }

  void tell_other_place(const RecordedFile& file, const Stray& stray) {
    if (file.moves_to && recorded_.where(*file.moves_to) == stray.where) return;  // and is there already
    const Where& where = recorded_.where(file.folder);
    if (where == stray.where) return;  // Dovecot gave it another name
    tell({"other-folder",
          fmt::format("message {}{} lies in {}, and not in {} where it was put", file.message,
                      of_ticket(file.ticket), shown(stray.where), shown(where)),
          file.ticket, file.message, stray.path});
  }

  void tell_copy(const RecordedFile& file, const std::string& path) {
    if (file.moves_to) return;  // between the two steps of a move
    tell({"copy",
          fmt::format("{} is a second file of message {}{}", path, file.message, of_ticket(file.ticket)),
          file.ticket, file.message, path});
  }

  void tell_gone(const RecordedFile& file, const std::string& path) {
    tell({"gone-file",
          fmt::format(
              "message {}{} was to be taken away for ever, and {} is still there; run the command again",
              file.message, of_ticket(file.ticket), path),
          file.ticket, file.message, path});
  }

  void judge_missing() {
    for (const RecordedFile& file : recorded_.files()) {
      if (file.seen || file.gone || !file.published) continue;
      const Where& where = recorded_.where(file.folder);
      tell({"missing-file",
            fmt::format("message {}{} is in no folder; it was put into {}", file.message,
                        of_ticket(file.ticket), shown(where)),
            file.ticket, file.message, shown_path(where)});
    }
  }

  // The directory; empty for a name that no directory can have.
  std::string shown_path(const Where& where) const {
    try {
      const auto& settings = with_.settings;
      return Maildir{settings.paths.mailboxes, settings.mailboxes.layout, 0}.directory(where.mailbox,
                                                                                       where.folder);
    } catch (const std::system_error&) {
      return {};
    }
  }

  void judge_tickets() {
    for (const Misplaced& ticket : recorded_.misplaced()) {
      const KnownTicket& known = *ticket.ticket;
      const std::string owner = known.owner.empty() ? "nobody's" : known.owner + "'s";
      tell({"state",
            fmt::format("ticket {} is {} and {} in queue '{}', which is not what its folder {} says",
                        ticket.number, status_name(known.status), owner, known.queue, shown(*ticket.where)),
            ticket.number, 0, shown_path(*ticket.where)});
    }
  }

  Db& db_;
  const VerifyWith& with_;
  RecordedFiles recorded_;
  std::vector<Stray> strays_;
  std::vector<FolderProblem> found_;
};

// The same thing, whatever flags a file has by now.
auto key_of(const FolderProblem& problem) {
  return std::tuple{problem.kind, problem.ticket, problem.message,
                    problem.path.substr(0, problem.path.rfind(":2,"))};
}

}  // namespace

std::vector<FolderProblem> look_at_folders(Db& db, const VerifyWith& with) { return Look{db, with}.run(); }

std::vector<FolderProblem> told_twice(std::vector<FolderProblem> first,
                                      const std::vector<FolderProblem>& second) {
  std::set<decltype(key_of(first.front()))> again;
  for (const FolderProblem& problem : second) again.insert(key_of(problem));
  std::erase_if(first, [&](const FolderProblem& problem) { return !again.contains(key_of(problem)); });
  return first;
}

}  // namespace postroom
