#pragma once
// Parts of the program postroom-rules: a command each. Every command returns an exit status.

#include <chrono>
#include <string>

#include "conf/program.h"
#include "rules/classify.h"

namespace postroom {

int explain_command(int argc, char** argv);
int replay_command(int argc, char** argv);
int suggest_command(int argc, char** argv);
int test_command(int argc, char** argv);

// An error in what the user asked for: exit status and a sentence. main() prints it.
struct Refused {
  int status;
  std::string text;
};

// The desk of the configuration. Without -c and without a configuration in the usual place, mail is read but
// there is no desk to decide for. Throws ConfigError.
Desk desk_of(const boost::program_options::variables_map& options);
Desk desk_in(const std::string& path);

// What --rcpt, --sender and --at say about the envelope. Throws Refused.
Envelope told_envelope(const boost::program_options::variables_map& options);
void add_envelope_options(boost::program_options::options_description& own);

std::chrono::sys_seconds time_now();

// Values of an option that may be repeated, or of the positional arguments.
std::vector<std::string> all_of(const boost::program_options::variables_map& options, const char* name);

// One line on standard error.
void complain(const std::string& text);

}  // namespace postroom
