#include "conf/settings.h"

#include <algorithm>

namespace postroom {
namespace {

// In the order in which the manual page and `postroom-conf show` tell them. Texts without a trailing dot
// would read badly in the page: every text is made of sentences.
constexpr SettingRow rows[] = {
    {"host", "host name", "(the machine's host name)",
     "Host name in Message-IDs, in Received lines and in file names. Several machines must not share one."},
    {"recipient_delimiter", "character", "\"+\"",
     "Separates an address from its extension: support+42@ means the channel support@. It must be Postfix's "
     "recipient_delimiter (of several characters, one of them), for customers answer to signed addresses "
     "with "
     "it; see THREADS. Empty: addresses have no extensions, and there are no signed ones."},
    {"time_zone", "time zone", "(the machine's time zone)",
     "Zone of the hours in rules, by its IANA name: Europe/Kyiv."},
    {"languages", "list of languages", "(those of the queues and their texts)",
     "Languages (ISO 639-1) whose word forms rules know: a rule that asks for order finds orders. A text in "
     "one "
     "of them is read by its forms; where the language is another one or not certain, the forms of all of "
     "them "
     "count."},
    {"log", "log target", "syslog", "Where the daemons log: syslog (facility mail), stderr, or a file."},

    {"paths.mailboxes", "path", "/var/lib/postroom/mailboxes",
     "Root of the shared mailboxes, which Dovecot shows as a public namespace."},
    {"paths.database", "path", "/var/lib/postroom/postroom.db", "The SQLite database of tickets."},
    {"paths.secret", "path", "/var/lib/postroom/secret",
     "Key of the signatures in our headers: 32 bytes or more, mode 0600. Made at the first start."},
    {"paths.old_secrets", "list of paths", "(none)",
     "Keys that were paths.secret before. What they signed is still believed: see THREADS for how to replace "
     "a key."},
    {"paths.run", "path", "/run/postroom", "Directory of the pid files."},
    {"paths.texts", "path", "/etc/postroom/texts",
     "Directory of the texts that customers get: LANGUAGE/NAME.txt below it."},

    {"mailboxes.layout", "layout", "fs",
     "Layout of the shared mailboxes: fs (Dovecot LAYOUT=fs with UTF-8 names) or maildir++ (mUTF-7 names, no "
     "dots in names)."},
    {"mailboxes.folder_mode", "mode", "\"0700\"",
     "Mode of new folders; files get the same without x. Dovecot takes the mode of a folder for what it "
     "writes "
     "there, so operators with system users of their own need \"0770\" or \"2770\"."},

    {"sockets.milter", "milter socket", "unix:/run/postroom/milter",
     "Where postroom-milter listens: unix:PATH, or inet:PORT@127.0.0.1."},
    {"sockets.lmtp", "LMTP socket", "unix:/run/postroom/lmtp",
     "Where postroom-lmtp listens: unix:PATH, or inet:127.0.0.1:PORT. LMTP knows no passwords, so only the "
     "machine itself may connect."},
    {"sockets.mode", "mode", "\"0660\"", "Mode of the unix sockets; Postfix must be able to write to them."},
    {"sockets.submit", "SMTP server", "smtp://127.0.0.1:25",
     "Where the mail that postroom sends is handed to Postfix."},

    {"limits.line", "size", "64K", "Longest line of a message that LMTP takes."},
    {"limits.message", "size", "100M",
     "Largest message that LMTP takes; at least Postfix's message_size_limit, or mail bounces after it was "
     "accepted."},
    {"limits.recipients", "number", "1000", "Most recipients of one LMTP transaction."},
    {"limits.connections", "number", "100",
     "Most LMTP connections at a time; more get 421 and Postfix comes back."},
    {"limits.idle", "duration", "5m", "How long LMTP waits for the next command or the next data."},
    {"limits.stop", "duration", "30s", "How long a stopping daemon waits for the messages in progress."},
    {"limits.database", "duration", "10s",
     "How long a locked database is waited for; then the message is deferred."},
    {"limits.read", "size", "2M",
     "How much of a message is read in order to classify it. All of it is delivered."},
    {"limits.text", "size", "1M", "How much decoded text of a message the rules look at."},
    {"limits.header_bytes", "size", "256K", "How much of the header section the rules look at."},
    {"limits.headers", "number", "1000", "How many header fields the rules look at."},
    {"limits.parts", "number", "500", "How many MIME parts the rules look at."},
    {"limits.depth", "number", "20", "How deeply nested MIME parts the rules look at."},

    {"outbox.retry", "duration", "10s",
     "First pause after Postfix did not take a message of ours; it doubles."},
    {"outbox.retry_most", "duration", "5m", "Longest pause between two attempts."},
    {"outbox.lifetime", "duration", "2d",
     "An acknowledgement that could not be sent for so long is given up."},
    {"outbox.timeout", "duration", "60s", "How long one step of handing a message to Postfix may take."},

    {"acknowledgements.per_address", "number", "3",
     "Most acknowledgements to one address within its window; guards against loops."},
    {"acknowledgements.per_address_window", "duration", "1d", "Window of the limit of one address."},
    {"acknowledgements.global", "number", "600",
     "Most acknowledgements to everybody within the global window."},
    {"acknowledgements.global_window", "duration", "1h", "Window of the limit for everybody."},

    {"folders.in_progress", "folder name", "In progress", "An operator's folder of what he has claimed."},
    {"folders.done", "folder name", "Done",
     "An operator's folder of what he has resolved, and a queue's of what was resolved and nobody's."},
    {"folders.waiting", "folder name", "Waiting",
     "A queue's folder of tickets that wait for their customers."},
    {"folders.junk", "folder name", "Junk", "A queue's folder of spam, which opens no tickets."},
    {"folders.automatic", "folder name", "Automatic",
     "A queue's folder of bounces and automatic replies to channels that file them."},

    {"duplicates.window", "duration or 0", "10m",
     "Mails of one sender with the same text and attachments are one message if they come within this time, "
     "even if their Message-IDs differ, as when somebody sends twice. 0: only the same Message-ID makes them "
     "one. A message is kept once and opens one ticket; every further arrival is an event of that ticket."},
    {"duplicates.channel", "which channel", "first",
     "Which channel a message came to if it has several. first: the one written first under channels. "
     "specific: the first one that is not general; an untouched ticket is handed over if the same message "
     "comes to such a channel later. queue: the message is a ticket in each of their queues."},

    {"retention.resolved", "duration or 0", "0",
     "How long messages are kept after their ticket was resolved; postroom-tickets retain removes older "
     "ones. "
     "0: for ever."},
    {"retention.spam", "duration or 0", "0", "How long spam is kept after it came; 0: for ever."},
    {"retention.automatic", "duration or 0", "0",
     "How long automatic mail that opened no ticket is kept after it came; 0: for ever."},

    {"channels[].address", "address", "",
     "An address that customers write to. If a message has several, duplicates.channel says which one "
     "counts."},
    {"channels[].queue", "queue", "", "The queue of its messages, unless a rule names another."},
    {"channels[].general", "switch", "off",
     "on: for everything and nothing, as info@ is. Any other channel is more specific, see "
     "duplicates.channel."},
    {"channels[].automatic", "automatic mail", "ticket",
     "What becomes of bounces, delays, automatic replies, receipts and abuse reports that come to it: "
     "ticket, "
     "or file, which puts them into the queue's folder folders.automatic without a ticket, as one wants it "
     "for "
     "a newsletter's address. What certainly belongs to a ticket joins it in any case. They are acknowledged "
     "in "
     "neither case."},
    {"channels[].form", "form", "(none)",
     "The channel is written to by a web form, and the customer is who filled it in. Each line names a field "
     "and where it stands: \"Name: *\" (a label, and what follows it in the line or below it) or "
     "\"/pattern/\" "
     "(RE2, with one group around the value, ^ and $ at the lines' ends); of a list the first that has a "
     "value "
     "counts. The fields name, email and phone are the customer's, others are for the rules. A form mail "
     "without a readable address opens a ticket and is not acknowledged."},
    {"channels[].form.reply_to", "switch", "off",
     "on: where no field names an address, the customer is who stands in Reply-To."},

    {"queues.*.mailbox", "folder name", "(the queue's name)",
     "Its shared mailbox, a folder below paths.mailboxes."},
    {"queues.*.group", "group", "", "The group of operators who work here."},
    {"queues.*.prefix", "prefix", "\"\"",
     "Stands before the ticket number where people see it: SUP gives [SUP#1042]."},
    {"queues.*.language", "language", "en",
     "Language (ISO 639-1) of texts to customers whose own language is not known or has no text."},
    {"queues.*.assignment", "assignment", "pull",
     "pull: new messages wait in the queue's mailbox for whoever takes them. round-robin: they go into the "
     "operators' folders in turn."},
    {"queues.*.acknowledgement", "switch", "off",
     "Whether customers are told that their message has arrived."},
    {"queues.*.from", "address", "(the channel written to)", "Sender of acknowledgements."},
    {"queues.*.from_name", "text", "\"\"", "Display name of that sender."},
    {"queues.*.answer_within", "duration or 0", "0",
     "Time of answer that customers are told; 0: they are told none."},
    {"queues.*.text", "text name", "acknowledgement",
     "Name of the text of acknowledgements: LANGUAGE/NAME.txt below paths.texts, in all languages that have "
     "it."},

    {"queues.*.follow_up", "follow-up", "owner",
     "Where further mail of a customer goes. owner: into the folder of the ticket's owner, or, if he is "
     "absent or no operator of the queue any longer, back into the queue's mailbox as a new ticket. queue: "
     "always back into the queue's mailbox."},
    {"queues.*.reopen_within", "duration or 0", "30d",
     "How long after it was resolved a ticket is reopened by its customer's mail; later his mail opens a new "
     "ticket that is linked to it. 0: a resolved ticket is never reopened by mail, unless an answer "
     "bounces."},
    {"queues.*.thanks", "thanks", "file",
     "What becomes of short thanks (\"Thank you, it works!\") for a ticket that is resolved or waits. file: "
     "they are filed with it. reopen: they are mail like any other."},
    {"queues.*.conversation", "conversation", "together",
     "together: when a customer's mail brings a ticket to another folder, its other messages follow. apart: "
     "they stay where they are."},

    {"operators[].login", "login", "", "The operator's login at Dovecot."},
    {"operators[].name", "folder name", "(the login)",
     "Name of the operator's folder in the mailboxes of his queues."},
    {"operators[].groups", "list of groups", "", "The groups he works in: one word or a list."},
    {"operators[].absent", "switch", "off",
     "on: he is away. No new ticket is given to him, and what comes for his tickets goes back to the queue."},

    {"customers[].address", "address or @domain", "",
     "Of a customer whose status rules can ask for: an address, or @example.org for everybody there and in "
     "the "
     "domains below. The address itself counts more than its domain. Instead of the list may stand {file: "
     "customers.csv}: lines with address, status and, if one likes, a name and further addresses (with "
     "blanks "
     "between them), between commas or semicolons."},
    {"customers[].status", "status", "\"\"", "One word, such as vip. May be left out where also stands."},
    {"customers[].also", "list of addresses", "(none)",
     "Further addresses of the same person: mail from any of them belongs to his tickets."},

    {"rules[].name", "text", "", "Name of the rule, as the trace in the message and the log tells it."},
    {"rules[].when.recipient", "words", "(none)",
     "The rule applies if an envelope recipient contains the word. Each condition takes a word or a list, of "
     "which any may occur; case is ignored and whole words are meant. All conditions directly below when "
     "must "
     "hold."},
    {"rules[].when.channel", "words", "(none)", "The address of the channel that was written to."},
    {"rules[].when.queue", "queues", "(none)", "The queue of the channel that was written to."},
    {"rules[].when.from", "words", "(none)", "The sender's name or address contains the word."},
    {"rules[].when.subject", "words", "(none)",
     "The subject contains the word. See WORDS for what a word can be here, in body, text, mentions and "
     "form."},
    {"rules[].when.body", "words", "(none)", "The text, without quoted history, contains the word."},
    {"rules[].when.mentions", "words", "(none)", "The subject or the body contains the word."},
    {"rules[].when.text", "words", "(none)", "The whole text contains the word, quoted history included."},
    {"rules[].when.attachment", "words", "(none)", "The name of an attached file contains the word."},
    {"rules[].when.to", "words", "(none)", "A name or an address in To or Cc contains the word."},
    {"rules[].when.language", "words", "(none)",
     "The language of the new text (ISO 639-1): ru. A text whose language is not certain has none."},
    {"rules[].when.customer", "words", "(none)",
     "The status of the customer, from the list of customers: vip."},
    {"rules[].when.header", "map of words", "(none)",
     "A header contains the word: {X-Spam-Level: \"*****\"}."},
    {"rules[].when.form", "map of words", "(none)",
     "A field of the channel's web form contains the word: {Town: Moscow}."},
    {"rules[].when.size", "ranges", "(none)",
     "The size of the message in bytes: \">5M\", \"<10K\" or 1M-5M."},
    {"rules[].when.hour", "ranges", "(none)",
     "The hour in which the message arrived: 18-9 is from 18:00 until 9:00, 13 is until 14:00. Unknown where "
     "an archive does not tell it."},
    {"rules[].when.all", "conditions", "(none)", "A list of conditions that must all hold."},
    {"rules[].when.any", "conditions", "(none)", "A list of conditions of which one must hold."},
    {"rules[].when.none", "conditions", "(none)", "A list of conditions of which none may hold."},
    {"rules[].then.queue", "queue", "(not changed)", "The queue. The first rule that names one wins."},
    {"rules[].then.priority", "priority", "(not changed)",
     "high, normal or low. The first rule that names one wins."},
    {"rules[].then.weight", "weight", "(none: the rule decides)",
     "Points, above 0 and up to 1000, that the rule gives its queue and its priority for every different "
     "word "
     "of it that occurs. They count where no rule without a weight decides; most points win, and of equals "
     "what is written first."},
    {"rules[].then.tags", "list of tags", "(none)", "Tags, gathered from all rules that apply."},
    {"rules[].then.template", "text", "(not changed)",
     "Name of the text for the answer. The first rule that names one wins."},
    {"rules[].then.spam", "switch", "off",
     "on: the message is spam; it goes into the junk folder and opens no ticket."},
};

// "queues.*.mailbox" below "queues.*" -> "mailbox"; below "queues" -> "*".
std::string_view next_name(std::string_view key, std::string_view prefix) {
  if (!key.starts_with(prefix)) return {};
  key.remove_prefix(prefix.size());
  if (!prefix.empty()) {
    if (!key.starts_with('.')) return {};
    key.remove_prefix(1);
  }
  return key.substr(0, key.find_first_of(".["));
}

}  // namespace

std::span<const SettingRow> setting_rows() { return rows; }

const SettingRow* find_setting(std::string_view key) {
  const auto row =
      std::find_if(std::begin(rows), std::end(rows), [&](const auto& r) { return r.key == key; });
  return row == std::end(rows) ? nullptr : row;
}

std::vector<std::string_view> settings_below(std::string_view prefix) {
  std::vector<std::string_view> names;
  for (const SettingRow& row : rows) {
    const std::string_view name = next_name(row.key, prefix);
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

}  // namespace postroom
