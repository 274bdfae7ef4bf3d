#pragma once
// The LMTP server: accepts, gives each connection a thread, and ends without cutting a delivery.

#include <atomic>
#include <list>
#include <string>
#include <thread>

#include "conf/settings.h"
#include "lmtp/converse.h"
#include "lmtp/fd.h"
#include "lmtp/listen.h"

namespace postroom {

struct ServerOptions {
  std::string host;           // our name, in the greeting
  Settings::Sockets sockets;  // lmtp, mode
  Settings::Limits limits;
};

class Server {
 public:
  // Listens from here on; throws as Listener does. `deliver` and `refuse` are called from many threads at a
  // time; log has to live longer than the server.
  Server(ServerOptions options, DeliverMessage deliver, RefuseRecipient refuse, const Log& log);
  ~Server();  // stops and waits, if run() was left by an exception
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Serves until stop(). Then: nobody is accepted, who is between commands gets 421 4.3.2, and who is inside
  // DATA or waits for a delivery has limits.stop to finish; what is in `deliver` even then is waited for.
  // Throws std::system_error if accepting is impossible for good. Call once.
  void run();

  // From any thread, any number of times; returns at once.
  void stop();

  const std::string& address() const { return listener_.address(); }

 private:
  struct Connection;

  void accept_one();
  void refuse_connection(const Fd& fd, std::string_view reason) const;
  void serve(Connection& connection);
  void remove_ended();
  void wait_for_events(bool accepting);
  void finish();

  ServerOptions options_;
  DeliverMessage deliver_;
  RefuseRecipient refuse_;
  const Log& log_;
  Listener listener_;
  Fd stop_event_, ended_event_;  // readable: stop() was called; some connection has ended
  std::atomic<bool> stopping_ = false;
  bool exhausted_ = false;  // no descriptor or memory for another connection just now
  unsigned long accepted_ = 0;
  std::list<Connection> connections_;  // of the thread in run() alone
};

}  // namespace postroom
