#include "lmtp/outgoing.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "lmtp/smtp_client.h"

namespace postroom {
namespace {

constexpr int batch = 8;  // claimed at a time: what a crash can make uncertain
constexpr std::chrono::seconds idle_most{30}, pause_least{1};

std::chrono::seconds pause_after(const Settings::Outbox& settings, int tries) {
  std::chrono::seconds pause = settings.retry;
  for (int i = 0; i < tries && pause < settings.retry_most; ++i) pause *= 2;
  return std::min(pause, settings.retry_most);
}

// curl takes the name for EHLO from the URL's path.
std::string url_with_name(const Settings& settings) {
  const std::string& url = settings.sockets.submit;
  const auto host = url.find("://");
  const bool named = host != std::string::npos && url.find('/', host + 3) != std::string::npos;
  return named ? url : url + "/" + settings.desk.host;
}

std::string_view result_name(Handed::Result result) {
  static constexpr std::array<std::string_view, 4> names = {"sent", "failed", "again", "uncertain"};
  return names[static_cast<std::size_t>(result)];
}

}  // namespace

Outbox::Outbox(const Live& live, Committer& committer, const Log& log)
    : live_{live}, committer_{committer}, log_{log} {
  thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
  committer_.on_outbox([this] {
    const std::lock_guard lock{mutex_};
    woken_ = true;
    changed_.notify_all();
  });
}

Outbox::~Outbox() {
  committer_.on_outbox({});
  thread_.request_stop();
  thread_.join();
}

void Outbox::run(const std::stop_token& stop) {
  // Mail that comes in goes before mail that goes out. On Linux the nice value is the thread's own.
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 10);
  SmtpClient client{[&stop] { return stop.stop_requested(); }};
  while (!stop.stop_requested()) {
    try {
      const auto due = committer_.next_due();
      if (due && *due <= std::chrono::system_clock::now()) {
        const std::vector<Outgoing> mails = committer_.claim(batch);
        send_all(mails, client, stop);
        if (!mails.empty()) continue;
      }
      if (wait(due, stop) == Waited::long_time) client.close();
    } catch (const std::exception& failure) {
      log_.warning(fmt::format("outbox: {}", failure.what()));
      wait({}, stop);
    }
  }
}

Outbox::Waited Outbox::wait(std::optional<Time> due, const std::stop_token& stop) {
  const auto latest = std::chrono::system_clock::now() + idle_most;
  // Mail that is due but may not be sent yet (its ticket's message is not in its folder) must not make us
  // spin.
  const auto earliest = std::chrono::system_clock::now() + pause_least;
  const Time until = due ? std::clamp(*due, earliest, latest) : latest;
  std::unique_lock lock{mutex_};
  const bool woken = changed_.wait_until(lock, stop, until, [this] { return woken_; });
  woken_ = false;
  return woken || until < latest ? Waited::short_time : Waited::long_time;
}

void Outbox::send_all(const std::vector<Outgoing>& mails, SmtpClient& client, const std::stop_token& stop) {
  std::vector<Handed> handed;
  for (const Outgoing& mail : mails) {
    handed.push_back(send(mail, client));
    const Handed& result = handed.back();
    if (stop.stop_requested() && result.result == Handed::Result::again) continue;
    log_.info(fmt::format("outbox: ticket={} mail={} status={} reason=\"{}\"", mail.ticket, mail.id,
                          result_name(result.result), result.why));
  }
  if (!handed.empty()) committer_.report(std::move(handed));
}

Handed Outbox::send(const Outgoing& mail, SmtpClient& client) const {
  const auto running = live_.current();
  const Settings::Outbox& settings = running->settings.outbox;
  const auto answer =
      client.send(url_with_name(running->settings), settings.timeout, mail.recipient, mail.body);
  const Time now = std::chrono::system_clock::now();
  using Result = SmtpClient::Result;
  if (answer.result == Result::sent) return {mail.id, Handed::Result::sent, answer.why, {}};
  if (answer.result == Result::refused) return {mail.id, Handed::Result::failed, answer.why, {}};
  if (answer.result == Result::uncertain) return {mail.id, Handed::Result::uncertain, answer.why, {}};
  if (answer.result == Result::stopped) return {mail.id, Handed::Result::again, answer.why, now};
  const std::chrono::seconds pause = pause_after(settings, mail.tries);
  if (now + pause > mail.queued + settings.lifetime) {
    return {mail.id, Handed::Result::failed, "given up after " + answer.why, {}};
  }
  return {mail.id, Handed::Result::again, answer.why, now + pause};
}

}  // namespace postroom
