// What a verdict costs beside a MIME parser alone. usage: explain ROUNDS KEYWORDS.txt COUNT,... MESSAGE...
// Prints JSON lines {"work", "micros", "ratio", "build_ms"}: processor time for one message (median of the
// rounds) and its ratio to GMime in the same round. KEYWORDS.txt holds a keyword a line; COUNT first of them
// make a desk.

#include <gmime/gmime.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>

#include <fmt/format.h>

#include "rules/acknowledge.h"

using namespace postroom;

namespace {

constexpr std::size_t words_in_a_rule = 10;

double seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

std::string contents(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::vector<std::string> split(const std::string& text, char mark) {
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(mark, at), text.size());
    if (end > at) pieces.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return pieces;
}

Desk desk_with(const std::vector<std::string>& keywords, std::size_t count) {
  Desk desk;
  desk.host = "mx.desk.test";
  desk.channels = {{"support@desk.test", "support"}};
  desk.queues.resize(1);
  desk.queues[0].name = desk.queues[0].mailbox = "support";
  desk.queues[0].acknowledgement = Switch::on;
  desk.queues[0].texts = {{"en", "Subject: Got it\n\nThank you."}, {"ru", "Subject: Приняли\n\nСпасибо."}};
  for (std::size_t at = 0; at < std::min(count, keywords.size()); at += words_in_a_rule) {
    const auto first = keywords.begin() + static_cast<std::ptrdiff_t>(at);
    const auto last = keywords.begin() +
                      static_cast<std::ptrdiff_t>(std::min({at + words_in_a_rule, count, keywords.size()}));
    Rule rule;
    rule.name = fmt::format("rule {}", at);
    rule.all = {{Field::mentions, "", {first, last}}};
    rule.tags = {"found"};
    desk.rules.push_back(rule);
  }
  return desk;
}

// The core of postroom-rules explain, and of both daemons.
std::size_t verdict_of(const Rulebook& rulebook, const std::string& bytes) {
  const Message message = read_message(bytes, rulebook.desk().message);
  const Envelope envelope{"anna@home.test", {"support@desk.test"}};
  const Decision decision = decide(rulebook, message, envelope);
  return decision.verdict.rules.size() +
         (may_acknowledge(rulebook, message, envelope, decision).send ? 1U : 0U);
}

void decode_text(GMimeObject*, GMimeObject* part, gpointer length) {
  if (!GMIME_IS_TEXT_PART(part)) return;
  char* text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
  if (text) *static_cast<std::size_t*>(length) += std::char_traits<char>::length(text);
  g_free(text);
}

// What every reader of mail must do: the tree of parts, the fields everybody shows, the text in UTF-8.
std::size_t gmime_alone(const std::string& bytes) {
  GMimeStream* stream = g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size());
  GMimeParser* parser = g_mime_parser_new_with_stream(stream);
  GMimeMessage* message = g_mime_parser_construct_message(parser, nullptr);
  std::size_t length = std::char_traits<char>::length(g_mime_message_get_subject(message));
  length += static_cast<std::size_t>(internet_address_list_length(g_mime_message_get_from(message)));
  length += static_cast<std::size_t>(internet_address_list_length(g_mime_message_get_to(message)));
  g_mime_message_foreach(message, decode_text, &length);
  g_object_unref(message);
  g_object_unref(parser);
  g_object_unref(stream);
  return length;
}

struct Work {
  std::string name;
  std::function<std::size_t(const std::string&)> run;
  double build_seconds = 0;
  std::vector<double> micros{};  // of each round
};

double middle(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

std::vector<Work> works(const std::vector<std::string>& keywords, const std::string& counts) {
  std::vector<Work> list{{"gmime", gmime_alone}};
  for (const std::string& count : split(counts, ',')) {
    const double start = seconds();
    auto book = std::make_shared<const Rulebook>(desk_with(keywords, std::stoul(count)));
    list.push_back(
        {count, [book](const std::string& bytes) { return verdict_of(*book, bytes); }, seconds() - start});
  }
  return list;
}

// Interleaved, so that what else the machine does meets all alike. The first round only warms up.
void measure(std::vector<Work>& list, const std::vector<std::string>& messages, int rounds) {
  std::size_t sum = 0;
  for (int round = -1; round < rounds; ++round) {
    for (Work& work : list) {
      const double start = seconds();
      for (const std::string& bytes : messages) sum += work.run(bytes);
      const double micros = (seconds() - start) * 1e6 / static_cast<double>(messages.size());
      if (round >= 0) work.micros.push_back(micros);
    }
  }
  if (sum == 0) std::abort();  // nothing was read
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 64;
  g_mime_init();
  std::vector<std::string> messages;
  for (int i = 4; i < argc; ++i) messages.push_back(contents(argv[i]));
  std::vector<Work> list = works(split(contents(argv[2]), '\n'), argv[3]);
  measure(list, messages, std::atoi(argv[1]));
  for (const Work& work : list) {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < work.micros.size(); ++i) {
      ratios.push_back(work.micros[i] / list.front().micros[i]);
    }
    fmt::print("{{\"work\": \"{}\", \"micros\": {:.1f}, \"ratio\": {:.3f}, \"build_ms\": {:.1f}}}\n",
               work.name, middle(work.micros), middle(ratios), work.build_seconds * 1e3);
  }
}
