#include "lmtp/smtp_client.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <new>

namespace postroom {

// What libcurl asks for while it sends one mail.
struct SmtpClient::Transfer {
  std::string_view rest;
  const std::function<bool()>& stop;
  bool handed_over = false;  // all of it was given to libcurl
  std::chrono::steady_clock::time_point stop_seen{};
  std::string reply{};           // the server's last line of 2xx or 3xx
  std::string refusal{};         // and of 4xx or 5xx: the answer to the QUIT that follows is of no interest
  bool asks_recipient = false;   // the last command is RCPT
  bool mail_is_refused = false;  // the refusal is about this mail, not about us or the peer's state

  static std::size_t read(char* buffer, std::size_t size, std::size_t count, void* self);
  static std::size_t header(char* line, std::size_t size, std::size_t count, void* self);
  static int command(CURL*, curl_infotype type, char* line, std::size_t size, void* self);
  static int progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
};

std::size_t SmtpClient::Transfer::read(char* buffer, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t taken = std::min(size * count, transfer.rest.size());
  std::memcpy(buffer, transfer.rest.data(), taken);
  transfer.rest.remove_prefix(taken);
  transfer.handed_over = transfer.handed_over || transfer.rest.empty();
  return taken;
}

std::size_t SmtpClient::Transfer::header(char* line, std::size_t size, std::size_t count, void* self) {
  constexpr std::size_t longest = 200;
  auto& transfer = *static_cast<Transfer*>(self);
  std::string reply{line, std::min(size * count, longest)};
  reply.erase(std::min(reply.find_first_of("\r\n"), reply.size()));
  const bool negative = reply.starts_with('4') || reply.starts_with('5');
  if (negative) transfer.mail_is_refused = transfer.asks_recipient || transfer.handed_over;
  (negative ? transfer.refusal : transfer.reply) = std::move(reply);
  return size * count;
}

int SmtpClient::Transfer::command(CURL*, curl_infotype type, char* line, std::size_t size, void* self) {
  if (type != CURLINFO_HEADER_OUT) return 0;
  static_cast<Transfer*>(self)->asks_recipient = std::string_view{line, size}.starts_with("RCPT ");
  return 0;
}

int SmtpClient::Transfer::progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  using std::chrono::steady_clock;
  constexpr std::chrono::seconds patience{5};  // a mail broken off after its end is uncertain for ever
  auto& transfer = *static_cast<Transfer*>(self);
  if (!transfer.stop()) return 0;
  if (!transfer.handed_over) return 1;
  if (transfer.stop_seen == steady_clock::time_point{}) transfer.stop_seen = steady_clock::now();
  return steady_clock::now() - transfer.stop_seen > patience ? 1 : 0;
}

namespace {

struct Seen {
  CURLcode code;
  long status;
  bool mail_is_refused, handed_over;
};

// A 5xx to the connection, EHLO, MAIL or DATA tells of a fault in somebody's configuration, which may be
// mended.
SmtpClient::Answer judge(const Seen& seen, const std::string& why) {
  using Result = SmtpClient::Result;
  if (seen.code == CURLE_OK) return {Result::sent, why};
  if (seen.status >= 500 && seen.status < 600)
    return {seen.mail_is_refused ? Result::refused : Result::again, why};
  if (seen.status >= 400 && seen.status < 500) return {Result::again, why};
  if (seen.handed_over) return {Result::uncertain, "no answer to the mail: " + why};
  if (seen.code == CURLE_ABORTED_BY_CALLBACK) return {Result::stopped, "stopped"};
  return {Result::again, why};
}

}  // namespace

SmtpClient::SmtpClient(std::function<bool()> stop) : stop_{std::move(stop)} {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

SmtpClient::~SmtpClient() { close(); }

void SmtpClient::close() {
  if (curl_) curl_easy_cleanup(static_cast<CURL*>(curl_));
  curl_ = nullptr;
}

SmtpClient::Answer SmtpClient::send(const std::string& url, std::chrono::seconds timeout,
                                    const std::string& recipient, std::string_view mail) {
  if (stop_()) return {Result::stopped, "stopped"};
  if (!curl_) curl_ = curl_easy_init();
  if (!curl_) throw std::bad_alloc{};
  auto* curl = static_cast<CURL*>(curl_);
  curl_easy_reset(curl);  // options, not the connection

  Transfer transfer{mail, stop_};
  char error[CURL_ERROR_SIZE] = {};
  const std::unique_ptr<curl_slist, void (*)(curl_slist*)> recipients{
      curl_slist_append(nullptr, fmt::format("<{}>", recipient).c_str()), curl_slist_free_all};
  const long seconds = static_cast<long>(timeout.count());
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, "<>");
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, Transfer::read);
  curl_easy_setopt(curl, CURLOPT_READDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(mail.size()));
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, Transfer::header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);  // the only way to learn which command is answered
  curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, Transfer::command);
  curl_easy_setopt(curl, CURLOPT_DEBUGDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, Transfer::progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);  // signals belong to the program
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, seconds);
  curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, seconds);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, seconds);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);

  const CURLcode code = curl_easy_perform(curl);
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, nullptr);
  curl_easy_setopt(curl, CURLOPT_VERBOSE, 0L);  // a QUIT must not be told to a transfer that is gone
  const std::string failure = *error ? error : curl_easy_strerror(code);
  const bool refused = !transfer.refusal.empty() && status >= 400;
  const std::string& why = code == CURLE_OK ? transfer.reply : refused ? transfer.refusal : failure;
  return judge({code, status, transfer.mail_is_refused, transfer.handed_over}, why);
}

}  // namespace postroom
