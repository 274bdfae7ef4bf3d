#pragma once
// The life of postroom-milter: socket, signals, reload, end.

#include <string>

#include "conf/log.h"
#include "conf/settings.h"

namespace postroom {

// Makes the way free for "unix:PATH": removes the socket of an instance that died. Throws std::runtime_error
// if somebody listens there or PATH is no socket. Nothing is in the way of "inet:...".
void clear_socket(const std::string& socket);

// Serves Postfix until SIGTERM or SIGINT; SIGUSR1 loads the configuration again. Blocks these signals, so
// call it before any thread is started. Returns the exit status; throws std::runtime_error if it cannot
// serve.
int serve_milter(const std::string& config);

}  // namespace postroom
