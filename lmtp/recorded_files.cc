#include "lmtp/recorded_files.h"

#include <algorithm>
#include <functional>
#include <tuple>
#include <utility>

namespace postroom {
namespace {

std::uint64_t hash_of(std::string_view name) { return std::hash<std::string_view>{}(name); }

// Does the folder say what the ticket is? A folder of those that wait says no owner.
bool lies_rightly(const Desk& desk, const KnownTicket& ticket, const Where& where) {
  if (place_of(desk, ticket) == where) return true;
  auto state = state_at(desk, where);
  if (!state) return false;
  if (state->status == Status::waiting) state->owner = ticket.owner;
  return *state == State{ticket.queue, ticket.owner, ticket.status};
}

}  // namespace

std::uint32_t RecordedFiles::folder_id(const Where& where) {
  const auto [at, is_new] = ids_.try_emplace(where, static_cast<std::uint32_t>(folders_.size()));
  if (is_new) folders_.push_back(&at->first);
  return at->second;
}

std::uint32_t RecordedFiles::known_id(const KnownTicket& ticket) {
  std::string key{status_name(ticket.status)};
  key.append("\n").append(ticket.queue).append("\n").append(ticket.owner);
  const auto [at, is_new] = known_ids_.try_emplace(std::move(key), static_cast<std::uint32_t>(known_.size()));
  if (is_new) {
    known_.push_back({ticket, {}});
    known_.back().ticket.number = 0;
  }
  return at->second;
}

void RecordedFiles::add(const PlacedRow& row) {
  RecordedFile file;
  file.message = row.message;
  file.ticket = row.ticket.number;
  file.name = hash_of(row.place.file);
  file.folder = folder_id({row.place.mailbox, row.place.folder});
  if (row.to) file.moves_to = folder_id(*row.to);
  file.published = row.published;
  file.gone = row.gone;
  files_.push_back(file);
  if (row.ticket.number != 0 && !row.gone) add_fit(row, file.moves_to.value_or(file.folder));
}

void RecordedFiles::add_fit(const PlacedRow& row, std::uint32_t folder) {
  const std::uint32_t id = known_id(row.ticket);
  Known& known = known_[id];
  const auto [at, is_new] = known.fits.try_emplace(folder, false);
  if (is_new) at->second = lies_rightly(desk_, known.ticket, where(folder));
  fits_.push_back({row.ticket.number, id, folder, at->second});
}

void RecordedFiles::sort() {
  by_name_.resize(files_.size());
  for (std::uint32_t i = 0; i < by_name_.size(); ++i) by_name_[i] = i;
  std::ranges::sort(by_name_, {}, [&](std::uint32_t at) {
    return std::pair{files_[at].folder, files_[at].name};
  });
}

RecordedFile* RecordedFiles::find(std::uint32_t folder, std::string_view base_name) {
  const std::pair wanted{folder, hash_of(base_name)};
  const auto key = [&](std::uint32_t at) { return std::pair{files_[at].folder, files_[at].name}; };
  const auto at = std::ranges::lower_bound(by_name_, wanted, {}, key);
  return at != by_name_.end() && key(*at) == wanted ? &files_[*at] : nullptr;
}

RecordedFile* RecordedFiles::find_message(MessageNumber message) {
  const auto at = std::ranges::lower_bound(files_, message, {}, &RecordedFile::message);
  return at != files_.end() && at->message == message ? &*at : nullptr;
}

std::vector<Misplaced> RecordedFiles::misplaced() {
  std::ranges::sort(fits_, {}, [](const Fit& fit) { return std::pair{fit.ticket, !fit.fits}; });
  std::vector<Misplaced> found;
  TicketNumber last = 0;
  for (const Fit& fit : fits_) {
    if (fit.ticket == last) continue;  // the best of its messages was seen
    last = fit.ticket;
    if (!fit.fits) found.push_back({fit.ticket, &known_[fit.known].ticket, folders_[fit.folder]});
  }
  return found;
}

}  // namespace postroom
