#include "milter/callbacks.h"

#include <libmilter/mfapi.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "milter/collect.h"
#include "milter/inbound.h"

namespace postroom {

namespace {

// Callbacks in progress. smfi_main() returns without waiting for them, and a callback that libmilter had
// already handed to a worker may begin even later.
class Gate {
 public:
  bool enter() {
    const std::lock_guard lock{mutex_};
    if (closed_) return false;
    ++inside_;
    return true;
  }

  void leave() {
    const std::lock_guard lock{mutex_};
    if (--inside_ == 0) empty_.notify_all();
  }

  bool close(std::chrono::seconds limit) {
    std::unique_lock lock{mutex_};
    closed_ = true;
    return empty_.wait_for(lock, limit, [this] { return inside_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable empty_;
  int inside_ = 0;
  bool closed_ = false;
};

// libmilter hands no pointer of ours to its callbacks, so these two have to be reachable from anywhere.
struct Served {
  const Live* live = nullptr;
  const Log* log = nullptr;
  Standing* standing = nullptr;
};
Served served;
Gate gate;

// One SMTP session of Postfix. Without a message, whatever asks for a reply gets a temporary failure: that is
// how a step that may not reply (see negotiate) reports that it went wrong.
struct Session {
  std::shared_ptr<const Running> running;  // of the message: a reload does not change it halfway
  std::optional<Collector> message;

  void forget() {
    message.reset();  // refers to *running
    running.reset();
  }
};

Session* session_of(SMFICTX* context) { return static_cast<Session*>(smfi_getpriv(context)); }

Session& session_for(SMFICTX* context) {
  if (Session* known = session_of(context)) return *known;
  auto made = std::make_unique<Session>();
  if (smfi_setpriv(context, made.get()) != MI_SUCCESS) throw std::runtime_error("libmilter keeps no session");
  return *made.release();  // closed() takes it back
}

std::string queue_id(SMFICTX* context) {
  char name[] = "i";
  const char* id = smfi_getsymval(context, name);
  return id ? id : "NOQUEUE";
}

void report(SMFICTX* context, const char* what) noexcept {
  try {
    served.log->error(fmt::format("{}: status=deferred error=\"{}\"", queue_id(context), what));
  } catch (...) {  // out of memory: the temporary failure says it all
  }
  if (Session* session = session_of(context)) session->forget();
}

// The one place where exceptions end. What cannot be decided now is decided when the client tries again.
template <typename Step>
sfsistat guarded(SMFICTX* context, Step step) noexcept {
  if (!gate.enter()) return SMFIS_TEMPFAIL;
  sfsistat answer = SMFIS_TEMPFAIL;
  try {
    answer = step();
  } catch (const std::exception& error) {
    report(context, error.what());
  } catch (...) {
    report(context, "unknown");
  }
  gate.leave();
  return answer;
}

// For the steps negotiated as "no reply".
template <typename Step>
sfsistat silent(SMFICTX* context, Step step) noexcept {
  guarded(context, [&step] {
    step();
    return SMFIS_CONTINUE;
  });
  return SMFIS_NOREPLY;
}

constexpr unsigned long used_actions = SMFIF_ADDHDRS | SMFIF_CHGHDRS;
constexpr unsigned long unused_steps = SMFIP_NOCONNECT | SMFIP_NOHELO | SMFIP_NOUNKNOWN;
constexpr unsigned long silent_steps = SMFIP_NR_MAIL | SMFIP_NR_RCPT | SMFIP_NR_HDR | SMFIP_NR_EOH;

// Every step that is not asked for, and every reply, saves a round trip between Postfix and this program.
// libmilter itself makes up for replies and steps that an MTA cannot leave out; only SMFIS_SKIP it cannot.
sfsistat negotiated(SMFICTX* context, unsigned long actions, unsigned long protocol, unsigned long,
                    unsigned long, unsigned long* used, unsigned long* steps, unsigned long* spare1,
                    unsigned long* spare2) {
  return guarded(context, [&]() -> sfsistat {
    if ((actions & used_actions) != used_actions || (protocol & SMFIP_SKIP) == 0) {
      served.log->error(
          "Postfix offers too little of the milter protocol: set milter_protocol = 6 in main.cf");
      return SMFIS_REJECT;
    }
    char queue_id_only[] = "i";
    for (const int stage : {SMFIM_ENVFROM, SMFIM_ENVRCPT, SMFIM_DATA, SMFIM_EOM}) {
      smfi_setsymlist(context, stage, queue_id_only);
    }
    *used = used_actions;
    *steps = ((unused_steps | silent_steps) & protocol) | SMFIP_SKIP;
    *spare1 = *spare2 = 0;
    return SMFIS_CONTINUE;
  });
}

sfsistat mail(SMFICTX* context, char** arguments) {
  return silent(context, [&] {
    Session& session = session_for(context);
    session.forget();
    session.running = served.live->current();
    session.message.emplace(session.running->rulebook.desk(), session.running->settings.limits.recipients,
                            arguments[0]);
  });
}

sfsistat rcpt(SMFICTX* context, char** arguments) {
  return silent(context, [&] {
    Session& session = session_for(context);
    if (session.message) session.message->recipient(arguments[0]);
  });
}

// Mail that is not for the desk ends here: Postfix sends neither its header nor its body.
sfsistat data(SMFICTX* context) {
  return guarded(context, [&]() -> sfsistat {
    Session& session = session_for(context);
    if (!session.message) return SMFIS_TEMPFAIL;
    if (session.message->for_desk()) return SMFIS_CONTINUE;
    session.forget();
    return SMFIS_ACCEPT;
  });
}

sfsistat header(SMFICTX* context, char* name, char* value) {
  return silent(context, [&] {
    Session& session = session_for(context);
    if (session.message) session.message->header(name, value);
  });
}

// Nothing to do, and yet needed: where this step is left out, libmilter ignores the end of a message that has
// neither header nor body, and Postfix waits for minutes.
sfsistat end_of_headers(SMFICTX*) { return SMFIS_NOREPLY; }

sfsistat body(SMFICTX* context, unsigned char* bytes, std::size_t size) {
  return guarded(context, [&]() -> sfsistat {
    Session& session = session_for(context);
    if (!session.message) return SMFIS_TEMPFAIL;
    const std::string_view piece{reinterpret_cast<const char*>(bytes), size};
    return session.message->body(piece) == Collector::More::wanted ? SMFIS_CONTINUE : SMFIS_SKIP;
  });
}

void apply(SMFICTX* context, Edit& edit) {
  const int done = edit.kind == Edit::Kind::remove
                       ? smfi_chgheader(context, edit.name.data(), edit.index, nullptr)
                       : smfi_insheader(context, 0, edit.name.data(), edit.value.data());
  if (done != MI_SUCCESS) throw std::runtime_error("cannot change header " + edit.name);
}

sfsistat end_of_message(SMFICTX* context) {
  return guarded(context, [&]() -> sfsistat {
    Session& session = session_for(context);
    if (!session.message) return SMFIS_TEMPFAIL;
    const auto began = std::chrono::steady_clock::now();
    Collected collected = session.message->finish();
    collected.envelope.arrived = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    Inbound inbound =
        tag_inbound(session.running->rulebook, session.running->keys, collected,
                    [](const std::string& address) { return served.standing->status_of(address); });
    for (Edit& edit : inbound.edits) apply(context, edit);
    session.forget();

    const auto spent = std::chrono::steady_clock::now() - began;
    served.log->info(outcome_line(queue_id(context), inbound,
                                  std::chrono::duration_cast<std::chrono::microseconds>(spent)));
    return SMFIS_CONTINUE;
  });
}

sfsistat aborted(SMFICTX* context) {
  return guarded(context, [&] {
    if (Session* session = session_of(context)) session->forget();
    return SMFIS_CONTINUE;
  });
}

sfsistat closed(SMFICTX* context) {
  return guarded(context, [&] {
    const std::unique_ptr<Session> ended{session_of(context)};
    smfi_setpriv(context, nullptr);
    return SMFIS_CONTINUE;
  });
}

}  // namespace

Milter::Milter(const Live& live, const Log& log, Standing& standing) {
  served = {&live, &log, &standing};
  static char name[] = "postroom";  // libmilter keeps the pointer
  smfiDesc description{};
  description.xxfi_name = name;
  description.xxfi_version = SMFI_VERSION;
  description.xxfi_flags = used_actions;
  description.xxfi_negotiate = negotiated;
  description.xxfi_envfrom = mail;
  description.xxfi_envrcpt = rcpt;
  description.xxfi_data = data;
  description.xxfi_header = header;
  description.xxfi_eoh = end_of_headers;
  description.xxfi_body = body;
  description.xxfi_eom = end_of_message;
  description.xxfi_abort = aborted;
  description.xxfi_close = closed;
  if (smfi_register(description) != MI_SUCCESS) throw std::runtime_error("libmilter refuses to register");
}

void Milter::open(const std::string& socket) {
  std::string name = socket;
  if (smfi_setconn(name.data()) != MI_SUCCESS) throw std::runtime_error("cannot use the socket " + socket);
  smfi_setbacklog(SOMAXCONN);
  if (smfi_opensocket(false) != MI_SUCCESS) throw std::runtime_error("cannot listen on " + socket);
}

void Milter::run() {
  if (smfi_main() != MI_SUCCESS) throw std::runtime_error("libmilter has given up; the mail log says why");
}

bool Milter::finish(std::chrono::seconds limit) {
  if (!gate.close(limit)) return false;
  // libmilter writes the final reply after the callback has returned, and does not tell when it has done so.
  std::this_thread::sleep_for(std::chrono::milliseconds{100});
  return true;
}

}  // namespace postroom
