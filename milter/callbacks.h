#pragma once
// postroom between Postfix and libmilter. The only pair of files that knows libmilter, which keeps its state
// in globals: one Milter in a process.

#include <chrono>
#include <string>

#include "conf/live.h"
#include "conf/log.h"
#include "milter/standing.h"

namespace postroom {

class Milter {
 public:
  // Registers with libmilter. `live` and `log` are used from libmilter's threads until finish() returned
  // true.
  Milter(const Live& live, const Log& log, Standing& standing);
  Milter(const Milter&) = delete;
  Milter& operator=(const Milter&) = delete;

  // Listens on "unix:PATH" or "inet:PORT@HOST"; the mode of a unix socket comes from the umask. From here on
  // Postfix can connect, and is served once run() runs. Throws std::runtime_error.
  void open(const std::string& socket);

  // Serves until SIGTERM, SIGINT or SIGHUP. The caller has blocked these before it started any thread.
  // Throws std::runtime_error if libmilter cannot go on.
  void run();

  // After run(): lets callbacks in progress come to their end and refuses new ones. False if some still run
  // after `limit`; then nothing that they use may be destroyed.
  bool finish(std::chrono::seconds limit);
};

}  // namespace postroom
