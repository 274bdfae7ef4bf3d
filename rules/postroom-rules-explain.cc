// postroom-rules explain: what the daemons would do with a message, and why.

#include <sysexits.h>

#include <iostream>

#include <fmt/format.h>

#include "conf/archive.h"
#include "rules/explain.h"
#include "rules/postroom-rules.h"
#include "rules/stored.h"

namespace postroom {
namespace po = boost::program_options;
namespace {

enum class Form { people, scripts };

void explain_one(const Rulebook& rulebook, const Envelope& told, const std::string& file, Form form) {
  const std::string bytes = read_message_file(file, rulebook.desk().message.bytes + 1);
  const auto start = std::chrono::steady_clock::now();
  Message message = read_message(bytes, rulebook.desk().message);
  const Envelope envelope = stored_envelope(message, told, time_now());
  Explained explained = explain(rulebook, std::move(message), envelope);
  const auto spent = std::chrono::steady_clock::now() - start;
  explained.file = file;
  explained.micros = std::chrono::duration_cast<std::chrono::microseconds>(spent).count();
  std::cout << (form == Form::scripts ? explain_line(explained) + "\n" : explain_text(explained));
}

}  // namespace

int explain_command(int argc, char** argv) {
  po::options_description own{"explain"};
  add_envelope_options(own);
  own.add_options()("json", "one JSON object a line");
  po::positional_options_description positional;
  positional.add("file", -1);
  const auto options =
      parse_options(argc, argv, "explain [-c FILE] [OPTION]... [MESSAGE|-]...", own, positional);
  const Envelope told = told_envelope(options);
  const Rulebook rulebook{desk_of(options)};
  std::vector<std::string> files = all_of(options, "file");
  if (files.empty()) files = {"-"};

  int status = EX_OK;
  for (const std::string& file : files) {
    try {
      explain_one(rulebook, told, file, options.count("json") ? Form::scripts : Form::people);
    } catch (const Unreadable& unreadable) {
      complain(unreadable.what());
      status = unreadable.missing() ? EX_NOINPUT : EX_IOERR;
    }
  }
  std::cout << std::flush;
  return std::cout ? status : EX_IOERR;
}

}  // namespace postroom
