#pragma once
// What postroom.yaml says, as plain values. One table (settings.cc) names every setting: key, type,
// default, text; the manual page, the sample and `postroom-conf doc` come from it.

#include <chrono>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/desk.h"

namespace postroom {

enum class Layout { fs, maildirpp };  // Dovecot: LAYOUT=fs with UTF-8 names, or Maildir++ with mUTF-7

struct Settings {
  std::string file;  // the configuration itself
  Desk desk;

  struct Paths {
    std::string mailboxes = "/var/lib/postroom/mailboxes";  // root of the shared mailboxes
    std::string database = "/var/lib/postroom/postroom.db";
    std::string secret = "/var/lib/postroom/secret";  // key of the MACs
    std::vector<std::string> old_secrets;             // keys before it, which are still believed
    std::string run = "/run/postroom";                // pid files
    std::string texts = "/etc/postroom/texts";        // texts/<language>/NAME.txt
  } paths;

  struct Mailboxes {
    Layout layout = Layout::fs;
    unsigned folder_mode = 0700;  // of folders; files get the same without x
  } mailboxes;

  struct Sockets {
    std::string milter = "unix:/run/postroom/milter";  // unix:PATH or inet:PORT@127.0.0.1
    std::string lmtp = "unix:/run/postroom/lmtp";      // unix:PATH or inet:127.0.0.1:PORT
    unsigned mode = 0660;                              // of unix sockets
    std::string submit = "smtp://127.0.0.1:25";        // where the outbox goes
  } sockets;

  struct Limits {
    std::size_t line = 65536;                   // bytes of one LMTP line in DATA, CRLF included
    std::size_t message = 100U << 20;           // bytes of a message
    std::size_t recipients = 1000;              // of one message
    std::size_t connections = 100;              // LMTP, at a time
    std::chrono::seconds idle{300};             // LMTP: between commands and during DATA
    std::chrono::seconds stop{30};              // for what is in progress when the program is stopped
    std::chrono::milliseconds database{10000};  // wait for a locked database
  } limits;

  struct Outbox {
    std::chrono::seconds retry{10};  // first pause; doubles
    std::chrono::seconds retry_most{300};
    std::chrono::seconds lifetime{2 * 24 * 3600};  // later an acknowledgement is of no use
    std::chrono::seconds timeout{60};              // of one SMTP step
  } outbox;

  // How long mail is kept after its ticket was resolved (spam and filed mail: after it came); 0: for ever.
  struct Retention {
    std::chrono::seconds resolved{0}, spam{0}, automatic{0};
  } retention;

  std::map<std::string, std::string> text_names;  // queue -> name of the text of its acknowledgements

  std::string log = "syslog";  // "syslog" (facility mail), "stderr", or a file
};

// One row of the table of settings.
struct SettingRow {
  std::string_view key;       // "paths.database", "queues.*.mailbox", "rules[].when.subject"
  std::string_view type;      // "text", "path", "number", "duration", "size", "switch", "list of text", ...
  std::string_view fallback;  // default as written in YAML; "(words)" if no fixed value; "" if required
  std::string_view text;      // one or two sentences for the admin
};

std::span<const SettingRow> setting_rows();

// The row of that key; nullptr if there is none.
const SettingRow* find_setting(std::string_view key);

// Names that may stand directly below a key ("" for the top): "paths" -> mailboxes, database, ...
std::vector<std::string_view> settings_below(std::string_view prefix);

}  // namespace postroom
