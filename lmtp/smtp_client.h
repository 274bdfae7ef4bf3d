#pragma once
// Hands mails to an SMTP server over one kept connection. libcurl inside. One thread at a time.

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace postroom {

class SmtpClient {
 public:
  enum class Result {
    sent,       // the server has answered 2xx to the whole mail
    refused,    // 5xx to the recipient or to the mail
    again,      // 4xx, 5xx to something else, or no connection: certainly not taken
    uncertain,  // the whole mail went out, and no answer came
    stopped,    // not begun or broken off, on request: certainly not taken
  };
  struct Answer {
    Result result = Result::sent;
    std::string why;
  };

  // `stop`: asked about once a second; once true, nothing new is begun, and an answer to a whole mail is
  // waited for at most 5 seconds.
  explicit SmtpClient(std::function<bool()> stop);
  ~SmtpClient();
  SmtpClient(const SmtpClient&) = delete;
  SmtpClient& operator=(const SmtpClient&) = delete;

  // url: smtp://host:port/our-name. `timeout`: of each step. The sender is <>. `mail` has CRLF line ends.
  // Never throws but std::bad_alloc.
  Answer send(const std::string& url, std::chrono::seconds timeout, const std::string& recipient,
              std::string_view mail);

  void close();  // the connection, if there is one

 private:
  struct Transfer;
  std::function<bool()> stop_;
  void* curl_ = nullptr;
};

}  // namespace postroom
