#pragma once
// Customers, strangers, operators and a Postfix around a desk that loses its power now and then; and a model,
// a few plain lists, of where each of their mails has to end up.

#include <random>
#include <set>
#include <string>
#include <vector>

#include "rules/change.h"
#include "tests/property/machine.h"

namespace postroom::tests {

enum class Flavour { plain, thanks, robot, spam };

// A mail on its way.
struct Draft {
  int token = 0;
  std::string person, channel;
  Flavour flavour = Flavour::plain;
  int answers = -1;             // the mail it answers
  int names = -1;               // the request that it names by number
  Proof proof{};                // how
  int repeats = -1;             // the mail that it is another arrival of
  int answered_by = -1;         // a mail that has overtaken it
  bool from_elsewhere = false;  // it has named a mail, and is in none of the requests that did before
  bool accepted = false;        // Postfix has heard 250
  bool known = false;           // the desk has committed it
  int request = -1;             // that it belongs to; -1: none (spam), or not known yet
  MessageNumber message = 0;
  Incoming incoming{};
};

// What people would call one matter.
struct Request {
  TicketNumber ticket = 0;
  std::set<std::string> people;
  bool resolved = false, late = false;
  int merged_into = -1;
};

class World {
 public:
  World(Machine& machine, std::uint64_t seed);

  void live(int happenings);

  // What is wrong, a sentence each; empty: nothing.
  const std::vector<std::string>& complaints() const { return complaints_; }
  std::string story() const;  // all happenings so far

 private:
  using Happening = void (World::*)();

  // Happenings.
  void somebody_writes();
  void somebody_answers();
  void somebody_is_overtaken();
  void a_mail_comes_again();
  void postfix_tries_again();
  void postfix_repeats_itself();
  void an_operator_moves_a_file();
  void an_operator_changes_a_ticket();
  void two_tickets_become_one();
  void a_ticket_becomes_two();
  void the_desk_is_restarted();

  // Mail.
  int draft(Draft draft);
  void bring(int number);
  int expected_request(const Draft& draft, TicketNumber observed);
  std::vector<int> named_requests(const Draft& draft) const;
  bool would_join(const Draft& draft, int request, bool is_first) const;
  int open_request(const std::string& person);
  void take_in(int number);
  void note_known(int number, const Recorded& recorded);

  // Tickets.
  int root(int request) const;
  bool change(TicketChange change, Time at);
  bool pick_ticket(int& request);

  // Afterwards.
  void settle();
  void check_files();
  void check_rows();
  void check_places();
  std::string state_of_all();
  void check_events(const std::string& before);

  void tell(std::string what) { story_.push_back(std::move(what)); }
  void complain(std::string what) { complaints_.push_back(std::move(what)); }
  int dice(int sides) { return static_cast<int>(random_() % static_cast<std::uint64_t>(sides)); }
  template <typename List>
  const auto& one_of(const List& list) {
    return *std::next(std::begin(list), dice(static_cast<int>(std::size(list))));
  }

  Machine& machine_;
  std::mt19937_64 random_;
  std::vector<Draft> mails_;
  std::vector<Request> requests_;
  std::vector<int> waiting_;  // mails that Postfix has to bring again
  std::int64_t events_ = 0;   // how many there were before this happening
  bool touched_ = false;      // operators have moved files: folders say more than the database knows
  std::vector<std::string> story_, complaints_;
};

}  // namespace postroom::tests
