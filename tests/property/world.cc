#include "tests/property/world.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <thread>

#include "lmtp/stored.h"
#include "rules/digest.h"
#include "rules/reference.h"

namespace postroom::tests {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr const char* people[] = {"anna@customer.test", "boris@customer.test", "mallory@elsewhere.test"};
constexpr const char* channels[] = {"support@desk.test", "sales@desk.test"};
constexpr const char* words[] = {"signed address", "signed Message-ID", "Message-ID", "subject"};

struct Chance {
  int weight;
  void (World::*happens)();
};

std::string body_of(const Draft& mail) {
  if (mail.flavour == Flavour::thanks) return "Спасибо!\r\n";
  return fmt::format("Where is parcel number {}?\r\n", mail.token * 7919 + 13);
}

// Bytes as Postfix hands them over. `arrival`: makes the queue id.
std::string bytes_of(const Draft& mail, int arrival, const std::string& id, const std::string& subject,
                     const std::string& references) {
  std::string more = references;
  if (mail.flavour == Flavour::robot) more += "Auto-Submitted: auto-replied\r\n";
  if (mail.flavour == Flavour::spam) more += "X-Spam-Flag: YES\r\n";
  return fmt::format(
      "Received: from customer.test (unknown [192.0.2.7])\r\n\tby mx.desk.test (Postfix) with ESMTP id "
      "4Q{}z\r\n\tfor <{}>; Sun, 22 Nov 2026 18:00:00 +0000 (UTC)\r\nFrom: <{}>\r\nTo: <{}>\r\n"
      "Subject: {}\r\nMessage-ID: <{}>\r\nX-Token: {}\r\nMIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=utf-8\r\n{}\r\n{}",
      arrival, mail.channel, mail.person, mail.channel, subject, id, mail.token, more, body_of(mail));
}

// Of two things that happen within one millisecond no file tells which was first.
void wait_for_next_millisecond() {
  using std::chrono::system_clock;
  const auto this_one = std::chrono::floor<std::chrono::milliseconds>(system_clock::now());
  while (system_clock::now() < this_one + 1ms) std::this_thread::yield();
}

std::string id_of(int token) { return fmt::format("m{}@customer.test", token); }

}  // namespace

World::World(Machine& machine, std::uint64_t seed) : machine_{machine}, random_{seed} { machine_.begin(); }

void World::live(int happenings) {
  static const Chance chances[] = {
      {8, &World::somebody_writes},          {10, &World::somebody_answers},
      {1, &World::somebody_is_overtaken},    {3, &World::a_mail_comes_again},
      {3, &World::postfix_tries_again},      {2, &World::postfix_repeats_itself},
      {1, &World::an_operator_moves_a_file}, {7, &World::an_operator_changes_a_ticket},
      {2, &World::two_tickets_become_one},   {1, &World::a_ticket_becomes_two},
      {1, &World::the_desk_is_restarted},
  };
  int all = 0;
  for (const Chance& chance : chances) all += chance.weight;
  for (int i = 0; i < happenings && complaints_.empty(); ++i) {
    const std::string before = state_of_all();
    wait_for_next_millisecond();
    int thrown = i == 0 ? 0 : dice(all);
    const Chance* chance = std::begin(chances);
    while (thrown >= chance->weight) thrown -= (chance++)->weight;
    (this->*chance->happens)();
    check_events(before);
  }
  settle();
}

std::string World::story() const {
  std::string text = fmt::format("{}\n\nWhat the desk says:\n", fmt::join(story_, "\n"));
  for (const EventRow& event : machine_.store().events(std::nullopt, 1000))
    text += fmt::format("ticket {} message {} {}: {}: {}\n", event.ticket, event.message, event.who,
                        event.what, event.why);
  return text;
}

// --- mail

int World::draft(Draft mail) {
  const int number = static_cast<int>(mails_.size());
  if (mail.token == 0) mail.token = number + 1;
  const Keys& keys = machine_.running().keys;
  std::string subject = fmt::format("{}parcel {}", mail.answers >= 0 ? "Re: " : "", mail.token), references;
  std::string recipient = mail.channel;
  if (mail.answers >= 0) {
    const TicketNumber ticket = requests_[static_cast<std::size_t>(mail.names)].ticket;
    const Draft& answered = mails_[static_cast<std::size_t>(mail.answers)];
    std::string id = id_of(answered.token);
    if (mail.proof == Proof::reply_address) recipient = reply_address(mail.channel, ticket, '+', keys);
    if (mail.proof == Proof::signed_id)
      id = signed_message_id({ticket, answered.message}, "abc123", "mx.desk.test", keys);
    if (mail.proof == Proof::subject_tag) subject = fmt::format("Re: [#{}] parcel {}", ticket, mail.token);
    if (mail.proof == Proof::signed_id || mail.proof == Proof::message_id)
      references = fmt::format("In-Reply-To: <{}>\r\nReferences: <{}>\r\n", id, id);
  }
  // The same text about two tickets is two mails, and by now the first may be in another one.
  const bool other_id =
      mail.repeats >= 0 && mails_[static_cast<std::size_t>(mail.repeats)].answers < 0 && dice(2) == 0;
  const std::string id = other_id ? fmt::format("again{}@customer.test", number) : id_of(mail.token);
  if (mail.repeats < 0) {
    mail.incoming.data = bytes_of(mail, number, id, subject, references);
  } else {
    mail.incoming.data = mails_[static_cast<std::size_t>(mail.repeats)].incoming.data;
    mail.incoming.data.replace(mail.incoming.data.find("ESMTP id 4Q"), 11,
                               fmt::format("ESMTP id 5Q{}", number));
    const std::string old = "Message-ID: <" + id_of(mail.token);
    if (other_id) mail.incoming.data.replace(mail.incoming.data.find(old), old.size(), "Message-ID: <" + id);
    recipient = mails_[static_cast<std::size_t>(mail.repeats)].incoming.recipients.front().address;
  }
  mail.incoming.sender = mail.person;
  mail.incoming.recipients = {{recipient, ""}};
  mail.incoming.peer = "mx.desk.test";
  mails_.push_back(std::move(mail));
  return number;
}

// Postfix brings it, and the desk may lose its power meanwhile.
void World::bring(int number) {
  constexpr Death deaths[] = {Death::before_commit, Death::after_commit, Death::before_mark,
                              Death::before_moved};
  const Death death = dice(8) == 0 ? one_of(deaths) : Death::never;
  story_.back() += death_name(death);
  Draft& mail = mails_[static_cast<std::size_t>(number)];
  mail.accepted = machine_.deliver(mail.incoming, death);
  if (!mail.accepted) waiting_.push_back(number);
  if (!mail.accepted && death == Death::never) complain(fmt::format("mail {} was not accepted", number));
  if (!mail.known) take_in(number);
}

// What the desk has committed of it, compared with what the model says.
void World::take_in(int number) {
  const Draft& mail = mails_[static_cast<std::size_t>(number)];
  const auto recorded = machine_.store().find(sha256_hex(from_first_received(mail.incoming.data)));
  if (recorded) return note_known(number, *recorded);
  if (mail.accepted) complain(fmt::format("mail {} was accepted and is not recorded", number));
}

void World::note_known(int number, const Recorded& recorded) {
  Draft& mail = mails_[static_cast<std::size_t>(number)];
  mail.message = recorded.message;
  const std::vector<int> named = named_requests(mail);
  mail.request = expected_request(mail, recorded.ticket);
  mail.from_elsewhere = mail.repeats < 0 && mail.answers >= 0 && mail.proof == Proof::message_id &&
                        std::ranges::find(named, mail.request) == named.end();
  mail.known = true;
  if (mail.repeats >= 0) {
    const Draft& first = mails_[static_cast<std::size_t>(mail.repeats)];
    if (recorded.message != first.message)
      complain(fmt::format("mail {} repeats {} and is kept a second time", number, mail.repeats));
    return;
  }
  if (mail.request < 0) {
    if (recorded.ticket != 0)
      complain(fmt::format("mail {} is spam and has ticket {}", number, recorded.ticket));
    return;
  }
  Request& request = requests_[static_cast<std::size_t>(mail.request)];
  if (request.ticket == 0) request.ticket = recorded.ticket;
  const bool others = std::ranges::any_of(
      requests_, [&](const Request& other) { return &other != &request && other.ticket == recorded.ticket; });
  if (recorded.ticket != request.ticket || others)
    complain(fmt::format("mail {} is in ticket {}, by the model in {}{}", number, recorded.ticket,
                         request.ticket, others ? ", of another request" : ""));
}

int World::open_request(const std::string& person) {
  requests_.push_back({0, {person}});
  return static_cast<int>(requests_.size()) - 1;
}

// What the mail names, most certain first. Behind the mail that a Message-ID belongs to come others that have
// named it from elsewhere: before it came, or as strangers to its request.
std::vector<int> World::named_requests(const Draft& mail) const {
  if (mail.answered_by >= 0) return {root(mails_[static_cast<std::size_t>(mail.answered_by)].request)};
  if (mail.answers < 0) return {};
  if (mail.proof != Proof::message_id) return {root(mail.names)};
  const Draft& answered = mails_[static_cast<std::size_t>(mail.answers)];
  std::vector<int> found{root(answered.request)};
  if (answered.answered_by >= 0)
    found.push_back(root(mails_[static_cast<std::size_t>(answered.answered_by)].request));
  for (const Draft& other : mails_)
    if (other.answers == mail.answers && other.from_elsewhere) found.push_back(root(other.request));
  return found;
}

bool World::would_join(const Draft& mail, int number, bool is_first) const {
  const Request& request = requests_[static_cast<std::size_t>(number)];
  const bool is_signed =
      is_first && mail.answers >= 0 && (mail.proof == Proof::reply_address || mail.proof == Proof::signed_id);
  const bool too_late = request.resolved && request.late && mail.flavour == Flavour::plain;
  return (is_signed || request.people.contains(mail.person)) && !too_late;
}

// The request that a mail belongs to at the moment of its commit; the model changes with it. `observed`
// decides only between others that have named the same mail.
int World::expected_request(const Draft& mail, TicketNumber observed) {
  if (mail.repeats >= 0) return mails_[static_cast<std::size_t>(mail.repeats)].request;
  if (mail.flavour == Flavour::spam) return -1;
  std::vector<int> named = named_requests(mail);
  for (std::size_t i = named.size(); i-- > 0;)
    if (!would_join(mail, named[i], i == 0)) named.erase(named.begin() + static_cast<std::ptrdiff_t>(i));
  if (named.empty()) return open_request(mail.person);
  const auto seen = std::ranges::find_if(
      named, [&](int one) { return requests_[static_cast<std::size_t>(one)].ticket == observed; });
  const bool is_certain = would_join(mail, named_requests(mail).front(), true);
  const int joined = !is_certain && seen != named.end() ? *seen : named.front();
  Request& request = requests_[static_cast<std::size_t>(joined)];
  if (mail.flavour == Flavour::plain) request.resolved = false;
  if (mail.flavour != Flavour::robot) request.people.insert(mail.person);
  return joined;
}

// --- happenings

void World::somebody_writes() {
  Draft mail;
  mail.person = one_of(people);
  mail.channel = one_of(channels);
  if (dice(12) == 0) mail.flavour = Flavour::spam;
  const int number = draft(std::move(mail));
  tell(fmt::format("{}: {} writes to {}{}", number, mails_.back().person, mails_.back().channel,
                   mails_.back().flavour == Flavour::spam ? ": spam" : ""));
  bring(number);
}

void World::somebody_answers() {
  const int answered = dice(static_cast<int>(mails_.size()));
  const Draft& before = mails_[static_cast<std::size_t>(answered)];
  if (!before.known || before.request < 0 || before.repeats >= 0) return;
  constexpr Proof proofs[] = {Proof::reply_address, Proof::signed_id, Proof::message_id, Proof::subject_tag};
  Draft mail;
  mail.answers = answered;
  mail.names = before.request;
  mail.channel = before.channel;
  mail.proof = one_of(proofs);
  mail.person = dice(4) > 0 ? before.person : one_of(people);
  mail.flavour = dice(6) == 0 ? Flavour::thanks : dice(6) == 0 ? Flavour::robot : Flavour::plain;
  const int number = draft(std::move(mail));
  tell(fmt::format("{}: {} answers {} by {}, flavour {}", number, mails_.back().person, answered,
                   words[static_cast<std::size_t>(mails_.back().proof)],
                   static_cast<int>(mails_.back().flavour)));
  bring(number);
}

// The answer comes before what it answers.
void World::somebody_is_overtaken() {
  Draft first;
  first.person = one_of(people);
  first.channel = one_of(channels);
  const int slow = draft(std::move(first));
  Draft second;
  second.person = dice(2) == 0 ? mails_.back().person : one_of(people);
  second.channel = mails_.back().channel;
  const int quick = draft(std::move(second));
  Draft& answer = mails_[static_cast<std::size_t>(quick)];
  const std::string end = "X-Token: ";
  answer.incoming.data.insert(
      answer.incoming.data.find(end),
      fmt::format("In-Reply-To: <{}>\r\n", id_of(mails_[static_cast<std::size_t>(slow)].token)));
  tell(fmt::format("{}: {} answers {} of {} before it comes", quick, answer.person, slow,
                   mails_[static_cast<std::size_t>(slow)].person));
  bring(quick);
  if (mails_[static_cast<std::size_t>(quick)].known)
    mails_[static_cast<std::size_t>(slow)].answered_by = quick;
  if (!mails_[static_cast<std::size_t>(quick)].known) return;
  tell(fmt::format("{}: comes", slow));
  bring(slow);
}

void World::a_mail_comes_again() {
  const int number = dice(static_cast<int>(mails_.size()));
  const Draft& first = mails_[static_cast<std::size_t>(number)];
  if (!first.known || first.request < 0 || first.repeats >= 0) return;
  if (first.flavour != Flavour::plain) return;  // thanks are as good as equal
  Draft again;
  again.token = first.token;
  again.person = first.person;
  again.channel = first.channel;
  again.repeats = number;
  const int copy = draft(std::move(again));
  tell(fmt::format("{}: {} comes again", copy, number));
  bring(copy);
}

void World::postfix_tries_again() {
  if (waiting_.empty()) return;
  const auto place = waiting_.begin() + dice(static_cast<int>(waiting_.size()));
  const int number = *place;
  waiting_.erase(place);
  tell(fmt::format("{}: Postfix tries again", number));
  bring(number);
}

// The reply was lost on its way to Postfix.
void World::postfix_repeats_itself() {
  const int number = dice(static_cast<int>(mails_.size()));
  if (!mails_[static_cast<std::size_t>(number)].accepted) return;
  tell(fmt::format("{}: Postfix has lost the reply, and brings it once more", number));
  bring(number);
}

void World::the_desk_is_restarted() {
  tell("the desk is restarted");
  machine_.restart();
}

void World::an_operator_moves_a_file() {
  constexpr const char* targets[] = {"Support",           "Support/Иван",    "Support/Иван/In progress",
                                     "Support/Иван/Done", "Support/Waiting", "Продажи/Olga/Done",
                                     "Support/Somewhere"};
  const auto files = machine_.files();
  if (files.empty()) return;
  const FileOnDisk& file = one_of(files);
  const std::string target = one_of(targets), name = fs::path{file.path}.filename();
  if (target == file.folder) return;
  touched_ = true;
  tell(fmt::format("an operator moves the file of mail {} to {}", file.token, target));
  const fs::path folder = machine_.path("mailboxes/" + target);
  for (const char* inner : {"cur", "new", "tmp"}) fs::create_directories(folder / inner);
  fs::rename(file.path, folder / "cur" / (name.substr(0, name.find(':')) + ":2,S"));
}

}  // namespace postroom::tests
