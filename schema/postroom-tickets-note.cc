// A change that is told by a mail in the ticket's folder: written into tmp/, recorded with the change in one
// transaction, published.

#include <fmt/format.h>

#include <stdexcept>

#include "lmtp/disk.h"
#include "rules/compose.h"
#include "rules/digest.h"
#include "rules/note.h"
#include "rules/record_line.h"
#include "rules/reference.h"
#include "rules/tags.h"
#include "schema/postroom-tickets-change.h"

namespace postroom {
namespace {

constexpr int tries = 5;

// In whose folder the note lies: a merged ticket has none.
TicketNumber told_in(const TicketChange& change) {
  return change.kind == TicketChange::Kind::merge ? change.other : change.ticket;
}

struct Written {
  NoteFile note;
  Time at{};
};

NoteMail mail_of(TicketsDesk& desk, const TicketChange& change, const Written& written) {
  const TicketRow ticket = desk.store->ticket(told_in(change)).value();
  const Queue* queue = find_queue(desk.asked.settings.desk, ticket.queue);
  NoteMail mail;
  mail.change = change;
  mail.from = {queue && !queue->from_name.empty() ? queue->from_name : ticket.queue,
               queue && !queue->from.empty() ? queue->from : ticket.channel};
  mail.tag = ticket_tag(queue ? queue->prefix : "", ticket.number);
  mail.language = queue ? queue->language : "en";
  mail.message_id = written.note.message_id;
  const auto messages = desk.store->messages(ticket.number);
  if (!messages.empty()) mail.first_id = messages.front().message_id;
  mail.date = written.at;
  FileRecord record;
  record.ticket = ticket.number;
  record.message = written.note.message;
  record.kind = "note";
  record.at = written.at;
  record.digest = written.note.digest;
  record.change = change;
  mail.lines = {identity_line({ticket.number, written.note.message}, desk.keys),
                write_record(record, desk.keys)};
  return mail;
}

// The note, in tmp/ of that mailbox.
Written write_note(TicketsDesk& desk, const TicketChange& change, const Where& where) {
  const std::string& host = desk.asked.settings.desk.host;
  Written written;
  NoteFile& note = written.note;
  written.at = time_of_asking();
  note.message = desk.store->draw(1).front().message;
  note.message_id = signed_message_id({told_in(change), note.message}, random_digits(), host, desk.keys);
  note.digest = sha256_hex(note.message_id);
  const NoteMail mail = mail_of(desk, change, written);
  note.subject = fmt::format("{} {}", mail.tag, note_title(change, mail.language));
  note.place = {where.mailbox, where.folder,
                desk.maildir.write_tmp(where.mailbox, note.message, compose_note(mail), host)};
  return written;
}

// False: the file is neither in tmp/ nor in its folder. Beside another program that does the same it is
// harmless.
bool publish(TicketsDesk& desk, MessageNumber message, const Place& place) {
  if (!desk.maildir.publish(place) && !desk.maildir.is_in(place)) return false;
  desk.maildir.sync_folder(place.mailbox, place.folder);
  Changes changes;
  changes.published = {message};
  changes.now = time_of_asking();
  desk.store->apply(changes, desk.asked.settings.desk, Durable::yes);
  return true;
}

void publish_note(TicketsDesk& desk, const NoteFile& note) {
  if (!publish(desk, note.message, note.place))
    throw std::runtime_error{
        fmt::format("{} is gone from tmp/ of '{}'", note.place.file, note.place.mailbox)};
}

// The change is committed by now: who took a failure for a refusal would make it again.
void publish_or_tell(TicketsDesk& desk, const TicketChange& change, const NoteFile& note) {
  try {
    publish_note(desk, note);
  } catch (const std::exception& failure) {
    complain_of(
        fmt::format("ticket {} is changed, and its note (message {}) is put into its folder by the next "
                    "command, or when postroom-lmtp starts again: {}",
                    told_in(change), note.message, failure.what()));
  }
}

}  // namespace

void publish_left_notes(TicketsDesk& desk) {
  for (const MessageRow& message : desk.store->unpublished()) {
    if (message.kind != "note" || !message.place) continue;
    try {
      publish(desk, message.number, *message.place);
    } catch (const std::exception& failure) {
      complain_of(fmt::format("note {} of ticket {} is not in its folder yet: {}", message.number,
                              message.ticket, failure.what()));
    }
  }
}

ChangeDone change_with_note(TicketsDesk& desk, const TicketChange& change) {
  const Desk& rules = desk.asked.settings.desk;
  for (int attempt = 0; attempt < tries; ++attempt) {
    const auto where = desk.store->place_after(change, rules);
    // A note without a place can only be refused, or be stale: this asks for the sentence.
    if (!where) {
      const ChangeDone refused = desk.store->change(change, NoteFile{}, rules, time_of_asking());
      if (!refused.stale) return refused;
      continue;
    }
    const Written written = write_note(desk, change, *where);
    const ChangeDone done = desk.store->change(change, written.note, rules, written.at);
    if (done.refusal.empty() && !done.stale) {
      publish_or_tell(desk, change, written.note);
      return done;
    }
    desk.maildir.remove_tmp(written.note.place.mailbox, written.note.place.file);
    if (!done.stale) return done;
  }
  throw std::runtime_error{fmt::format("ticket {} changes all the time: try again", change.ticket)};
}

}  // namespace postroom
